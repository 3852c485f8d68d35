// The catalogue's list of data files, written as static imports so that the bundler and the compiler see them.
//   node scripts/catalogue.mjs           write it
//   node scripts/catalogue.mjs --check   exit 1 when it is stale
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const folder = new URL('../src/registry/catalogue/', import.meta.url);
const target = new URL('all.ts', folder);

/** The text of `all.ts` for the data files that are there. */
export function listOfServers() {
  const names = readdirSync(new URL('servers/', folder)).map((file) => file.replace('.json', ''));
  const rows = names.sort().map((name) => ({ name, id: identifier(name) }));
  return [
    '/** Every data file of the catalogue. Written by scripts/catalogue.mjs. */',
    "import type { Manifest } from '../manifest.ts';",
    ...rows.map(
      ({ name, id }) => `import ${id} from './servers/${name}.json' with { type: 'json' };`,
    ),
    '',
    '/** The catalogue, sorted by name. A test holds each of them against the schema. */',
    'export const ALL: readonly Manifest[] = [',
    ...rows.map(({ id }) => `  ${id},`),
    '] as readonly unknown[] as readonly Manifest[];',
    '',
  ].join('\n');
}

function identifier(name) {
  return name.replace(/[^A-Za-z0-9]+(.)/g, (_, letter) => letter.toUpperCase());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = listOfServers();
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error('src/registry/catalogue/all.ts is stale: run `node scripts/catalogue.mjs`');
    process.exitCode = 1;
  }
}
