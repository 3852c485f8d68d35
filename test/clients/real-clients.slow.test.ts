/**
 * Real programs read the files that we write. What npm cannot install here (no network, no build for this system) is
 * skipped and says so. The programs get a temporary HOME and no way out but loopback.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  CLIENTS,
  type ClientKey,
  type ClientRow,
  type Entry,
  entryPath,
  filesOf,
} from '../../src/clients/index.ts';
import { formatOf } from '../../src/edit/index.ts';
import { readFixture } from './fixtures.ts';
import { obtain, PROGRAMS, run } from './programs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'mcpm-clients-'));
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

const URL_OF_REMOTE = 'http://127.0.0.1:9/mcp';

describe.each(PROGRAMS.map((program) => [program.package, program] as const))(
  '%s',
  (_, program) => {
    test('lists what we wrote', async ({ skip }) => {
      const obtained = await obtain(program);
      if ('missing' in obtained) return skip(obtained.missing);
      const home = makeHome(program.client);
      const file = await writeEntries(CLIENTS[program.client], home);
      const { output } = await run(obtained.path, program.list, {
        cwd: home.cwd,
        timeout: 60_000,
        env: home.env,
      });
      for (const shown of program.shows) expect(output, `of ${file}`).toMatch(shown);
    });
  },
);

interface Place {
  readonly home: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** A HOME with a server `demo` and `mcpm` on the PATH. */
function makeHome(client: ClientKey): Place {
  const home = join(root, client);
  const cwd = join(home, 'project');
  const bin = join(home, 'bin');
  for (const folder of [cwd, bin, join(home, '.config/mcpm')])
    mkdirSync(folder, { recursive: true });
  const server = join(ROOT, 'test/fixtures/servers/raw.mjs');
  const demo = {
    name: 'demo',
    profile_tags: [],
    command: process.execPath,
    args: [server],
    env: {},
  };
  writeFileSync(join(home, '.config/mcpm/servers.json'), JSON.stringify({ demo }));
  const launcher = join(bin, 'mcpm');
  writeFileSync(
    launcher,
    `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist/main.js')}' "$@"\n`,
  );
  chmodSync(launcher, 0o755);
  const env = {
    HOME: home,
    USERPROFILE: home,
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    CI: '1',
    NO_COLOR: '1',
    TERM: 'dumb',
    DO_NOT_TRACK: '1',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    HTTP_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1,localhost',
  };
  return { home, cwd, env, platform: process.platform };
}

/** Two entries into the file that the client's fixture begins with; returns its path. */
async function writeEntries(row: ClientRow, place: Place): Promise<string> {
  const [file = ''] = filesOf(row, 'user', place);
  const format = await formatOf(row.format);
  const entries: Record<string, Entry> = {
    mcpm_demo: { kind: 'stdio', command: 'mcpm', args: ['run', 'demo'], env: {} },
    linear: { kind: 'http', url: URL_OF_REMOTE, headers: { 'X-A': 'b' } },
  };
  let text = readFixture(row.key).afterRemove;
  for (const [name, entry] of Object.entries(entries))
    text = format.set(text, entryPath(row, name), row.codec.encode(entry, name), file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
