// Many servers as one, over stdio: time until all their tools are listed, cost of a call, memory, processes.
import { sleep, usage } from '../lib/processes.mjs';
import { combine, race, raceAfresh, toRows } from '../lib/race.mjs';
import { byRound } from '../lib/stats.mjs';
import { PROFILES } from '../lib/world.mjs';
import { echoCall } from '../load/frames.mjs';
import { BURST_UNITS, measureBurst, warm } from '../load/measure.mjs';
import { burst, openStdio } from '../load/stdio.mjs';

const MB = 1e6;
const POLL_MS = 5;
const DEADLINE_MS = 60_000;

export const suite = {
  id: 'profile',
  title: 'Profiles: N stdio servers → stdio',
  needs: 'profile',
  async run({ contestants, world, rounds, seconds, quick, log }) {
    const rows = [];
    const sizes = quick ? PROFILES.filter((size) => size <= 20) : PROFILES;
    const starts = new Map();
    for (const size of sizes) {
      log(`start of ${size}`);
      const lanes = contestants.map((contestant) => ({ contestant }));
      const results = await race(lanes, rounds, ({ contestant }) =>
        startAll(contestant, world, size),
      );
      starts.set(size, results);
      const series = [{ id: 'servers', x: size }];
      const label = `${size} servers: spawn to all tools listed`;
      rows.push(...toRows(results, { case: label, series, units: START_UNITS }));
    }
    const calls = await callCosts({ contestants, world, sizes, rounds, seconds, log });
    rows.push(...calls.rows);
    return { rows, figures: { ...calls.figures, ...startFigures(starts) } };
  },
};

const START_UNITS = { time: 'ms', memory: 'MB', tree: 'MB', processes: '' };

async function startAll(contestant, world, size) {
  const began = performance.now();
  const all = openAll(contestant, world, size);
  try {
    await all.ready(size);
    const time = performance.now() - began;
    await sleep(300);
    const used = all.pids.map(usage);
    const sum = (key) => used.reduce((total, one) => total + one[key], 0);
    return {
      time,
      memory: sum('rss') / MB,
      tree: sum('treeRss') / MB,
      processes: sum('processes'),
    };
  } finally {
    await all.close();
  }
}

/** The servers behind one program; or, for the floor, a client of each. */
function openAll(contestant, world, size) {
  const mine = world.of(contestant);
  if (contestant.id === 'direct') {
    const clients = Array.from({ length: size }, () => openStdio(contestant.stdio(mine)));
    return {
      clients,
      pids: clients.map(({ pid }) => pid),
      ready: () => Promise.all(clients.map((client) => listTools(client, 1))),
      close: () => Promise.all(clients.map((client) => client.close())),
    };
  }
  const client = openStdio(contestant.profile(mine, size));
  return {
    pids: [client.pid],
    client,
    ready: (servers) => listTools(client, servers),
    close: () => client.close(),
  };
}

/** Initialize, then ask until the tools of all servers are there: a program may list those that are up. @returns the echo tools' names. */
async function listTools(client, servers) {
  const until = performance.now() + DEADLINE_MS;
  await client.initialize();
  for (;;) {
    const answer = await client.call('tools/list', {}, DEADLINE_MS);
    const names = JSON.parse(answer).result.tools.map(({ name }) => name);
    const echoes = names.filter((name) => /(?:^|_)echo$/.test(name));
    if (echoes.length >= servers) return echoes;
    if (performance.now() > until) throw new Error(`${echoes.length} of ${servers} listed`);
    await sleep(POLL_MS);
  }
}

/** What a call costs, to one server of a profile and spread over all; the profiles of one program take turns, in processes of each round's own. */
async function callCosts({ contestants, world, sizes, rounds, seconds, log }) {
  const rows = [];
  let figures = {};
  for (const contestant of contestants) {
    log(`calls through ${contestant.title}`);
    const variants = sizes.map((size) => ({ ...contestant, id: String(size), size }));
    for (const [id, make] of Object.entries(WAYS)) {
      const open = async ({ size }, track) => {
        const all = track(openAll(contestant, world, size));
        const calls = make([await all.ready(size)].flat(2));
        const client = all.client ?? (id === ONE ? all.clients[0] : inTurn(all.clients));
        // The one server is as warm in a profile of many as it is alone.
        await warm(client, calls);
        return { client, pid: all.client?.pid, calls };
      };
      const results = await raceAfresh(variants, rounds, open, ({ client, pid, calls }) =>
        measureBurst({ client, pid }, { make: calls, inFlight: 1, ms: 1000 * seconds }),
      );
      for (const [size, result] of results) {
        const series = [{ id: `servers, ${id}`, x: Number(size) }];
        const about = { case: `${size} servers: ${id}, 1 in flight`, series, units: BURST_UNITS };
        rows.push(...toRows([[contestant.id, result]], about));
      }
      if (contestant.id === 'mcpm') figures = { ...figures, ...costFigures(id, results) };
    }
  }
  return { rows, figures };
}

const ONE = 'calls to one of them';
const WAYS = {
  [ONE]: (tools) => echoCall({ bytes: 100, tools: tools.slice(0, 1) }),
  'calls spread over them': (tools) => echoCall({ bytes: 100, tools }),
};

/** The floor of many servers: a client that asks each of them in turn; all have the same tool. */
function inTurn(clients) {
  let nextId = 1_000_000;
  const send = (id, bytes, resolve, reject) => {
    clients[id % clients.length].send(id, bytes, resolve, reject);
  };
  return { burst: (options) => burst({ ...options, send, ids: () => nextId++ }) };
}

const costFigures = (id, results) =>
  id === ONE
    ? { 'profile-call': combine(results, 'p50', ['20', '1'], (twenty, one) => twenty / one) }
    : {};

/** The start of 20 against the slowest of 20 alone, with our own start (one program before one server) set aside. */
function startFigures(starts) {
  const time = (size, id) => starts.get(size)?.get(id)?.samples.time;
  const samples = [time(20, 'mcpm'), time(20, 'direct'), time(1, 'mcpm'), time(1, 'direct')];
  if (samples.includes(undefined)) return {};
  return {
    'profile-start': byRound(
      (mcpm20, direct20, mcpm1, direct1) => (mcpm20 - (mcpm1 - direct1)) / direct20,
      ...samples,
    ),
  };
}
