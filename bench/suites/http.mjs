// One stdio server behind HTTP: calls over 1, 16, 64 connections, sessions a second, memory of idle sessions.

import { sleep, usage } from '../lib/processes.mjs';
import { combine, openLanes, race, toRows } from '../lib/race.mjs';
import { echoCall } from '../load/frames.mjs';
import { openGateway } from '../load/gateway.mjs';
import { openHttp } from '../load/http.mjs';
import { BURST_UNITS, measureBurst, warm } from '../load/measure.mjs';

const CONNECTIONS = [1, 16, 64];
const MB = 1e6;

export const suite = {
  id: 'http',
  title: 'Streamable HTTP → stdio',
  needs: 'http',
  async run({ contestants, world, rounds, seconds, quick, log }) {
    const { lanes, errors } = await openLanes(contestants, async (contestant, track) => {
      const gateway = track(await openGateway(contestant.http, world.of(contestant), openHttp));
      await warm(gateway.client, echoCall({ bytes: 100 }));
      return gateway;
    });
    const rows = [...errors].map(([contestant, error]) => ({ case: 'start', contestant, error }));
    const figures = {};
    const make = echoCall({ bytes: 100 });
    for (const inFlight of CONNECTIONS) {
      const label = `100 B, ${inFlight} in flight, a connection each`;
      log(label);
      const results = await race(lanes, rounds, (lane) =>
        measureBurst(lane, { make, inFlight, ms: 1000 * seconds }),
      );
      const series = [{ id: 'connections', x: inFlight }];
      rows.push(...toRows(results, { case: label, series, units: BURST_UNITS }));
      if (inFlight === 16) Object.assign(figures, rateFigures(results));
    }
    log('sessions');
    const sessions = await race(lanes, rounds, (lane) => openAndEnd(lane, 1000 * seconds));
    rows.push(
      ...toRows(sessions, {
        case: 'sessions opened and ended, one after the other',
        units: { rate: '/s' },
      }),
    );
    rows.push(...(await idleSessions(lanes, quick ? 20 : 100, log)));
    for (const lane of lanes) await lane.close();
    return { rows, figures };
  },
};

const rateFigures = (results) => {
  const over = (id) => combine(results, 'rate', ['mcpm', id], (mcpm, peer) => mcpm / peer);
  return {
    'http-rate-supergateway': over('supergateway'),
    'http-rate-mcp-proxy': over('mcp-proxy'),
  };
};

async function openAndEnd({ url }, ms) {
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < ms) {
    const client = openHttp(url);
    try {
      await client.initialize();
      await client.end();
    } finally {
      client.close();
    }
    count++;
  }
  return { rate: (1000 * count) / (performance.now() - began) };
}

/** Sessions that are opened and do nothing: what each takes in the program, and in it and the servers it started. */
async function idleSessions(lanes, count, log) {
  log(`${count} idle sessions`);
  const results = await race(lanes, 1, async ({ url, pid }) => {
    const before = usage(pid);
    const clients = [];
    try {
      for (let i = 0; i < count; i++) {
        const client = openHttp(url);
        clients.push(client);
        await client.initialize();
      }
      await sleep(300);
      const after = usage(pid);
      return {
        program: after.rss / MB,
        tree: after.treeRss / MB,
        'a session': (after.treeRss - before.treeRss) / MB / count,
        processes: after.processes,
      };
    } finally {
      for (const client of clients) {
        await client.end().catch(() => undefined);
        client.close();
      }
    }
  });
  return toRows(results, {
    case: `memory with ${count} idle sessions`,
    units: { program: 'MB', tree: 'MB', 'a session': 'MB', processes: '' },
  });
}
