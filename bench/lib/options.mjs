// What can be chosen on the command line.
import { parseArgs } from 'node:util';

const HELP = `Measure mcpm beside what people would use instead.

  npm run bench -- [SUITE…] [options]

  --peers A,B       only these contestants, and the floors (see --list)
  --rounds N        rounds of every measurement (5)
  --seconds S       length of one burst of load (0.4)
  --quick           fewer rounds, shorter bursts, smaller cases
  --node 20,22,24   run everything with these Nodes, from npm (this one)
  --check           exit 1 when a budget of the chosen suites is missed or was not measured
  --out DIR         where results.json, report.md and the charts go (.cache/bench/results)
  --docs            write the report and the charts into docs/bench/ too
  --cache DIR       where peers are installed (.cache/bench)
  --refresh         install the newest peers again
  --offline         install nothing
  --list            list suites and contestants
`;

const OPTIONS = {
  peers: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  node: { type: 'string' },
  check: { type: 'boolean', default: false },
  out: { type: 'string', default: '.cache/bench/results' },
  docs: { type: 'boolean', default: false },
  cache: { type: 'string', default: '.cache/bench' },
  refresh: { type: 'boolean', default: false },
  offline: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false, short: 'h' },
};

/** @returns the options; undefined after help was shown. @throws on what is not understood. */
export function readOptions(argv, suiteIds) {
  const { values, positionals } = parseArgs({
    args: argv,
    options: OPTIONS,
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const unknown = positionals.filter((id) => !suiteIds.includes(id));
  if (unknown.length > 0) {
    throw new Error(`no suite ${unknown.join(', ')}; there are ${suiteIds.join(', ')}`);
  }
  return {
    ...values,
    suites: positionals.length > 0 ? positionals : suiteIds,
    peers: values.peers?.split(','),
    rounds: positive('rounds', values.rounds ?? (values.quick ? 3 : 5)),
    seconds: positive('seconds', values.seconds ?? (values.quick ? 0.15 : 0.4)),
    nodes: values.node?.split(',').map((major) => positive('node', major)),
  };
}

function positive(name, value) {
  const number = Number(value);
  if (!(number > 0)) throw new Error(`--${name} wants a positive number, not ${value}`);
  return number;
}
