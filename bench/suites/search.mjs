// Search in a registry of 1,000 to 20,000 entries: a whole `mcpm search` (CPU above an empty Node), a query alone, the index, a refresh
// (CPU above a search).
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuToEnd, start, stop, toEnd } from '../lib/processes.mjs';
import { median } from '../lib/stats.mjs';
import { freePort, listening, registryHome } from '../lib/world.mjs';

const SIZES = [1_000, 5_000, 20_000];
const CHANGES = 100;
const MAIN = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
const MB = 1e6;
const file = (path) => fileURLToPath(new URL(path, import.meta.url));

export const suite = {
  id: 'search',
  title: 'Registry search',
  async run({ contestants, world, rounds, log }) {
    const rows = [];
    let figures = {};
    if (contestants.every(({ id }) => id !== 'mcpm')) return { rows, figures };
    for (const size of SIZES) {
      log(`${size} entries`);
      const port = await freePort();
      const registry = start([world.node, file('../servers/registry.mjs'), `${port}`, `${size}`]);
      await listening(port);
      const env = registryHome(world, `search-${size}`, `http://127.0.0.1:${port}`);
      const about = { case: `${size} entries`, series: [{ id: 'entries', x: size }] };
      try {
        const samples = await measure({ world, env, port, rounds, program: MAIN });
        rows.push(...rowsOf(samples, { ...about, contestant: 'mcpm' }));
        figures = figuresOf(samples);
      } catch (error) {
        rows.push({ ...about, contestant: 'mcpm', error: error.message });
        figures = {};
      } finally {
        await stop(registry);
      }
    }
    return { rows, figures };
  },
};

async function measure({ world, env, port, rounds, program }) {
  const run = (...words) => ({ argv: [world.node, program, 'search', ...words], env });
  await toEnd(run('x', '--refresh'));
  const samples = { above: [], refresh: [], query: [], index: [indexSize(env) / MB] };
  for (let round = 0; round < rounds; round++) {
    const empty = await cpuToEnd({ argv: [world.node, '-e', '0'] });
    const found = await cpuToEnd(run('weathr', '--offline', '--json'));
    await fetch(`http://127.0.0.1:${port}/touch?count=${CHANGES}`, { method: 'POST' });
    const refreshed = await cpuToEnd(run('weathr', '--refresh', '--json'));
    samples.above.push(found - empty);
    samples.refresh.push(refreshed - found);
  }
  const loop = file('../peers/search-loop.ts');
  // Without the embedded catalogue, whose JSON modules tsx cannot load.
  const alone = { ...env, MCPM_REGISTRY_URL: `http://127.0.0.1:${port}` };
  const argv = [world.node, '--import', 'tsx', loop, '20'];
  await toEnd({ argv: run('x', '--refresh').argv, env: alone });
  const { stdout } = await toEnd({ argv, env: alone });
  samples.query.push(median(JSON.parse(stdout)));
  return samples;
}

const UNITS = { above: 'ms', query: 'ms', refresh: 'ms', index: 'MB' };

const rowsOf = (samples, about) =>
  Object.entries(UNITS).map(([metric, unit]) => ({
    ...about,
    metric,
    unit,
    values: samples[metric],
  }));

const figuresOf = ({ above, query, refresh, index }) => ({
  'search-process': above,
  'search-query': query,
  'search-refresh': refresh,
  'search-index': index,
});

function indexSize({ HOME }) {
  const all = readdirSync(join(HOME, '.mcpm/cache'), { recursive: true, withFileTypes: true });
  return all
    .filter((one) => one.isFile() && one.name.startsWith('index-'))
    .reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);
}
