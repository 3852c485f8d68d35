// Starting: plain commands to their end; gateways from spawn to `initialize` and `tools/list` answered; memory at rest.
import { sleep, start, stop, toEnd, usage } from '../lib/processes.mjs';
import { combine, race, toRows } from '../lib/race.mjs';
import { openGateway } from '../load/gateway.mjs';
import { openHttp } from '../load/http.mjs';
import { openStdio } from '../load/stdio.mjs';

const MB = 1e6;
const REST_MS = 300;
/** The median of fewer starts moves by a tenth from run to run. */
const FEWEST_STARTS = 15;
const COMMANDS = {
  version: '--version',
  help: '--help',
  ls: 'ls, 50 servers',
};

export const suite = {
  id: 'start',
  title: 'Start and memory',
  async run({ contestants, world, rounds, log }) {
    const rows = [];
    const times = Math.max(FEWEST_STARTS, 2 * rounds);
    const lanesOf = (ability) =>
      contestants.filter((one) => one[ability]).map((contestant) => ({ contestant }));
    for (const [id, label] of Object.entries(COMMANDS)) {
      const lanes = lanesOf('commands').filter(
        ({ contestant }) => contestant.commands(world.of(contestant))[id],
      );
      if (lanes.length < 2) continue;
      log(label);
      const results = await race(lanes, times, async ({ contestant }) => {
        const { time } = await toEnd(contestant.commands(world.of(contestant))[id]);
        return { time };
      });
      rows.push(...toRows(results, { case: label, units: { time: 'ms' } }));
    }
    log('stdio');
    const stdio = await race(
      [...lanesOf('stdio'), ...emptyLane(contestants)],
      times,
      ({ contestant }) => (contestant.stdio ? startStdio(contestant, world) : idle(world)),
    );
    rows.push(...toRows(stdio, { case: 'stdio: spawn to answers', units: UNITS }));
    log('HTTP');
    const http = await race(lanesOf('http'), rounds, ({ contestant }) =>
      startHttp(contestant, world),
    );
    rows.push(...toRows(http, { case: 'Streamable HTTP: spawn to answers', units: UNITS }));
    return { rows, figures: figuresOf(stdio) };
  },
};

const UNITS = { tools: 'ms', initialize: 'ms', memory: 'MB' };

const emptyLane = (contestants) =>
  contestants.filter(({ id }) => id === 'empty').map((contestant) => ({ contestant }));

async function startStdio(contestant, world) {
  const began = performance.now();
  const client = openStdio(contestant.stdio(world.of(contestant)));
  try {
    return await untilTools(client, client.pid, began);
  } finally {
    await client.close();
  }
}

async function startHttp(contestant, world) {
  const began = performance.now();
  const gateway = await openGateway(contestant.http, world.of(contestant), openHttp);
  try {
    return await untilTools(gateway.client, gateway.pid, began, performance.now() - began);
  } finally {
    await gateway.close();
  }
}

async function untilTools(client, pid, began, initialized) {
  if (initialized === undefined) await client.initialize();
  const initialize = initialized ?? performance.now() - began;
  await client.call('tools/list', {});
  const tools = performance.now() - began;
  await sleep(REST_MS);
  return { tools, initialize, memory: usage(pid).rss / MB };
}

/** An empty Node: how long one takes from spawn to exit, and what one that waits takes of memory. */
async function idle({ node }) {
  const { time } = await toEnd({ argv: [node, '-e', '0'] });
  const child = start([node, '-e', 'process.stdin.resume()']);
  await sleep(REST_MS + time);
  const memory = usage(child.pid).rss / MB;
  await stop(child);
  return { tools: time, memory };
}

const figuresOf = (stdio) => ({
  'run-start': combine(
    stdio,
    'tools',
    ['mcpm', 'direct', 'empty'],
    (mcpm, direct, empty) => (mcpm - direct) / empty,
  ),
  'run-memory': combine(stdio, 'memory', ['mcpm', 'empty'], (mcpm, empty) => mcpm / empty),
});
