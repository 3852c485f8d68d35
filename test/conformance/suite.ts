/** Runs the official conformance suite of the protocol and reads what it says. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installFromNpm, installNode, NODE_VERSION } from '../helpers/tools.ts';

const SUITE = '@modelcontextprotocol/conformance';
const SUITE_VERSION = '0.2.0-alpha.12';

/** The revisions whose frozen requirements are run: one of each era. */
export const REVISIONS = ['2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof REVISIONS)[number];

/** How many scenarios each revision requires of each role. */
export const REQUIRED: Readonly<Record<'server' | 'client', Readonly<Record<Revision, number>>>> = {
  server: { '2025-11-25': 30, '2026-07-28': 37 },
  client: { '2025-11-25': 18, '2026-07-28': 32 },
};

/** What one run of the suite said: scenario → checks failed, for the required ones and for those that do not count. */
export interface Verdict {
  readonly required: Readonly<Record<string, 'passed' | string>>;
  readonly unscored: Readonly<Record<string, 'passed' | string>>;
  /** Everything the suite printed, for a failing test's message. */
  readonly output: string;
}

/** Run the frozen requirements of a revision against a server's URL. */
export function testServer(
  url: string,
  revision: Revision,
  env: NodeJS.ProcessEnv = {},
): Promise<Verdict> {
  return runSuite(['server', '--url', url, '--requirements', revision], env);
}

/** Run the frozen requirements of a revision against a client's command; the suite appends its server's URL. */
export function testClient(
  command: string,
  revision: Revision,
  env: NodeJS.ProcessEnv = {},
): Promise<Verdict> {
  // The suite runs its scenarios all at once, which takes a small machine a while.
  const args = ['client', '--command', command, '--requirements', revision];
  return runSuite([...args, '--timeout', '120000'], env);
}

/** The names of the scenarios that did not pass. */
export function failures(verdict: Verdict): string[] {
  return Object.entries(verdict.required)
    .filter(([, outcome]) => outcome !== 'passed')
    .map(([name, outcome]) => `${name}: ${outcome}`);
}

async function runSuite(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Verdict> {
  const node = await installNode(NODE_VERSION);
  const modules = await installFromNpm('conformance', { [SUITE]: SUITE_VERSION });
  const results = mkdtempSync(join(tmpdir(), 'mcpm-conformance-'));
  try {
    const output = await new Promise<string>((done) => {
      execFile(
        node,
        [join(modules, SUITE, 'dist/index.js'), ...args, '--output-dir', results],
        { cwd: results, env: { ...process.env, ...env }, maxBuffer: 1 << 28, timeout: 170_000 },
        (_error, stdout, stderr) => done(`${stdout}\n${stderr}`),
      );
    });
    return readVerdict(output);
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

/** The summary names every scenario once with its counts; a second list names those that are not scored, with the reason. */
function readVerdict(output: string): Verdict {
  const unscored = new Set([...output.matchAll(/^ {2}[✓✗] (\S+) \(/gm)].map(([, name]) => name));
  const scenarios = [...output.matchAll(/^([✓✗]) (\S+): (\d+) passed, (\d+) failed(.*)$/gm)].map(
    ([, mark, name = '', passed, failed, rest]) =>
      [
        name,
        mark === '✓' ? 'passed' : `${failed} of ${Number(passed) + Number(failed)}${rest}`,
      ] as const,
  );
  return {
    required: Object.fromEntries(scenarios.filter(([name]) => !unscored.has(name))),
    unscored: Object.fromEntries(scenarios.filter(([name]) => unscored.has(name))),
    output,
  };
}
