import { expect, test } from 'vitest';
import { everywhere, filesOf, fileToMake, resolveTemplates } from '../../src/clients/paths.ts';
import { CLIENTS } from '../../src/clients/rows/index.ts';

const mac = { home: '/Users/ada', env: {}, platform: 'darwin', cwd: '/Users/ada/work' } as const;
const linux = { home: '/home/ada', env: {}, platform: 'linux', cwd: '/home/ada/work' } as const;
const windows = {
  home: 'C:\\Users\\ada',
  env: { APPDATA: 'D:\\Roaming' },
  platform: 'win32',
  cwd: 'C:\\work',
} as const;

test('a path is written in the manner of its system', () => {
  const [onMac, onWindows, onLinux] = [mac, windows, linux].map((place) =>
    fileToMake(CLIENTS['claude-desktop'], 'user', place),
  );
  expect(onMac).toBe('/Users/ada/Library/Application Support/Claude/claude_desktop_config.json');
  expect(onWindows).toBe('D:\\Roaming\\Claude\\claude_desktop_config.json');
  expect(onLinux).toBe('/home/ada/.config/Claude/claude_desktop_config.json');
});

test('%APPDATA% and %LOCALAPPDATA% are below the home when the variables are unset', () => {
  const paths = everywhere('%APPDATA%/a', '%LOCALAPPDATA%/b');
  expect(resolveTemplates(paths, { ...windows, env: {} })).toEqual([
    'C:\\Users\\ada\\AppData\\Roaming\\a',
    'C:\\Users\\ada\\AppData\\Local\\b',
  ]);
});

test('a set variable decides: what follows counts only below the same variable', () => {
  const paths = everywhere('$A/x.jsonc', '$A/x.json', '$B/y.json', '~/x.json');
  expect(resolveTemplates(paths, { ...linux, env: { A: '/a', B: '/b' } })).toEqual([
    '/a/x.jsonc',
    '/a/x.json',
  ]);
  expect(resolveTemplates(paths, { ...linux, env: { B: '/b' } })).toEqual(['/b/y.json']);
});

test('an unset or empty variable does not count', () => {
  const paths = everywhere('$TOOL_HOME/config.json', '~/.tool/config.json');
  expect(resolveTemplates(paths, linux)).toEqual(['/home/ada/.tool/config.json']);
  expect(resolveTemplates(paths, { ...linux, env: { TOOL_HOME: '/srv/tool' } })).toEqual([
    '/srv/tool/config.json',
  ]);
  expect(resolveTemplates(paths, { ...linux, env: { TOOL_HOME: '' } })).toEqual([
    '/home/ada/.tool/config.json',
  ]);
});

test('project files are below the working directory, absolute templates stay', () => {
  expect(filesOf(CLIENTS.cursor, 'project', windows)).toEqual(['C:\\work\\.cursor\\mcp.json']);
  expect(resolveTemplates(everywhere('/Applications/X.app'), mac)).toEqual(['/Applications/X.app']);
});
