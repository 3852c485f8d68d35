/** Real clients that npm can install: each is asked, by its own command, what servers it sees. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientKey } from '../../src/clients/index.ts';

/** One program. */
export interface Program {
  readonly client: ClientKey;
  /** Package and version: the one that its row cites. */
  readonly package: string;
  readonly version: string;
  /** The file to run, below node_modules. */
  readonly file: string;
  /** The arguments that make it list its servers. */
  readonly list: readonly string[];
  /** Variables without which it does not get that far. */
  readonly env?: NodeJS.ProcessEnv;
  /** What that prints of our process and of our remote entry. */
  readonly shows: readonly RegExp[];
  /** It starts our server through mcpm, and does not say so. */
  readonly starts?: true;
}

const cache = join(import.meta.dirname, '../../node_modules/.cache/clients');
const os = process.platform === 'win32' ? 'windows' : process.platform;
const here = `${os}-${process.arch}`;

/** A model's address where nobody answers. */
const NOWHERE = { OPENAI_HOST: 'http://127.0.0.1:9' };

const CLAUDE = `@anthropic-ai/claude-code-${here}`;
const URL = 'http://127\\.0\\.0\\.1:9/mcp';

/** Gemini CLI's list, and that of its heirs: it starts what it lists. */
const GEMINI = [
  /✓ mcpm_demo: mcpm run demo \(stdio\) - Connected/,
  new RegExp(`mcpm_linear: ${URL} \\(http\\)`),
] as const;

/** OpenCode's, and that of its heir. */
const OPENCODE = [
  /✓ mcpm_demo connected\n.*mcpm run demo\n/,
  new RegExp(`mcpm_linear \\w+\\n(?:.*\\n)?.*${URL}\\n`),
] as const;

/** Programs whose package holds no JavaScript to run name the package of this platform instead. */
export const PROGRAMS: readonly Program[] = [
  {
    ...npm('codex-cli', '@openai/codex', '0.169.0', '.bin/codex'),
    shows: [
      /^mcpm_demo +mcpm +run demo .*enabled/m,
      new RegExp(`^mcpm_linear +${URL} .*enabled`, 'm'),
    ],
  },
  { ...npm('gemini-cli', '@google/gemini-cli', '0.61.0', '.bin/gemini'), shows: GEMINI },
  { ...npm('qwen-cli', '@qwen-code/qwen-code', '0.24.4', '.bin/qwen'), shows: GEMINI },
  {
    ...npm('opencode', `opencode-${here}`, '1.18.33', `opencode-${here}/bin/opencode`),
    shows: OPENCODE,
  },
  {
    ...npm('claude-code', CLAUDE, '2.1.197', `${CLAUDE}/claude`),
    shows: [
      /^mcpm_demo: mcpm run demo - ✔ Connected$/m,
      new RegExp(`^mcpm_linear: ${URL} \\(HTTP\\) - `, 'm'),
    ],
  },
  {
    ...npm('copilot-cli', '@github/copilot', '1.0.102', '.bin/copilot'),
    shows: [/^ +mcpm_demo \(local\)$/m, /^ +mcpm_linear \(http\)$/m],
  },
  { ...npm('qoder', '@qoder-ai/qodercli', '1.1.52', '.bin/qodercli'), shows: GEMINI },
  {
    ...npm('augment', '@augmentcode/auggie', '0.36.0', '.bin/auggie'),
    shows: [/mcpm_demo +stdio +mcpm run demo/, new RegExp(`mcpm_linear +http +${URL}`)],
  },
  {
    ...npm('factory-droid', `@factory/cli-${here}`, '0.215.0', `@factory/cli-${here}/bin/droid`),
    shows: [/^ +mcpm_demo +stdio +connected +\[user\]$/m, /^ +mcpm_linear +http .*\[user\]$/m],
  },
  {
    ...npm('kilo-code', `@kilocode/cli-${here}`, '7.7.9', `@kilocode/cli-${here}/bin/kilo`),
    shows: OPENCODE,
  },
  {
    ...npm('amp', `@ampcode/cli-${here}`, '0.0.1790142911-g7618fb', `@ampcode/cli-${here}/amp`),
    shows: [
      /^ +mcpm_demo +command +mcpm run demo$/m,
      new RegExp(`^ +mcpm_linear +url +${URL}$`, 'm'),
    ],
  },
  {
    ...npm(
      'goose-cli',
      `@aaif/goose-binary-${here}`,
      '1.52.0',
      `@aaif/goose-binary-${here}/bin/goose`,
    ),
    // Goose has no list: a session starts its extensions, and ends when it finds no model.
    list: ['run', '--no-session', '-t', 'hi'],
    env: { GOOSE_PROVIDER: 'openai', GOOSE_MODEL: 'gpt-4o', OPENAI_API_KEY: 'none', ...NOWHERE },
    shows: [/Failed to start extension 'mcpm_linear' .*127\.0\.0\.1:9\/mcp/, /goose is ready/],
    starts: true,
  },
  {
    ...npm('grok-build', '@xai-official/grok', '1.0.41', '.bin/grok'),
    shows: [/^ +mcpm_demo: mcpm run demo$/m, new RegExp(`^ +mcpm_linear: ${URL}$`, 'm')],
  },
  {
    ...npm('cline-cli', `@cline/cli-${here}`, '3.0.65', `@cline/cli-${here}/bin/cline`),
    list: ['config', 'mcp'],
    shows: [/^ +mcpm_demo \[stdio\]$/m, /^ +mcpm_linear \[streamableHttp\]$/m],
  },
  {
    ...npm('mcporter', 'mcporter', '0.12.3', '.bin/mcporter'),
    list: ['config', 'list'],
    shows: [
      /^mcpm_demo\n.*\n +Transport: stdio \(mcpm run demo\)$/m,
      new RegExp(`^mcpm_linear\\n.*\\n +Transport: http \\(${URL}\\)$`, 'm'),
    ],
  },
];

/** What is run of a program. */
type Source = Omit<Program, 'shows'>;

/** The parser that Continue reads its configuration with. */
export const CONTINUE_PARSER = npm(
  'continue',
  '@continuedev/config-yaml',
  '1.42.0',
  '@continuedev/config-yaml/dist/index.js',
);

/** What came of the attempt to have a program. */
export type Obtained = { readonly path: string } | { readonly missing: string };

/** All installations together may take this long; what is not there by then is left out. Milliseconds. */
const INSTALL_BUDGET = 170_000;
let spent = 0;

/** The program's file, installed into a cache of this test's own unless it is there already. */
export async function obtain(program: Source): Promise<Obtained> {
  const folder = join(cache, `${program.client}-${program.version}`);
  const path = join(folder, 'node_modules', program.file);
  if (installedVersion(folder, program) === program.version && existsSync(path)) return { path };
  const left = INSTALL_BUDGET - spent;
  if (left <= 0) return { missing: `no time left to install ${program.package}` };
  mkdirSync(folder, { recursive: true });
  const started = Date.now();
  const install = await run('npm', installArgs(program, folder), { cwd: folder, timeout: left });
  spent += Date.now() - started;
  if (install.status === 0 && existsSync(path)) return { path };
  return { missing: `npm cannot install ${program.package}: ${lastLine(install.output)}` };
}

/** What a program printed, on both streams. */
export interface Run {
  readonly status: number;
  readonly output: string;
}

/** Run a program to its end, or for as long as it may take. */
export function run(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly timeout: number; readonly env?: NodeJS.ProcessEnv },
): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      { ...options, killSignal: 'SIGKILL', maxBuffer: 1 << 24 },
      (error, stdout, stderr) => {
        const status = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
        resolve({ status, output: plain(stdout + stderr) });
      },
    );
    child.stdin?.end();
  });
}

function npm(client: ClientKey, name: string, version: string, file: string): Source {
  return { client, package: name, version, file, list: ['mcp', 'list'] };
}

function installArgs(program: Source, folder: string): readonly string[] {
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const bounded = ['--fetch-retries=0', '--fetch-timeout=30000'];
  return [
    'install',
    '--prefix',
    folder,
    ...quiet,
    ...bounded,
    `${program.package}@${program.version}`,
  ];
}

function installedVersion(folder: string, { package: name }: Source): string | undefined {
  try {
    const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return text.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, '');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
