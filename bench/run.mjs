// `npm run bench`: measures this program beside what people would use instead. See README.md.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './lib/contestants.mjs';
import { readOptions } from './lib/options.mjs';
import { start, stop, stopAll } from './lib/processes.mjs';
import { createWorld, freePort, listening } from './lib/world.mjs';
import { PEERS } from './peers/index.mjs';
import { installNode } from './peers/install.mjs';
import { judge } from './report/budgets.mjs';
import { growth } from './report/growth.mjs';
import { printRun, writeReport, writeResults } from './report/output.mjs';
import { SUITES } from './suites/index.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const log = (text) => process.stderr.write(`  … ${text}\n`);

process.on('exit', stopAll);
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(130));

try {
  const options = readOptions(
    process.argv.slice(2),
    SUITES.map(({ id }) => id),
  );
  if (options?.list) list();
  else if (options) process.exitCode = await main(options);
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 2;
}
process.exit(); // a program under test that lingers must not keep us; it is ended on the way out

function list() {
  console.log('suites:');
  for (const { id, title } of SUITES) console.log(`  ${id.padEnd(14)} ${title}`);
  console.log('contestants:');
  for (const { id, title, kind } of PEERS) console.log(`  ${id.padEnd(14)} ${title} (${kind})`);
}

async function main(options) {
  if (!existsSync(resolve(root, 'dist/main.js'))) throw new Error('run `npm run build` first');
  const cache = { cache: resolve(root, options.cache), ...pick(options, 'refresh', 'offline') };
  const contestants = prepare({ ...options, ...cache }, log);
  const nodes = (options.nodes ?? [undefined]).map((major) =>
    major === undefined ? process.execPath : installNode(major, cache),
  );
  const runs = [];
  for (const node of nodes) {
    const run = await runAll(node, contestants, options);
    printRun(run, contestants);
    runs.push(run);
  }
  const results = {
    date: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGB: Math.round(totalmem() / 1e9),
      system: `${process.platform} ${process.arch}`,
    },
    ...pick(options, 'rounds', 'seconds', 'quick'),
    contestants: contestants.map(({ id, title, kind, installed, missing }) => ({
      ...{ id, title, kind, missing },
      ...pick(installed ?? {}, 'version', 'with'),
    })),
    runs,
  };
  writeResults(resolve(root, options.out), results);
  if (options.docs) writeReport(resolve(root, 'docs/bench'), results);
  const bad = runs.some(({ budgets }) => budgets.some(({ state }) => state !== 'holds'));
  return options.check && bad ? 1 : 0;
}

/** All chosen suites with one Node. */
async function runAll(node, contestants, options) {
  const port = await freePort();
  const remote = start([
    node,
    fileURLToPath(new URL('servers/http.mjs', import.meta.url)),
    `${port}`,
  ]);
  const world = createWorld({ node, remote: `http://127.0.0.1:${port}/mcp` });
  const suites = [];
  const figures = {};
  try {
    await listening(port);
    for (const suite of SUITES.filter(({ id }) => options.suites.includes(id))) {
      log(`${suite.title}`);
      const able = contestants.filter((one) => !one.missing && (!suite.needs || one[suite.needs]));
      const bench = { contestants: able, world, log: (text) => log(`${suite.id}: ${text}`) };
      const result = await suite.run({ ...bench, ...pick(options, 'rounds', 'seconds', 'quick') });
      Object.assign(figures, result.figures);
      suites.push({
        id: suite.id,
        title: suite.title,
        rows: result.rows,
        growth: growth(result.rows),
      });
    }
  } finally {
    await stop(remote);
    world.remove();
  }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { node: version, suites, budgets: judge(figures, options.suites) };
}

function pick(object, ...keys) {
  return Object.fromEntries(keys.map((key) => [key, object[key]]));
}
