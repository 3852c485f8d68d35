/** The programs that installations are started with, and how a person gets them. */
import type { Context } from '../context.ts';
import { findProgram } from '../platform/which.ts';

/** One runtime. */
interface Runtime {
  /** The programs that provide it, the usual one first. */
  readonly programs: readonly string[];
  /** What to do to have it. */
  readonly advice: string;
}

const NODE = 'Install Node.js 20 or newer from https://nodejs.org (npx comes with it).';
const UV = 'Install uv: `pip install uv`, or see https://docs.astral.sh/uv/.';

/** What is known about runtimes, by the command that a manifest names. */
const RUNTIMES: Readonly<Record<string, Runtime>> = {
  npx: { programs: ['npx'], advice: NODE },
  node: { programs: ['node'], advice: NODE },
  npm: { programs: ['npm'], advice: NODE },
  pnpm: { programs: ['pnpm'], advice: 'Install pnpm: `npm install -g pnpm`.' },
  yarn: { programs: ['yarn'], advice: 'Install Yarn: `npm install -g yarn`.' },
  bun: { programs: ['bun'], advice: 'Install Bun from https://bun.sh.' },
  bunx: { programs: ['bunx'], advice: 'Install Bun from https://bun.sh.' },
  deno: { programs: ['deno'], advice: 'Install Deno from https://deno.com.' },
  uvx: { programs: ['uvx'], advice: UV },
  uv: { programs: ['uv'], advice: UV },
  python: { programs: ['python', 'python3'], advice: 'Install Python from https://python.org.' },
  python3: { programs: ['python3', 'python'], advice: 'Install Python from https://python.org.' },
  docker: {
    programs: ['docker'],
    advice: 'Install Docker from https://docs.docker.com/get-docker/ and start it.',
  },
  dnx: { programs: ['dnx'], advice: 'Install the .NET 10 SDK from https://dotnet.microsoft.com.' },
};

/** Command → the program that was found for it. */
export type Present = ReadonlyMap<string, string>;

/** Look for commands on the PATH. A command that is found under another name (`python3` for `python`) is noted under both. */
export async function lookForPrograms(
  ctx: Pick<Context, 'env' | 'platform'>,
  commands: Iterable<string>,
): Promise<Present> {
  const present = new Map<string, string>();
  for (const command of new Set(commands)) {
    for (const program of RUNTIMES[command]?.programs ?? [command]) {
      if ((await findProgram(ctx, program)) === undefined) continue;
      present.set(command, program);
      break;
    }
  }
  return present;
}

/** How to get a missing program. */
export function adviceFor(command: string): string {
  return RUNTIMES[command]?.advice ?? `Install ${command} and put it on the PATH.`;
}
