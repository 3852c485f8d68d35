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
  if (!existsSync(resolve(root, 'dist/main.cjs'))) throw new Error('run `npm run build` first');
  const cache = { cache: resolve(root, options.cache), ...pick(options, 'refresh', 'offline') };
  const contestants = prepare({ ...options, ...cache }, log);
  const nodes = (options.nodes ?? [undefined]).map((major) =>
    major === undefined ? process.execPath : installNode(major, cache),
  );
  const results = { ...about(options, contestants), runs: [] };
  for (const node of nodes) {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    const run = { node: version, suites: [], budgets: [] };
    results.runs.push(run);
    await runAll(node, contestants, options, (suite, figures) => {
      run.suites.push(suite);
      run.budgets = judge(figures, options.suites);
      writeResults(resolve(root, options.out), results);
    });
    printRun(run, contestants);
  }
  console.log(`\nwritten to ${resolve(root, options.out)}`);
  if (options.docs) writeReport(resolve(root, 'docs/bench'), results);
  const bad = results.runs.some(({ budgets }) => budgets.some(({ state }) => state !== 'holds'));
  return options.check && bad ? 1 : 0;
}

/** Where, how and whom we measure. */
function about(options, contestants) {
  return {
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
  };
}

/** All chosen suites with one Node; `onSuite` gets each suite's results and all figures so far, as they come. */
async function runAll(node, contestants, options, onSuite) {
  const port = await freePort();
  const server = fileURLToPath(new URL('servers/http.mjs', import.meta.url));
  const remote = start([node, server, `${port}`]);
  const world = createWorld({ node, remote: `http://127.0.0.1:${port}/mcp` });
  const figures = {};
  try {
    await listening(port);
    for (const suite of SUITES.filter(({ id }) => options.suites.includes(id))) {
      log(suite.title);
      const able = contestants.filter((one) => !one.missing && (!suite.needs || one[suite.needs]));
      const { id, title } = suite;
      const bench = { contestants: able, world, log: (text) => log(`${id}: ${text}`) };
      const { rows, figures: found } = await suite
        .run({ ...bench, ...pick(options, 'rounds', 'seconds', 'quick') })
        .catch((error) => ({ rows: [{ case: 'all', contestant: 'suite', error: error.message }] }));
      Object.assign(figures, found);
      onSuite({ id, title, rows, growth: growth(rows) }, figures);
    }
  } finally {
    await stop(remote);
    world.remove();
  }
}

function pick(object, ...keys) {
  return Object.fromEntries(keys.map((key) => [key, object[key]]));
}
