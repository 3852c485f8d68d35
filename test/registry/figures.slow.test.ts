import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { unpackIndex } from '../../src/registry/search/build.ts';
import { searchable } from '../../src/registry/search/query.ts';
import { entry, manyEntries } from '../helpers/entries.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';
import { serveOfficial } from '../helpers/official.ts';

const MAIN = join(import.meta.dirname, '../../dist/main.cjs');
const COUNT = 20_000;
const QUERIES =
  'weather,weathr,stock price,file,payment invoice api,databse,trnslate,music player,secur vault,climate sensor,drone robot,calendr,polls,tokens chain,emb'.split(
    ',',
  );

const run = promisify(execFile);

/** The processor's time of a program's whole run, in milliseconds: what the machine's load cannot falsify. */
async function processTime(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const words = ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null', process.execPath, ...args];
  const { stderr } = await run('bash', words, { env });
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return last.split(' ').reduce((sum, seconds) => sum + Number(seconds) * 1000, 0);
}

async function median(times: number, measure: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let count = 0; count < times; count++) all.push(await measure());
  return all.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

function copyOf(home: TestHome): { folder: string; index: string } {
  const root = join(home.dir, '.mcpm/cache/registry');
  const folder = join(root, readdirSync(root)[0] ?? '');
  const index = readdirSync(folder).find((name) => name.startsWith('index-')) ?? '';
  return { folder, index: join(folder, index) };
}

describe(`a registry of ${COUNT} entries`, () => {
  it('is searched, stored and refreshed within its budget', { timeout: 120_000 }, async () => {
    const registry = await serveOfficial(manyEntries(COUNT));
    const home = makeHome();
    const env = { PATH: process.env.PATH, HOME: home.dir };
    // The embedded catalogue beside it, as usual.
    const registries = ['catalogue', `big=${registry.url}`];
    home.write('.config/mcpm/config.json', JSON.stringify({ registries }));
    await run(process.execPath, [MAIN, 'search', 'x', '--refresh'], { env });
    const { index } = copyOf(home);

    const megabytes = statSync(index).size / 1e6;
    const empty = await median(9, () => processTime(['-e', '0'], env));
    const line = [MAIN, 'search', 'weathr', '--offline', '--json'];
    const loadAndQuery = (await median(9, () => processTime(line, env))) - empty;

    const opened = unpackIndex(readFileSync(index));
    if (!opened) throw new Error('no index');
    const search = searchable(opened);
    const queries: number[] = [];
    for (let round = 0; round < 12; round++) {
      for (const query of QUERIES) {
        const started = performance.now();
        search.search(query, 160);
        if (round > 1) queries.push(performance.now() - started);
      }
    }
    const p50 = queries.sort((a, b) => a - b)[Math.floor(queries.length / 2)] ?? 0;

    const later = new Date(Date.now() + 3_600_000).toISOString();
    registry.entries = registry.entries.map((one, at) =>
      at < 100 ? entry(one.server, { updatedAt: later }) : one,
    );
    const refreshLine = [MAIN, 'search', 'weather', '--limit', '1', '--refresh'];
    const started = performance.now();
    await run(process.execPath, refreshLine, { env });
    const refresh = performance.now() - started;
    // What refreshing adds to a search that asks nobody.
    const whole = (await median(5, () => processTime(refreshLine, env))) - empty;
    const refreshCpu = whole - loadAndQuery;

    console.log(
      `registry of ${COUNT}: index ${megabytes.toFixed(1)} MB, load + query ${loadAndQuery.toFixed(0)} ms of process time above an empty Node (${empty.toFixed(0)} ms), query p50 ${p50.toFixed(2)} ms, refresh of 100 changes ${refreshCpu.toFixed(0)} ms of process time (with start and search ${whole.toFixed(0)} ms, ${refresh.toFixed(0)} ms on the clock)`,
    );
    expect(megabytes).toBeLessThan(12);
    expect(loadAndQuery).toBeLessThan(150);
    expect(p50).toBeLessThan(10);
    expect(refreshCpu).toBeLessThan(300);
  });
});
