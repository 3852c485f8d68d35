import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Server } from '../../src/config/index.ts';
import { type CliResult, runCli } from '../helpers/cli.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';
import { integrityOf, serveNpm, servePypi } from '../helpers/packages.ts';

const EVERYTHING = '@modelcontextprotocol/server-everything';
const FILESYSTEM = '@modelcontextprotocol/server-filesystem';

/** A home whose PATH holds nothing but the named programs, with package registries of its own. */
async function machine(programs: readonly string[], env: Record<string, string> = {}) {
  const npm = await serveNpm({
    [EVERYTHING]: ['1.0.0', '2.0.0'],
    [FILESYSTEM]: ['2025.1.0', '2026.1.0'],
    '@modelcontextprotocol/server-github': ['1.0.0'],
    'acme-mcp': ['0.1.0', '0.2.0', '1.0.0-beta.1', '0.3.0'],
  });
  const pypi = await servePypi({
    'mcp-server-time': ['0.5.1', '0.6.2', '0.7.0rc1'],
    'acme-py': ['1.0'],
  });
  const path = `${npm.url}/`;
  const home = makeHome({
    env: { npm_config_registry: path, PIP_INDEX_URL: `${pypi.url}/simple`, ...env },
  });
  for (const program of programs) chmodSync(home.write(`bin/${program}`, '#!/bin/sh\n'), 0o755);
  return { home, env: { PATH: `${home.dir}/bin` }, npm, pypi };
}

function stored(home: TestHome): Record<string, Server & Record<string, unknown>> {
  return JSON.parse(home.read('.config/mcpm/servers.json'));
}

function resolved(home: TestHome) {
  return JSON.parse(home.read('.config/mcpm/resolved.json'));
}

async function ok(result: Promise<CliResult>): Promise<CliResult> {
  const done = await result;
  expect(done.exitCode, done.stdout + done.stderr).toBe(0);
  return done;
}

describe('mcpm install', () => {
  it('stores a server of the catalogue as MCPM v2 does, its version settled', async () => {
    const { home, env } = await machine(['npx']);
    const { stdout } = await ok(runCli(home, 'install everything', { env }));
    expect(stdout).toContain('Installed everything 2.0.0 (npm, recommended)');
    expect(stored(home)).toEqual({
      everything: {
        name: 'everything',
        profile_tags: [],
        command: 'npx',
        args: ['-y', `${EVERYTHING}@2.0.0`],
        env: {},
      },
    });
    expect(resolved(home).everything).toMatchObject({
      reference: 'catalogue:everything',
      package: EVERYTHING,
      version: '2.0.0',
      integrity: integrityOf(EVERYTHING, '2.0.0'),
      pinned: true,
      resolvedAt: '2026-01-02T03:04:05.000Z',
    });
    expect(JSON.parse(home.read('.config/mcpm/sources.json'))).toEqual({
      everything: { type: 'npx', package: EVERYTHING },
    });
    expect(JSON.parse(home.read('.mcpm/servers/everything/metadata.json'))).toMatchObject({
      name: 'everything',
    });
  });

  it.each([
    ['a flag', { flags: ['--set', 'ALLOWED_DIRECTORY=/data'] }],
    ['a special variable', { env: { MCPM_SERVER_FILESYSTEM_ALLOWED_DIRECTORY: '/data' } }],
    ['a general variable', { env: { MCPM_ARG_ALLOWED_DIRECTORY: '/data' } }],
    ['the plain variable', { env: { ALLOWED_DIRECTORY: '/data' } }],
    ['a file', { file: 'ALLOWED_DIRECTORY=/data\n', flags: ['--env-file', 'values.env'] }],
    ['a prompt', { answers: ['/data', true] }],
  ] as const)('takes a value from %s', async (_from, given) => {
    const { home, env } = await machine(['npx']);
    const {
      flags = [],
      answers,
      file,
      env: more,
    } = { flags: [], answers: undefined, file: undefined, env: {}, ...given };
    if (file !== undefined) home.write('values.env', file);
    await ok(
      runCli(home, ['install', 'filesystem', ...flags], {
        env: { ...env, ...more },
        ...(answers ? { answers } : {}),
      }),
    );
    expect(stored(home)['filesystem']?.['args']).toEqual(['-y', `${FILESYSTEM}@2026.1.0`, '/data']);
  });

  it('refuses a value the server does not take', async () => {
    const { home, env } = await machine(['npx']);
    const typo = await runCli(home, 'install filesystem --set ALLOWED_DIR=/x', { env });
    expect(typo.exitCode).toBe(2);
    expect(typo.stderr).toContain('takes ALLOWED_DIRECTORY');
  });
});
