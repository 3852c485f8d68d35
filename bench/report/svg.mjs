// Two kinds of charts as SVG text, readable on a light and on a dark page.
import { short } from './text.mjs';

const WIDTH = 760;
const LABEL = 190;
const RIGHT = 90;
const ROW = 26;
const TOP = 44;
const COLOURS = [
  '#2563eb',
  '#e0762f',
  '#16a34a',
  '#9333ea',
  '#dc2626',
  '#0891b2',
  '#a16207',
  '#64748b',
];
const STYLE = `<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2937; }
  .title { font-weight: 600; font-size: 14px; }
  .ours { fill: #2563eb; } .peer { fill: #94a3b8; } .floor { fill: #cbd5e1; }
  .grid { stroke: #cbd5e1; stroke-width: 1; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb; }
    .ours { fill: #60a5fa; } .peer { fill: #64748b; } .floor { fill: #475569; }
    .grid { stroke: #475569; }
  }
</style>`;

/** A bar for each contestant. `bars`: {label, kind, value}. */
export function barChart(title, bars) {
  const most = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - LABEL - RIGHT;
  const body = bars.map(({ label, kind, value }, i) => {
    const y = TOP + i * ROW;
    const width = Math.max(1, (room * value) / most);
    return [
      text(LABEL - 10, y + 15, label, 'end'),
      `<rect class="${kind}" x="${LABEL}" y="${y + 2}" width="${width.toFixed(1)}" height="${ROW - 8}" rx="3"/>`,
      text(LABEL + width + 8, y + 15, short(value)),
    ].join('\n');
  });
  return page(title, TOP + bars.length * ROW + 10, body);
}

/** Lines over logarithmic axes. `lines`: {label, points: [x, y]}, sorted by x. */
export function lineChart(title, lines) {
  const height = 340;
  const all = lines.flatMap(({ points }) => points);
  const box = { left: 70, right: WIDTH - LABEL - 10, top: TOP, bottom: height - 40 };
  const x = axis(
    all.map(([value]) => value),
    box.left,
    box.right,
  );
  const y = axis(
    all.map(([, value]) => value),
    box.bottom,
    box.top,
  );
  const ticks = [...new Set(all.map(([value]) => value))].sort((a, b) => a - b);
  const grid = [
    ...ticks.map((value) =>
      [
        line(x(value), box.top, x(value), box.bottom),
        text(x(value), box.bottom + 18, short(value), 'middle'),
      ].join('\n'),
    ),
    ...decades(all.map(([, value]) => value)).map((value) =>
      [
        line(box.left, y(value), box.right, y(value)),
        text(box.left - 8, y(value) + 4, short(value), 'end'),
      ].join('\n'),
    ),
  ];
  const curves = lines.map(({ label, points }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const path = points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ');
    const dots = points.map(
      ([a, b]) =>
        `<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    const legendY = box.top + 14 + i * 22;
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...dots,
      `<rect x="${box.right + 20}" y="${legendY - 10}" width="12" height="12" rx="2" fill="${colour}"/>`,
      text(box.right + 38, legendY, label),
    ].join('\n');
  });
  return page(title, height, [...grid, ...curves]);
}

/** A logarithmic scale of values onto pixels. */
function axis(values, from, to) {
  const low = Math.log(Math.min(...values));
  const span = Math.log(Math.max(...values)) - low || 1;
  return (value) => from + ((Math.log(value) - low) / span) * (to - from);
}

/** Powers of ten within the values' range; its ends when there are fewer than two. */
function decades(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const found = [];
  for (let power = Math.ceil(Math.log10(low)); 10 ** power <= high; power++)
    found.push(10 ** power);
  return found.length > 1 ? found : [low, high];
}

const escaped = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function text(x, y, words, anchor = 'start') {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function line(x1, y1, x2, y2) {
  const [a, b, c, d] = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line class="grid" x1="${a}" y1="${b}" x2="${c}" y2="${d}"/>`;
}

function page(title, height, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(title)}</title>
${STYLE}
<text class="title" x="16" y="24">${escaped(title)}</text>
${body.join('\n')}
</svg>
`;
}
