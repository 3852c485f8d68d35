// The house rules on imports, as one table; writes lint/layers.json, which biome.json extends.
//   node scripts/layers.mjs           write it
//   node scripts/layers.mjs --check   exit 1 when it is stale
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const domains = ['registry', 'config', 'profiles', 'clients', 'secrets', 'usage', 'edit'];
const features = ['install', 'engine', 'share', 'doctor', 'update', 'migrate'];
const surfaces = ['cli'];

/**
 * folder → the folders it may import (besides platform/, errors.ts and the context's types), the libraries it owns, and whether it may
 * touch files and processes itself: `all`, or no more than look at files and start processes.
 */
export const LAYERS = {
  platform: {
    imports: [],
    libraries: ['write-file-atomic', 'proper-lockfile', 'jsonc-parser', 'tinyexec', 'undici'],
    system: 'all',
  },
  edit: { imports: [], libraries: ['jsonc-parser', 'yaml', 'smol-toml', 'toml-eslint-parser'] },
  secrets: { imports: [], libraries: ['@modelcontextprotocol/*', '@napi-rs/keyring', 'zod'] },
  config: { imports: ['secrets'], libraries: ['zod'] },
  profiles: { imports: ['config'], libraries: ['zod'] },
  usage: { imports: [], libraries: [] },
  clients: { imports: ['edit', 'config', 'profiles', 'secrets'], libraries: [] },
  registry: { imports: ['config'], libraries: ['zod', 'semver'] },
  install: { imports: ['registry', 'config', 'secrets'], libraries: [] },
  update: { imports: ['install', 'engine', ...domains], libraries: [] },
  engine: {
    imports: ['config', 'profiles', 'secrets', 'usage'],
    libraries: ['@modelcontextprotocol/*'],
    system: 'look',
  },
  share: { imports: ['engine', ...domains], libraries: ['uqr'] },
  doctor: { imports: domains, libraries: ['@modelcontextprotocol/*'] },
  migrate: { imports: domains, libraries: [] },
  cli: {
    imports: [...features, ...domains],
    libraries: ['@stricli/core', '@clack/prompts', 'picocolors', 'fast-string-width'],
  },
};

const folders = [...domains, ...features, ...surfaces];
const libraries = [...new Set(Object.values(LAYERS).flatMap((layer) => layer.libraries))].sort();
const files = ['node:fs', 'node:fs/promises', 'fs', 'fs/promises'];
const processes = ['node:child_process', 'child_process'];
/** What of node:fs only looks. */
const LOOKING = 'accessSync|constants|existsSync|readFileSync|statSync';

/** The banned imports of one folder: [glob patterns, message] pairs. */
export function bansOf(folder) {
  const layer = LAYERS[folder];
  const upward = folders.filter((other) => other !== folder && !layer.imports.includes(other));
  const bans = [
    {
      group: [
        ...upward.map((other) => `**/${other}/**`),
        '**/main.ts',
        '**/index.ts',
        ...layer.imports.map((name) => `!**/${name}/index.ts`),
        `!./index.ts`,
        '!./**/index.ts',
        `!**/${folder}/**`,
      ],
      message: `src/${folder}/ imports platform/${layer.imports.map((name) => `, ${name}/`).join('')} and nothing above or beside them (see ARCHITECTURE.md).`,
    },
  ];
  const foreign = libraries.filter((name) => !layer.libraries.includes(name));
  bans.push({
    group: foreign.flatMap((name) => (name.endsWith('*') ? [name] : [name, `${name}/**`])),
    message: `This library belongs to another folder; src/${folder}/ owns ${layer.libraries.join(', ') || 'none'}.`,
  });
  if (layer.system === undefined)
    bans.push({
      group: [...files, ...processes],
      message: 'Files and processes go through src/platform/.',
    });
  if (layer.system === 'look')
    bans.push({
      group: files,
      importNamePattern: LOOKING,
      invertImportNamePattern: true,
      message: 'Files are written by src/platform/ alone.',
    });
  bans.push({
    group: ['node:os', 'os'],
    importNamePattern: 'homedir|tmpdir|userInfo',
    message: 'The home folder is ctx.home; the paths of files are in src/platform/paths.ts.',
  });
  return bans;
}

function overrides() {
  return Object.keys(LAYERS).map((folder) => ({
    includes: [`**/src/${folder}/**`],
    linter: {
      rules: {
        style: { noRestrictedImports: { level: 'error', options: { patterns: bansOf(folder) } } },
      },
    },
  }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const target = new URL('../lint/layers.json', import.meta.url);
  const text = `${JSON.stringify({ root: false, overrides: overrides() }, null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error('lint/layers.json is stale: run `node scripts/layers.mjs`');
    process.exitCode = 1;
  }
}
