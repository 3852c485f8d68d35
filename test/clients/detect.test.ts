import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEYS, CLIENTS, detect } from '../../src/clients/index.ts';
import { resolveTemplates } from '../../src/clients/paths.ts';
import { makeHome } from '../helpers/home.ts';

const bare = { APPDATA: undefined, LOCALAPPDATA: undefined, XDG_CONFIG_HOME: undefined, PATH: '' };

/** A part of an installation on one system alone, and a server that has no file of a person's. */
const FOLDERLESS = [
  ...['boltai on win32', 'boltai on linux'],
  ...['darwin', 'win32', 'linux'].map((platform) => `librechat on ${platform}`),
];

test('nothing is detected in an empty home', async () => {
  const { ctx } = makeHome({ env: bare });
  for (const key of CLIENT_KEYS) expect(await detect(ctx, CLIENTS[key]), key).toBeUndefined();
});

describe.each(['darwin', 'win32', 'linux'] as const)('on %s', (platform) => {
  test.each(CLIENT_KEYS)('%s is detected by its first folder below the home', async (key) => {
    const { ctx, dir } = makeHome({ platform, env: bare });
    const folders = resolveTemplates(CLIENTS[key].detect.folders, ctx);
    const folder = folders.find((path) => path.startsWith(dir));
    if (folder === undefined) return expect(FOLDERLESS).toContain(`${key} on ${platform}`);
    mkdirSync(folder, { recursive: true });
    expect(await detect(ctx, CLIENTS[key])).toBe(folder);
  });
});

test.each(
  CLIENT_KEYS.flatMap((key) => CLIENTS[key].detect.executables.map((name) => [key, name] as const)),
)('%s is detected by %s on the PATH', async (key, name) => {
  const { ctx, dir, write } = makeHome({ env: bare });
  const program = write(`bin/${name}`, '#!/bin/sh\n');
  chmodSync(program, 0o755);
  const here = { ...ctx, env: { ...ctx.env, PATH: `/nowhere:${join(dir, 'bin')}` } };
  expect(await detect(here, CLIENTS[key])).toBe(program);
});

test('a file that a setting names is a trace too, also before it is there', async () => {
  const { ctx, write } = makeHome({ env: bare });
  write('.config/mcpm/config.json', '{"clients.ZED.path": "/srv/zed.json"}');
  expect(await detect(ctx, CLIENTS.zed)).toBe('/srv/zed.json');
  expect(await detect(ctx, CLIENTS.cursor)).toBeUndefined();
});

test('on Windows a program has one of its endings, and the PATH other separators', async () => {
  const { ctx, dir, write } = makeHome({ env: bare, platform: 'win32' });
  const program = write('bin/codex.cmd', '');
  const here = { ...ctx, env: { ...ctx.env, PATH: `X:\\none;${join(dir, 'bin')}` } };
  expect(await detect(here, CLIENTS['codex-cli'])).toBe(program);
});

test('a configuration file alone is a trace too', async () => {
  const { ctx, write } = makeHome({ env: bare });
  const file = write('.cursor/mcp.json', '{}');
  expect(
    await detect(ctx, {
      ...CLIENTS.cursor,
      detect: { ...CLIENTS.cursor.detect, folders: { darwin: [], win32: [], linux: [] } },
    }),
  ).toBe(file);
});
