// The tables: one a case, a row a contestant, a column a metric; as text for a terminal and for Markdown.
import { median } from '../lib/stats.mjs';

/** A number as people write it: three digits that count. */
export function short(value) {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(digits, 2) });
}

/** Rows of a suite as tables: [{case, columns, rows: [[title, cell…]]}]. */
export function tables(rows, contestants) {
  const cases = [...new Set(rows.map((row) => row.case))];
  return cases.map((name) => {
    const mine = rows.filter((row) => row.case === name);
    const metrics = new Map(
      mine.filter(({ metric }) => metric).map(({ metric, unit }) => [metric, unit]),
    );
    const first = [...metrics.keys()][0];
    const ours = medianOf(mine, 'mcpm', first);
    const compared = !Number.isNaN(ours);
    const body = takingPart(mine, contestants).map(({ id, title }) => {
      const failed = mine.find((row) => row.contestant === id && row.error);
      if (failed) return [title, `failed: ${failed.error.replaceAll('\n', ' ').slice(0, 70)}`];
      const cells = [...metrics.keys()].map((metric) => short(medianOf(mine, id, metric)));
      return [title, ...cells, ...(compared ? [short(medianOf(mine, id, first) / ours)] : [])];
    });
    const heads = [...metrics].map(([metric, unit]) => (unit ? `${metric} (${unit})` : metric));
    return {
      case: name,
      columns: ['', ...heads, ...(compared ? [`${first} × mcpm`] : [])],
      rows: body,
    };
  });
}

/** The contestants of rows: known ones in their order, then those that only a suite knows, by their id. */
function takingPart(rows, contestants) {
  const ids = new Set(rows.map(({ contestant }) => contestant));
  const known = contestants.filter(({ id }) => ids.has(id));
  for (const { id } of known) ids.delete(id);
  return [...known, ...[...ids].map((id) => ({ id, title: id }))];
}

function medianOf(rows, contestant, metric) {
  const row = rows.find(
    (one) => one.values && one.contestant === contestant && one.metric === metric,
  );
  return row ? median(row.values) : Number.NaN;
}

const isText = (head, column) =>
  column === 0 || ['version', 'note', 'limit', 'what', 'input', 'metric'].includes(head);

/** A table in plain text, columns aligned. */
export function plain({ case: name, columns, rows }) {
  const all = [columns, ...rows];
  const full = all.filter((row) => row.length === columns.length);
  const widths = columns.map((_, i) => Math.max(...full.map((row) => row[i].length)));
  widths[0] = Math.max(...all.map((row) => row[0].length));
  const line = (row) =>
    row
      .map((cell, i) =>
        isText(columns[i], i) || row.length < 3 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
      )
      .join('  ');
  return `\n  ${name}\n${all.map((row) => `    ${line(row).trimEnd()}`).join('\n')}`;
}

/** A table in Markdown. */
export function markdown({ case: name, columns, rows }) {
  const line = (cells) => `| ${columns.map((_, i) => cells[i] ?? '').join(' | ')} |`;
  const rule = `| ${columns.map((head, i) => (isText(head, i) ? '---' : '--:')).join(' | ')} |`;
  return `**${name}**\n\n${[line(columns), rule, ...rows.map(line)].join('\n')}\n`;
}

/** The verdict on budgets as a table of cells. */
export function budgetRows(budgets) {
  return budgets.map(({ title, limit, value, state }) => [
    state,
    limit,
    value === undefined ? '–' : short(value),
    title,
  ]);
}
