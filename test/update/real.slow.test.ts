/** Against the real npm and PyPI: install an older version, see that it is outdated, update, run, go back, run. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { HAS_PYPI, packageRunners } from '../helpers/uvx.ts';

const MAIN = join(import.meta.dirname, '../../dist/main.cjs');

let runners: NodeJS.ProcessEnv;
beforeAll(async () => {
  runners = await packageRunners();
});

/** The built program over a temporary HOME. */
function program() {
  const dir = mkdtempSync(join(tmpdir(), 'mcpm-update-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  const env = { ...runners, HOME: dir, MCPM_SECRETS_BACKEND: 'file' } as Record<string, string>;
  return {
    mcpm(...words: string[]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
        env,
        encoding: 'utf8',
        timeout: 120_000,
      });
      return { status, stdout, stderr };
    },
    line: (name: string) =>
      JSON.parse(readFileSync(join(dir, '.config/mcpm/servers.json'), 'utf8'))[name].args.join(' '),
    /** The tools that a server offers through `mcpm run`. */
    async tools(name: string): Promise<string[]> {
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [MAIN, 'run', name],
        env,
        stderr: 'ignore',
      });
      const client = new Client({ name: 'mcpm-test', version: '1.0.0' });
      await client.connect(transport, { timeout: 120_000 });
      try {
        return (await client.listTools()).tools.map((tool) => tool.name);
      } finally {
        await client.close();
      }
    },
  };
}

describe('updating from the real registries', () => {
  const SERVERS: [name: string, kind: string, old: string, word: string, tool: string][] = [
    ['everything', 'npm', '2026.1.26', 'server-everything@', 'echo'],
    ['time', 'pypi', '2026.10.10', 'mcp-server-time==', 'get_current_time'],
  ];
  it.each(SERVERS.filter(([, kind]) => kind !== 'pypi' || HAS_PYPI))(
    '%s from %s: an older version, the newest, and back',
    async (name, kind, old, word, tool) => {
      const { mcpm, line, tools } = program();
      const installed = mcpm('install', `${name}@${old}`);
      expect(installed.status, installed.stderr).toBe(0);
      expect(line(name)).toContain(`${word}${old}`);
      const outdated = mcpm('outdated', '--json');
      expect(outdated.status, outdated.stdout).toBe(14);
      const [finding] = JSON.parse(outdated.stdout).servers;
      expect(finding).toMatchObject({ kind, current: old, state: 'outdated' });
      expect(mcpm('update').status).toBe(0);
      expect(line(name)).toContain(`${word}${finding.latest}`);
      expect(mcpm('outdated').status).toBe(0);
      expect(await tools(name)).toContain(tool);
      expect(mcpm('update', name, '--to', 'previous').status).toBe(0);
      expect(line(name)).toContain(`${word}${old}`);
      expect(await tools(name)).toContain(tool);
      expect(mcpm('update', name, '--to', '0.0.0-none').status).toBe(10);
      expect(line(name)).toContain(`${word}${old}`);
    },
  );
});
