import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadCatalogue } from '../../../src/registry/catalogue/index.ts';
import type { Installation } from '../../../src/registry/manifest.ts';
import { HAS_PYPI, packageRunners } from '../../helpers/uvx.ts';
import { STARTABLE, sampleOfTen } from './startable.ts';

const servers = await loadCatalogue();
const recommended = (name: string): Installation | undefined => {
  const server = servers.find((candidate) => candidate.name === name);
  return Object.values(server?.installations ?? {}).find((way) => way.recommended);
};

let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  env = await packageRunners();
});

/** A fresh folder that is also a git repository. */
function repository(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'mcpm-catalogue-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  execFileSync('git', ['init', '--quiet', dir]);
  return dir;
}

/** The text with each `${NAME}` replaced, or `undefined` when one has no value. */
function fill(text: string, values: Readonly<Record<string, string>>): string | undefined {
  const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
  if (names.some((name) => values[name] === undefined)) return undefined;
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

function commandLine(way: Installation, values: Readonly<Record<string, string>>): string[] {
  return (way.args ?? []).flatMap((item) => {
    const words = (typeof item === 'string' ? [item] : item.words).map((word) =>
      fill(word, values),
    );
    return words.every((word) => word !== undefined) ? words : [];
  });
}

function environment(way: Installation, values: Readonly<Record<string, string>>) {
  const pairs = Object.entries(way.env ?? {}).map(([name, text]) => [name, fill(text, values)]);
  return Object.fromEntries(pairs.filter(([, text]) => text !== undefined));
}

describe('servers of the catalogue, from npm and PyPI', () => {
  const sample = sampleOfTen((name) => recommended(name)?.type !== 'uvx' || HAS_PYPI);
  it.each(sample)('%s starts without an account and offers tools', async (name) => {
    const server = servers.find((candidate) => candidate.name === name);
    const way = recommended(name);
    if (server === undefined || way?.command === undefined)
      throw new Error(`no way to run ${name}`);
    const dir = repository();
    const values = Object.fromEntries(
      Object.entries(STARTABLE[name] ?? {}).map(([key, value]) => [key, value.replace('DIR', dir)]),
    );
    const transport = new StdioClientTransport({
      command: way.command,
      args: commandLine(way, values),
      env: { ...(env as Record<string, string>), HOME: dir, ...environment(way, values) },
      cwd: dir,
      stderr: 'ignore',
    });
    const client = new Client({ name: 'mcpm-test', version: '1.0.0' });
    onTestFinished(() => client.close());
    await client.connect(transport, { timeout: 150_000 });
    const { tools } = await client.listTools();
    const announced = server.tools?.map((tool) => tool.name) ?? [];
    expect(tools.map((tool) => tool.name)).toEqual(expect.arrayContaining(announced.slice(0, 1)));
  });
});
