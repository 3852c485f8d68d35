/** Against the real npm and PyPI: what is resolved is what their clients see; what is installed starts and answers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, describe, expect, it } from 'vitest';
import { VERSION_SOURCES } from '../../src/registry/index.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';
import { HAS_PYPI, packageRunners } from '../helpers/uvx.ts';
import { zip } from '../helpers/zip.ts';

const MAIN = join(import.meta.dirname, '../../dist/main.cjs');
const NPM = '@modelcontextprotocol/server-everything';
const PYPI = 'mcp-server-time';

let runners: NodeJS.ProcessEnv;
beforeAll(async () => {
  runners = await packageRunners();
});

function environment(home: TestHome): Record<string, string> {
  return { ...runners, HOME: home.dir, MCPM_SECRETS_BACKEND: 'file' } as Record<string, string>;
}

function install(home: TestHome, ...words: string[]) {
  const env = environment(home);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'install', ...words, '--json'],
    { cwd: home.dir, env, encoding: 'utf8', timeout: 120_000 },
  );
  expect(status, stdout + stderr).toBe(0);
  return JSON.parse(stdout).plan;
}

/** The tools of a server, asked for through `mcpm run`. */
async function tools(home: TestHome, name: string) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'run', name],
    env: environment(home),
    stderr: 'ignore',
  });
  const client = new Client({ name: 'mcpm-test', version: '1.0.0' });
  await client.connect(transport, { timeout: 120_000 });
  try {
    return (await client.listTools()).tools;
  } finally {
    await client.close();
  }
}

describe('the real registries', () => {
  it('say of an npm package what npm says', async () => {
    const { ctx } = makeHome();
    const exact = await VERSION_SOURCES.npm.resolve(ctx, NPM, '2026.1.26');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['view', `${NPM}@2026.1.26`, 'dist.integrity'];
    const seen = execFileSync(npm, args, { env: runners, encoding: 'utf8' }).trim();
    expect(exact).toMatchObject({ version: '2026.1.26', integrity: seen });
    const range = await VERSION_SOURCES.npm.resolve(ctx, NPM, '2026.1.x');
    expect(range.version).toMatch(/^2026\.1\./);
  });

  it.skipIf(!HAS_PYPI)('say of a Python package what pip says', async () => {
    const { ctx } = makeHome();
    const exact = await VERSION_SOURCES.pypi.resolve(ctx, PYPI);
    const pip = ['-m', 'pip', 'index', 'versions', PYPI];
    const seen = execFileSync('python3', pip, { env: runners, encoding: 'utf8' });
    expect(seen).toContain(`${PYPI} (${exact.version})`);
    expect(exact.integrity).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(exact.license).toBe('MIT');
  });

  const SERVERS: [from: string, words: string[], name: string, tool: string][] = [
    ['npm', [`npm:${NPM}`], 'server-everything', 'echo'],
    ['PyPI', [`pypi:${PYPI}`], PYPI, 'get_current_time'],
    ['the catalogue', ['memory'], 'memory', 'create_entities'],
  ];
  it.each(SERVERS.filter(([from]) => from !== 'PyPI' || HAS_PYPI))(
    'give a server that starts and answers, from %s',
    async (_from, words, name, tool) => {
      const home = makeHome();
      const plan = install(home, ...words);
      expect(plan).toMatchObject({ name, resolved: { pinned: true } });
      expect((await tools(home, name)).map((one) => one.name)).toContain(tool);
    },
  );
});

it('a bundle starts and answers, with a secret among its arguments', async () => {
  const home = makeHome();
  const program = readFileSync(join(import.meta.dirname, '../fixtures/registry/bundle-server.mjs'));
  const manifest = {
    manifest_version: '0.3',
    name: 'greeter',
    version: '1.0.0',
    description: 'Says hello',
    author: { name: 'Acme' },
    server: {
      type: 'node',
      entry_point: 'index.mjs',
      mcp_config: { command: 'node', args: ['index.mjs', '${user_config.key}'] },
    },
    user_config: { key: { type: 'string', description: 'k', sensitive: true, required: true } },
  };
  home.write(
    'greeter.mcpb',
    zip([
      { path: 'manifest.json', content: JSON.stringify(manifest) },
      { path: 'index.mjs', content: program },
    ]),
  );
  const plan = install(home, './greeter.mcpb', '--set', 'key=s3cret-value');
  expect(JSON.stringify(plan)).not.toContain('s3cret-value');
  expect(home.read('.config/mcpm/servers.json')).toContain('${secret:greeter/key}');
  const [tool] = await tools(home, 'greeter');
  expect(tool).toMatchObject({ name: 'hello', description: 's3cret-value ' });
});
