// Build dist/: the program and the library, bundled and code-split, their declarations, and the licences of what is bundled.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

const bundle = await rolldown({
  cwd: root,
  input: { main: 'src/main.ts', index: 'src/index.ts' },
  platform: 'node',
  external: ['@napi-rs/keyring'],
  // Its main file is UMD, whose requires a bundler cannot follow.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
  // Bundled CommonJS (write-file-atomic) asks for its own path.
  transform: { define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' } },
  logLevel: 'warn',
});
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  sourcemap: false,
});
await bundle.close();
chmodSync(join(dist, 'main.js'), 0o755);

execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json'],
  { cwd: root, stdio: 'inherit' },
);
writeLicenses(output);

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
if (!existsSync(join(dist, 'types/index.d.ts')))
  throw new Error(`no declarations in ${dirname(dist)}/types`);
