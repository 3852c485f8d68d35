// Which charts there are. `bars` shows one metric of one case, `lines` one metric of a series, over its input.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../lib/stats.mjs';
import { barChart, lineChart } from './svg.mjs';

const CHARTS = [
  {
    file: 'start.svg',
    title: 'From spawn to tools/list answered, stdio (ms, less is better)',
    bars: { suite: 'start', case: 'stdio: spawn to answers', metric: 'tools' },
  },
  {
    file: 'stdio-latency.svg',
    title: 'One call through stdio, 100 B, p50 (µs, less is better)',
    bars: { suite: 'pass-through', case: '100 B, 1 in flight', metric: 'p50' },
  },
  {
    file: 'stdio-payload.svg',
    title: 'One call through stdio over its payload (bytes → µs)',
    lines: { suite: 'pass-through', series: 'payload, 1 in flight', metric: 'p50' },
  },
  {
    file: 'http-rate.svg',
    title: 'Streamable HTTP → stdio, 16 in flight (calls a second, more is better)',
    bars: { suite: 'http', case: '100 B, 16 in flight, a connection each', metric: 'rate' },
  },
  {
    file: 'http-connections.svg',
    title: 'Streamable HTTP → stdio over connections (calls a second)',
    lines: { suite: 'http', series: 'connections', metric: 'rate' },
  },
  {
    file: 'profile-start.svg',
    title: 'A profile: all tools listed, over its servers (ms)',
    lines: { suite: 'profile', series: 'servers', metric: 'time' },
  },
  {
    file: 'profile-memory.svg',
    title: 'A profile: memory of the program without its servers (MB)',
    lines: { suite: 'profile', series: 'servers', metric: 'memory' },
  },
];

/** Draw every chart whose suite was run. @returns the files' names. */
export function writeCharts(folder, { suites }, contestants) {
  const drawn = CHARTS.flatMap(({ file, title, bars, lines }) => {
    const wanted = bars ?? lines;
    const rows = (suites.find(({ id }) => id === wanted.suite)?.rows ?? []).filter(
      ({ metric }) => metric === wanted.metric,
    );
    const picture = bars
      ? drawBars(title, rows, bars, contestants)
      : drawLines(title, rows, lines, contestants);
    return picture === undefined ? [] : [{ file, title, picture }];
  });
  for (const { file, picture } of drawn) writeFileSync(join(folder, file), picture);
  return drawn.map(({ file, title }) => ({ file, title }));
}

function drawBars(title, rows, wanted, contestants) {
  const mine = rows.filter((row) => row.case === wanted.case);
  const bars = contestants.flatMap(({ id, title: label, kind }) => {
    const row = mine.find(({ contestant }) => contestant === id);
    return row ? [{ label, kind, value: median(row.values) }] : [];
  });
  return bars.length > 1 ? barChart(title, bars) : undefined;
}

function drawLines(title, rows, wanted, contestants) {
  const lines = contestants.flatMap(({ id, title: label, kind }) => {
    const points = rows
      .filter(({ contestant }) => contestant === id)
      .flatMap(({ series = [], values }) =>
        series.filter((one) => one.id === wanted.series).map(({ x }) => [x, median(values)]),
      )
      .sort(([a], [b]) => a - b);
    return points.length > 1 ? [{ label, kind, points }] : [];
  });
  return lines.length > 0 ? lineChart(title, lines) : undefined;
}
