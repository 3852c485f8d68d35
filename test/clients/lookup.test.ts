import { expect, test } from 'vitest';
import { CLIENTS } from '../../src/clients/index.ts';
import { fileOf } from '../../src/clients/lookup.ts';
import { makeHome } from '../helpers/home.ts';

const linux = { platform: 'linux', env: { XDG_CONFIG_HOME: undefined } } as const;

test('of several files the first that exists is the client’s, else the first', async () => {
  const { ctx, dir, write } = makeHome(linux);
  expect(await fileOf(ctx, CLIENTS.opencode)).toBe(`${dir}/.config/opencode/opencode.jsonc`);
  const older = write('.config/opencode/opencode.json', '{}');
  expect(await fileOf(ctx, CLIENTS.opencode)).toBe(older);
});

test('the folder that a client has made decides where there is no file yet', async () => {
  const { ctx, dir, write } = makeHome(linux);
  expect(await fileOf(ctx, CLIENTS['lm-studio'])).toBe(`${dir}/.lmstudio/mcp.json`);
  write('.cache/lm-studio/settings.json', '{}');
  expect(await fileOf(ctx, CLIENTS['lm-studio'])).toBe(`${dir}/.cache/lm-studio/mcp.json`);
});

test('on Windows the packaged Claude Desktop has its own file, which is made only where the package is', async () => {
  const env = { APPDATA: undefined, LOCALAPPDATA: undefined };
  const { ctx, dir, write } = makeHome({ platform: 'win32', env });
  const usual = `${dir}/AppData/Roaming/Claude/claude_desktop_config.json`;
  const folder = 'AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude';
  expect(await fileOf(ctx, CLIENTS['claude-desktop'])).toBe(usual);
  write('AppData/Roaming/Claude/Preferences', '{}');
  expect(await fileOf(ctx, CLIENTS['claude-desktop'])).toBe(usual);
  write(`${folder}/Preferences`, '{}');
  expect(await fileOf(ctx, CLIENTS['claude-desktop'])).toBe(
    `${dir}/${folder}/claude_desktop_config.json`,
  );
  const data = 'AppData/Local/Claude-Data/claude_pzs8sxrjxfjjc';
  write(`${data}/Preferences`, '{}');
  expect(await fileOf(ctx, CLIENTS['claude-desktop'])).toBe(
    `${dir}/${data}/claude_desktop_config.json`,
  );
});

test('a client with a file for projects alone says which scope to take', async () => {
  const { ctx, dir } = makeHome(linux);
  await expect(fileOf(ctx, CLIENTS.librechat)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    hint: expect.stringContaining('--scope project'),
  });
  expect(await fileOf(ctx, CLIENTS.librechat, { scope: 'project' })).toBe(`${dir}/librechat.yaml`);
});

test('a client of another system says how to name its file all the same', async () => {
  const { ctx, write } = makeHome(linux);
  await expect(fileOf(ctx, CLIENTS.boltai)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    hint: expect.stringContaining('clients.boltai.path'),
  });
  write('.config/mcpm/config.json', '{"clients.BOLTAI.path": "/srv/bolt.json"}');
  expect(await fileOf(ctx, CLIENTS.boltai)).toBe('/srv/bolt.json');
});

test('a project scope that the client lacks is refused', async () => {
  const { ctx } = makeHome(linux);
  await expect(fileOf(ctx, CLIENTS.windsurf, { scope: 'project' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});
