// One server over stdio: what stands between costs how much?
import { combine, openLanes, race, raceAfresh, toRows } from '../lib/race.mjs';
import { echoCall } from '../load/frames.mjs';
import { BURST_UNITS, measureBurst, warm } from '../load/measure.mjs';
import { openStdio } from '../load/stdio.mjs';

const KB = 1000;
const MB = 1000 * KB;

const CASES = [
  { bytes: 100, size: '100 B' },
  { bytes: 10 * KB, size: '10 KB' },
  { bytes: MB, size: '1 MB' },
].flatMap(({ bytes, size }) =>
  [1, 8, 32].map((inFlight) => ({ bytes, inFlight, label: `${size}, ${inFlight} in flight` })),
);
const SMALLEST = CASES[0];
const HUGE = { bytes: 100 * MB, label: '100 MB result' };

export const suite = {
  id: 'pass-through',
  title: 'stdio → stdio, one server',
  needs: 'stdio',
  async run({ contestants, world, rounds, seconds, quick, log }) {
    const open = async (contestant, track) => {
      const client = track(openStdio(contestant.stdio(world.of(contestant))));
      await client.initialize();
      await warm(client, echoCall({ bytes: 100 }));
      return { client, pid: client.pid };
    };
    const { lanes, errors } = await openLanes(contestants, open);
    const rows = [...errors].map(([contestant, error]) => ({ case: 'start', contestant, error }));
    const figures = {};
    for (const one of CASES) {
      log(one.label);
      const make = echoCall(one);
      const measure = (lane) =>
        measureBurst(lane, { make, inFlight: one.inFlight, ms: 1000 * seconds });
      const results = await (one === SMALLEST
        ? raceAfresh(
            contestants.filter(({ id }) => !errors.has(id)),
            rounds,
            open,
            measure,
          )
        : race(lanes, rounds, measure));
      rows.push(...toRows(results, { case: one.label, series: seriesOf(one), units: BURST_UNITS }));
      Object.assign(figures, FIGURES[one.label]?.(results));
    }
    log(HUGE.label);
    const huge = await race(lanes, quick ? 1 : Math.min(rounds, 3), measureHuge);
    rows.push(
      ...toRows(huge, {
        case: HUGE.label,
        series: [{ id: 'payload, 1 in flight', x: HUGE.bytes }],
        units: { ...BURST_UNITS, speed: 'MB/s' },
      }),
    );
    figures['huge-result'] = huge.get('mcpm')?.samples.speed;
    for (const lane of lanes) await lane.close();
    return { rows, figures };
  },
};

const seriesOf = ({ bytes, inFlight }) => [
  ...(inFlight === 1 ? [{ id: 'payload, 1 in flight', x: bytes }] : []),
  ...(bytes === 100 ? [{ id: 'in flight, 100 B', x: inFlight }] : []),
];

async function measureHuge({ client }) {
  const began = performance.now();
  const answer = await client.callMade(echoCall({ bytes: HUGE.bytes, answer: true }));
  const ms = performance.now() - began;
  if (answer.length < HUGE.bytes) throw new Error(`the result was cut to ${answer.length} bytes`);
  return { p50: 1000 * ms, speed: answer.length / 1000 / ms };
}

const FIGURES = {
  '100 B, 1 in flight': (results) => ({
    'stdio-added': combine(results, 'p50', ['mcpm', 'direct', 'pipe'], (mcpm, direct, pipe) =>
      pipe > direct ? (mcpm - direct) / (pipe - direct) : Number.NaN,
    ),
  }),
  '100 B, 32 in flight': (results) => ({
    'stdio-rate': combine(results, 'rate', ['mcpm', 'pipe'], (mcpm, pipe) => mcpm / pipe),
  }),
};
