// `npm test`: installs, builds and passes everything, fast part first. Plain Node, no dependency before `npm ci`.
//   node scripts/test.mjs          everything
//   node scripts/test.mjs --fast   without the slow tests (*.slow.test.ts)
import { spawnSync } from 'node:child_process';
import { bootstrap, root } from './bootstrap.mjs';

bootstrap();
const npx = (...words) => ['npx', '--no-install', ...words];
const steps = [
  ['layers are written down', [process.execPath, 'scripts/layers.mjs', '--check']],
  ['lint and format', npx('biome', 'check', '--error-on-warnings')],
  ['types', npx('tsc', '-p', '.')],
  ['docs are fresh', [process.execPath, '--import', 'tsx', 'scripts/docs.ts', '--check']],
  ['unused code', npx('knip')],
  ['build', [process.execPath, 'scripts/build.mjs']],
  ['what start-up loads', [process.execPath, 'scripts/startup.mjs']],
  ['package', npx('publint', '--strict')],
  ['fast tests', npx('vitest', 'run', '--project', 'fast')],
  ...(process.argv.includes('--fast')
    ? []
    : [['slow tests', npx('vitest', 'run', '--project', 'slow')]]),
];
for (const [name, [command, ...args]] of steps) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`\nfailed: ${name} (exit ${status})`);
    process.exit(1);
  }
  console.log(`   ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
