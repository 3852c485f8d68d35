// One stdio server behind the older HTTP+SSE transport: as many sessions as connections, one call in flight each.
import { openLanes, race, toRows } from '../lib/race.mjs';
import { echoCall } from '../load/frames.mjs';
import { openGateway } from '../load/gateway.mjs';
import { BURST_UNITS, measureBurst } from '../load/measure.mjs';
import { openSse } from '../load/sse.mjs';

const SESSIONS = [1, 16, 64];

export const suite = {
  id: 'sse',
  title: 'HTTP+SSE → stdio',
  needs: 'sse',
  async run({ contestants, world, rounds, seconds, log }) {
    const { lanes, errors } = await openLanes(contestants, async (contestant, track) =>
      track(await openGateway(contestant.sse, world.of(contestant), openSse)),
    );
    const rows = [...errors].map(([contestant, error]) => ({ case: 'start', contestant, error }));
    const make = echoCall({ bytes: 100 });
    for (const inFlight of SESSIONS) {
      const label = `100 B, ${inFlight} sessions, one call in flight each`;
      log(label);
      const results = await race(lanes, rounds, async (lane) => {
        await lane.client.initialize(inFlight);
        return measureBurst(lane, { make, inFlight, ms: 1000 * seconds });
      });
      const series = [{ id: 'sessions', x: inFlight }];
      rows.push(...toRows(results, { case: label, series, units: BURST_UNITS }));
    }
    for (const lane of lanes) await lane.close();
    return { rows, figures: {} };
  },
};
