// Build dist/: the program and the library, bundled and code-split, their declarations, and the licences of what is bundled.
//
// The sources are ES modules; the build is CommonJS, with a face of ES modules for the library. Node 20 takes 7 ms longer for the same
// program as ES modules: its loader, and built-in modules whose every export is made on import, `fs.promises` and all streams among them.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

const main = join(root, 'src/main.ts');
/**
 * Files of the build by what they are for, since resolving, reading and compiling two dozen small ones costs 10 ms and 4 MB: what
 * `mcpm run` and `mcpm profile run` load, and what all other commands do. What a command loads in its course is apart. So is main.cjs: whoever loads that starts the program.
 */
const ROOTS = {
  core: ['src/main.ts', 'src/cli/commands/run.ts', 'src/cli/commands/profile-run.ts'],
  commands: readdirSync(join(root, 'src/cli/commands')).map((name) => `src/cli/commands/${name}`),
};
const parts = new Map();
const findParts = {
  name: 'find-parts',
  buildEnd() {
    for (const [part, files] of Object.entries(ROOTS)) {
      const queue = files.map((file) => join(root, file));
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        if (parts.has(id)) continue;
        if (id !== main) parts.set(id, part);
        queue.push(...(this.getModuleInfo(id)?.importedIds ?? []));
      }
    }
  },
};

const bundle = await rolldown({
  cwd: root,
  input: { main: 'src/main.ts', index: 'src/index.ts' },
  platform: 'node',
  external: ['@napi-rs/keyring'],
  // Its main file is UMD, whose requires a bundler cannot follow.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
  logLevel: 'warn',
  plugins: [findParts],
});
const { output } = await bundle.write({
  dir: dist,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  sourcemap: false,
  codeSplitting: {
    groups: Object.keys(ROOTS).map((name) => ({ name, test: (id) => parts.get(id) === name })),
  },
});
await bundle.close();
chmodSync(join(dist, 'main.cjs'), 0o755);
writeFace(output);

execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json'],
  { cwd: root, stdio: 'inherit' },
);
writeLicenses(output);
writeModules(output);

/** The library for those who import it: the names that the sources export, out of the build. */
function writeFace(files) {
  const { exports: names } = files.find(({ fileName }) => fileName === 'index.cjs');
  const text = `import library from './index.cjs';\nexport const { ${names.join(', ')} } = library;\n`;
  writeFileSync(join(dist, 'index.js'), text);
}

/** Third-party licences, for every package whose code is in the bundle. */
function writeLicenses(chunks) {
  const packages = new Map();
  for (const chunk of chunks) {
    for (const id of chunk.moduleIds ?? []) {
      const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id);
      if (match) packages.set(match[1], true);
    }
  }
  const parts = [...packages.keys()].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = file
      ? readFileSync(join(folder, file), 'utf8').trim()
      : `Licence: ${manifest.license}`;
    return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${text}\n`;
  });
  writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), parts.join(`\n${'-'.repeat(80)}\n\n`));
}
/** Which modules each file of the build holds, for scripts/startup.mjs. */
function writeModules(files) {
  const entries = files
    .filter(({ type }) => type === 'chunk')
    .map(({ fileName, moduleIds }) => [fileName, moduleIds.map(nameOf)]);
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(join(root, '.cache/build.json'), JSON.stringify(Object.fromEntries(entries)));
}

/** A module as a path in the project, or in node_modules wherever that is. */
function nameOf(id) {
  const path = id.replaceAll('\\', '/');
  const library = path.lastIndexOf('node_modules/');
  return library < 0 ? relative(root, id).replaceAll('\\', '/') : path.slice(library);
}

if (!existsSync(join(dist, 'types/index.d.ts')))
  throw new Error(`no declarations in ${dirname(dist)}/types`);
