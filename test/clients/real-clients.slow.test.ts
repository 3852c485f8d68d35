/**
 * Real programs read what the built program writes, and those whose list starts the servers reach one through `mcpm run`.
 * What npm cannot install here (no network, no build for this system) is skipped and says so. The programs get a
 * temporary HOME and no way out but loopback.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { CLIENTS, type ClientKey, filesOf } from '../../src/clients/index.ts';
import { readFixture } from './fixtures.ts';
import { CONTINUE_PARSER, obtain, PROGRAMS, run } from './programs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MCPM = join(ROOT, 'dist/main.cjs');
const root = mkdtempSync(join(tmpdir(), 'mcpm-clients-'));
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

describe.each(PROGRAMS.map((program) => [program.package, program] as const))(
  '%s',
  (_, program) => {
    test('sees what we wrote, and reaches it where it tries', async ({ skip }) => {
      const obtained = await obtain(program);
      if ('missing' in obtained) return skip(obtained.missing);
      const place = makeHome(program.client);
      await addServers(program.client, place);
      const env = { ...place.env, ...program.env };
      const { output } = await run(obtained.path, program.list, { ...place, env, timeout: 60_000 });
      for (const shown of program.shows) expect(output).toMatch(shown);
      expect(output).not.toMatch(/mcpm_demo.*fail|fail.*mcpm_demo/i);
      if (program.starts) expect(await recorded(place)).toMatchObject({ runs: 1 });
    });
  },
);

test('Codex starts with a file whose entries an import replaced', async ({ skip }) => {
  const [codex] = PROGRAMS.filter(({ client }) => client === 'codex-cli');
  const obtained = codex && (await obtain(codex));
  if (!obtained || 'missing' in obtained) return skip(obtained?.missing);
  const place = makeHome('codex-cli');
  put(
    join(place.env.HOME ?? '', '.codex/config.toml'),
    '[mcp_servers.figma]\nurl = "http://127.0.0.1:9/mcp"\nbearer_token_env_var = "T"\nstartup_timeout_sec = 9\n',
  );
  const words = ['client', 'import', 'codex-cli', '--replace', '--yes'];
  const imported = await run(process.execPath, [MCPM, ...words], { ...place, timeout: 60_000 });
  expect(imported.status, imported.output).toBe(0);
  const { output } = await run(obtained.path, ['mcp', 'list'], { ...place, timeout: 60_000 });
  expect(output).toMatch(/^mcpm_figma +mcpm +run figma .*enabled/m);
});

test('Continue’s own parser reads what we wrote', async ({ skip }) => {
  const obtained = await obtain(CONTINUE_PARSER);
  if ('missing' in obtained) return skip(obtained.missing);
  const place = makeHome('continue');
  await addServers('continue', place);
  const { parseConfigYaml } = await import(obtained.path);
  const file = join(place.env.HOME ?? '', '.continue/config.yaml');
  const { mcpServers } = parseConfigYaml(readFileSync(file, 'utf8'));
  expect(mcpServers).toContainEqual({
    name: 'mcpm_demo',
    command: expect.stringMatching(/mcpm$/),
    args: ['run', 'demo'],
  });
  expect(mcpServers).toContainEqual({
    name: 'mcpm_linear',
    type: 'streamable-http',
    url: 'http://127.0.0.1:9/mcp',
    requestOptions: { headers: { 'X-A': 'b' } },
  });
});

/** `mcpm client edit`: a server that mcpm runs, and a remote one as the client’s own. */
async function addServers(client: ClientKey, place: Place): Promise<void> {
  const words = ['client', 'edit', client, '--add-server', 'demo,linear', '--native', '--yes'];
  const edited = await run(process.execPath, [MCPM, ...words], { ...place, timeout: 60_000 });
  expect(edited.status, edited.output).toBe(0);
}

/** What `mcpm run` recorded of being used. */
async function recorded(place: Place): Promise<unknown> {
  const words = [MCPM, 'usage', '--json'];
  const { output } = await run(process.execPath, words, { ...place, timeout: 60_000 });
  return JSON.parse(output);
}

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A HOME with two servers, the client’s file as the client wrote it, and `mcpm` on the PATH. */
function makeHome(client: ClientKey): Place {
  const home = join(root, client);
  const cwd = join(home, 'project');
  const [file = ''] = filesOf(CLIENTS[client], 'user', { ...process, home, cwd, env: {} });
  put(file, readFixture(client).afterRemove);
  put(join(home, '.config/mcpm/servers.json'), JSON.stringify(servers()));
  const launcher = join(home, 'bin/mcpm');
  put(launcher, `#!/bin/sh\nexec '${process.execPath}' '${MCPM}' "$@"\n`);
  chmodSync(launcher, 0o755);
  mkdirSync(cwd, { recursive: true });
  const path = [dirname(launcher), dirname(process.execPath), process.env.PATH];
  return { cwd, env: { HOME: home, USERPROFILE: home, PATH: path.join(delimiter), ...QUIET } };
}

/** No colours, no telemetry, no network. */
const QUIET = {
  CI: '1',
  NO_COLOR: '1',
  TERM: 'dumb',
  DO_NOT_TRACK: '1',
  GEMINI_CLI_TRUST_WORKSPACE: 'true',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
};

function servers() {
  const raw = join(ROOT, 'test/fixtures/servers/raw.mjs');
  return {
    demo: { name: 'demo', profile_tags: [], command: process.execPath, args: [raw], env: {} },
    linear: {
      name: 'linear',
      profile_tags: [],
      url: 'http://127.0.0.1:9/mcp',
      headers: { 'X-A': 'b' },
    },
  };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
