import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEYS, CLIENTS, detect } from '../../src/clients/index.ts';
import { resolveTemplates } from '../../src/clients/paths.ts';
import { makeHome } from '../helpers/home.ts';

const bare = { APPDATA: undefined, LOCALAPPDATA: undefined, XDG_CONFIG_HOME: undefined, PATH: '' };

test('nothing is detected in an empty home', async () => {
  const { ctx } = makeHome({ env: bare });
  for (const key of CLIENT_KEYS) expect(await detect(ctx, CLIENTS[key]), key).toBeUndefined();
});

describe.each(['darwin', 'win32', 'linux'] as const)('on %s', (platform) => {
  test.each(CLIENT_KEYS)('%s is detected by its first folder below the home', async (key) => {
    const { ctx, dir } = makeHome({ platform, env: bare });
    const folders = resolveTemplates(CLIENTS[key].detect.folders, ctx);
    const folder = folders.find((path) => path.startsWith(dir));
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    expect(await detect(ctx, CLIENTS[key])).toBe(folder);
  });
});

test('a program on the PATH is enough', async () => {
  const { ctx, dir, write } = makeHome({ env: bare });
  const program = write('bin/codex', '#!/bin/sh\n');
  chmodSync(program, 0o755);
  const here = { ...ctx, env: { ...ctx.env, PATH: `/nowhere:${join(dir, 'bin')}` } };
  expect(await detect(here, CLIENTS['codex-cli'])).toBe(program);
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
