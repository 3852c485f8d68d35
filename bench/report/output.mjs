// What a run leaves: tables on the terminal; results.json, report.md and charts in a folder.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCharts } from './charts.mjs';
import { budgetRows, markdown, plain, short, tables } from './text.mjs';

/** Print a run's tables, curves and budgets. */
export function printRun(run, contestants) {
  console.log(`\nNode ${run.node}`);
  for (const { title, source, missing } of contestants) {
    if (missing) console.log(`  not there: ${title} (${JSON.stringify(source)}): ${missing}`);
  }
  for (const suite of run.suites) {
    console.log(`\n${suite.title}`);
    for (const table of tables(suite.rows, contestants)) console.log(plain(table));
    if (suite.growth.length > 0) console.log(plain(growthTable(suite.growth, contestants)));
  }
  console.log(plain(budgetTable(run.budgets)));
}

/** The curves of what one call or one start costs; results.json has those of every metric. */
function growthTable(curves, contestants) {
  const title = (id) => contestants.find((one) => one.id === id)?.title ?? id;
  return {
    case: 'growth: metric ~ input^k',
    columns: ['', 'input', 'metric', 'k', 'r²', 'k of the last step'],
    rows: curves
      .filter(({ metric }) => !['p99', 'rate', 'cpu'].includes(metric))
      .map(({ contestant, series, metric, exponent, r2, last }) => [
        ...[title(contestant), series, metric],
        ...[exponent, r2, last].map((value) => value.toFixed(2)),
      ]),
  };
}

const budgetTable = (budgets) => ({
  case: 'budgets',
  columns: ['', 'limit', 'value', 'what'],
  rows: budgetRows(budgets),
});

/** Write results.json, and beside it the report. */
export function writeResults(folder, results) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  writeReport(folder, results);
}

/** Write report.md and the charts (of the first Node). */
export function writeReport(folder, results) {
  mkdirSync(folder, { recursive: true });
  const charts = writeCharts(folder, results.runs[0], results.contestants);
  writeFileSync(join(folder, 'report.md'), reportText(results, charts));
}

function reportText({ date, machine, rounds, seconds, contestants, runs }, charts) {
  const { cpu, cores, memoryGB, system } = machine;
  const parts = [
    '# Measured\n',
    `On ${date.slice(0, 10)} on ${cores} cores of ${cpu}, ${memoryGB} GB, ${system}; medians of ${rounds} interleaved rounds of ${short(seconds)} s.\n`,
    ...charts.map(({ file, title }) => `![${title}](${file})\n`),
    contestantTable(contestants),
  ];
  for (const run of runs) {
    parts.push(`## Node ${run.node}\n`, markdown(budgetTable(run.budgets)));
    for (const suite of run.suites) {
      parts.push(`### ${suite.title}\n`, ...tables(suite.rows, contestants).map(markdown));
      if (suite.growth.length > 0) parts.push(markdown(growthTable(suite.growth, contestants)));
    }
  }
  return `${parts.join('\n')}`;
}

function contestantTable(contestants) {
  return markdown({
    case: 'Who takes part',
    columns: ['', 'version', 'note'],
    rows: contestants.map(({ title, version, with: companion, missing, kind }) => [
      title,
      version ?? '',
      missing ? `not installed: ${missing}` : (companion ?? kind),
    ]),
  });
}
