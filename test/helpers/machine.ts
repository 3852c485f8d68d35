/** A machine with some programs and package registries of its own, and what is stored on it. */
import { chmodSync } from 'node:fs';
import { expect } from 'vitest';
import type { Server } from '../../src/config/index.ts';
import type { CliResult } from './cli.ts';
import { makeHome, type TestHome } from './home.ts';
import { serveNpm, servePypi } from './packages.ts';

/** The package of the server `everything`. */
export const EVERYTHING = '@modelcontextprotocol/server-everything';
/** The package of the server `filesystem`. */
export const FILESYSTEM = '@modelcontextprotocol/server-filesystem';

/** A home whose PATH holds nothing but the named programs, with package registries of its own. */
export async function machine(programs: readonly string[], env: Record<string, string> = {}) {
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

/** `servers.json`. */
export function stored(home: TestHome): Record<string, Server & Record<string, unknown>> {
  return JSON.parse(home.read('.config/mcpm/servers.json'));
}

/** `resolved.json`. */
export function resolved(home: TestHome) {
  return JSON.parse(home.read('.config/mcpm/resolved.json'));
}

/** A run that must succeed. */
export async function ok(result: Promise<CliResult>): Promise<CliResult> {
  const done = await result;
  expect(done.exitCode, done.stdout + done.stderr).toBe(0);
  return done;
}

/** A manifest of a server `three` with one installation by npm. */
export function manifest(installation: object, rest: object = {}) {
  const about = (description: string) => ({ description, required: true });
  return {
    name: 'three',
    display_name: 'Three',
    description: 'd',
    arguments: { ONE: about('one'), TWO: about('two'), THREE: about('three') },
    installations: { npm: { type: 'npm', command: 'npx', ...installation } },
    ...rest,
  };
}
