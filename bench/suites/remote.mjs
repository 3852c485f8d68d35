// A remote server (Streamable HTTP) brought to a client on stdio.
import { openLanes, race, toRows } from '../lib/race.mjs';
import { echoCall } from '../load/frames.mjs';
import { openHttp } from '../load/http.mjs';
import { BURST_UNITS, measureBurst, warm } from '../load/measure.mjs';
import { openStdio } from '../load/stdio.mjs';

const CASES = [
  { bytes: 100, inFlight: 1, label: '100 B, 1 in flight' },
  { bytes: 100, inFlight: 16, label: '100 B, 16 in flight' },
  { bytes: 10_000, inFlight: 1, label: '10 KB, 1 in flight' },
];

export const suite = {
  id: 'remote',
  title: 'remote → stdio',
  needs: 'remote',
  async run({ contestants, world, rounds, seconds, log }) {
    const { lanes, errors } = await openLanes(contestants, async (contestant, track) => {
      const client = track(connect(contestant, world));
      await client.initialize();
      await client.call('tools/list', {});
      await warm(client, echoCall({ bytes: 100 }));
      return { client, pid: client.pid };
    });
    const rows = [...errors].map(([contestant, error]) => ({ case: 'start', contestant, error }));
    for (const one of CASES) {
      log(one.label);
      const results = await race(lanes, rounds, (lane) =>
        measureBurst(lane, { make: echoCall(one), inFlight: one.inFlight, ms: 1000 * seconds }),
      );
      rows.push(...toRows(results, { case: one.label, units: BURST_UNITS }));
    }
    for (const lane of lanes) await lane.close();
    return { rows, figures: {} };
  },
};

/** The remote server itself is asked over HTTP, the rest over their stdio. */
function connect(contestant, world) {
  if (contestant.id === 'direct') return openHttp(world.remote);
  return openStdio(contestant.remote(world.of(contestant), world.remote));
}
