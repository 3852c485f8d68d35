// Scaffold a client: its row, its fixture, its registration, its line in the docs. Then fill in the row.
//   npm run new:client -- <key>
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const key = process.argv[2] ?? '';
if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(key))
  fail('usage: npm run new:client -- <key>, a key in kebab-case');
if (existsSync(at(`src/clients/rows/${key}.ts`))) fail(`${key} is there already`);

const name = key.replace(/-(.)/g, (_, letter) => letter.toUpperCase()).replace(/^(?=\d)/, 'client');

create(`src/clients/rows/${key}.ts`, row());
change('src/clients/keys.ts', (text) => text.replace('] as const', `  '${key}',\n] as const`));
change('src/clients/rows/index.ts', (text) =>
  text
    .replace(/\n\n\/\*\* The rows/, `\nimport { ${name} } from './${key}.ts';\n\n/** The rows`)
    .replace(/\n};\n$/, `\n  '${key}': ${name},\n};\n`),
);
change('test/fixtures/clients/files.txt', (text) => text + files());
const time = `    "time": {\n      "command": "uvx",\n      "args": [\n        "mcp-server-time"\n      ]\n    }`;
const fetch = `    "mcpm_fetch": {\n      "command": "mcpm",\n      "args": [\n        "run",\n        "fetch"\n      ]\n    }`;
const linear = `    "linear": {\n      "url": "https://mcp.linear.app/mcp",\n      "headers": {\n        "Authorization": "Bearer token"\n      }\n    }`;
fixture('before', section(time));
fixture('after-add', section(time, fetch));
fixture('after-remote', section(time, linear));
fixture('after-remove', '{\n  "mcpServers": {}\n}\n');
run('npx', ['--no-install', 'biome', 'check', '--write', 'src/clients']);
run(process.execPath, ['--import', 'tsx', 'scripts/docs.ts']);
console.log(`
Now:
  1. src/clients/rows/${key}.ts: what the client's documentation or source says, each fact with its source.
  2. test/fixtures/clients/${key}/: files as the client itself writes them.
  3. test/fixtures/clients/files.txt: its files on three systems, checked by hand.
  4. npm run docs && npx vitest run --project fast test/clients
`);

function row() {
  return `import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** ${key}: what is peculiar about it, in one line. */
export const ${name}: ClientRow = {
  key: '${key}',
  title: '${key}',
  homepage: 'https://example.com',
  user: everywhere('~/.${key}/mcp.json'),
  project: ['.${key}/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(PLAIN),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.${key}'),
    executables: ['${key}'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://example.com/documentation',
      says: 'File, section, fields.',
    },
  ],
  disagreements: [],
};
`;
}

function files() {
  return `${key}
  darwin  /Users/ada/.${key}/mcp.json
  win32   C:\\Users\\ada\\.${key}\\mcp.json
  linux   /home/ada/.${key}/mcp.json
  project /work/.${key}/mcp.json
`;
}

function section(...entries) {
  return `{\n  "mcpServers": {\n${entries.join(',\n')}\n  }\n}\n`;
}

function fixture(stem, text) {
  create(`test/fixtures/clients/${key}/${stem}.json`, text);
}

function at(path) {
  return join(root, path);
}

function create(path, text) {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
  console.log(`new      ${path}`);
}

function change(path, edit) {
  const before = readFileSync(at(path), 'utf8');
  const after = edit(before);
  if (after === before) fail(`${path} is not of the form this script knows`);
  writeFileSync(at(path), after);
  console.log(`changed  ${path}`);
}

function run(command, args) {
  const { status, stderr, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
