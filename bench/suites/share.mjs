// A shared server through the relay against the same one served directly, and the relay alone: what bench/share.mjs measures.
import { fileURLToPath } from 'node:url';
import { toEnd } from '../lib/processes.mjs';

const SHARE = fileURLToPath(new URL('../share.mjs', import.meta.url));
const [DIRECT, SHARED] = ['mcpm run --http', 'mcpm share, through the relay'];
const [ORIGIN, RELAY] = ['a bare HTTP origin', 'the relay before it'];

export const suite = {
  id: 'share',
  title: 'Share through the relay, over TLS',
  async run({ world, quick, log }) {
    log('bench/share.mjs');
    const argv = [world.node, SHARE, '--json', ...(quick ? ['--quick'] : [])];
    const { stdout } = await toEnd({ argv });
    const { call, callMany, one, many, large, events, memory } = JSON.parse(stdout);
    return {
      rows: [
        ...both('a tool called, 1 in flight', [DIRECT, SHARED], call),
        ...both('a tool called, 16 in flight', [DIRECT, SHARED], callMany),
        ...both('100 B, 1 in flight', [ORIGIN, RELAY], one),
        ...both('100 B, 16 in flight', [ORIGIN, RELAY], many),
        ...both('200 KB both ways, 16 in flight', [ORIGIN, RELAY], large),
        row('delay of an event', RELAY, 'p50', 'ms', events.p50),
        row('delay of an event', RELAY, 'p99', 'ms', events.p99),
        row('memory of the relay', 'without a tunnel', 'memory', 'MB', memory.before),
        row('memory of the relay', 'with 1,000 tunnels', 'memory', 'MB', memory.after),
      ],
      figures: {
        'share-p50': [call.ratio],
        'relay-rate': [many.rate],
        'relay-event': [events.p50],
        'relay-memory': [memory.after],
      },
    };
  },
};

const row = (name, contestant, metric, unit, value) => ({
  case: name,
  contestant,
  metric,
  unit,
  values: [value],
});

const both = (name, [near, far], { direct, relay, directRate, rate }) => [
  row(name, near, 'p50', 'ms', direct),
  row(name, near, 'rate', '/s', directRate),
  row(name, far, 'p50', 'ms', relay),
  row(name, far, 'rate', '/s', rate),
];
