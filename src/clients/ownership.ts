/** What of a client's entries is MCPM's. Pure. */
import type { Entry } from './types.ts';

/** What an entry of MCPM runs. */
export interface Target {
  readonly kind: 'server' | 'profile';
  readonly name: string;
}

/** The name of a target's entry. */
export function entryName({ kind, name }: Target): string {
  return kind === 'server' ? `mcpm_${name}` : `mcpm_profile_${name}`;
}

/** The words after `mcpm` that run a target. */
export function runWords({ kind, name }: Target): readonly string[] {
  return kind === 'server' ? ['run', name] : ['profile', 'run', name];
}

/**
 * What an entry runs when it is MCPM's: its command is `mcpm`, or a path that ends in it, and its arguments begin as
 * {@link runWords} has them. A remote entry is MCPM's (`--native`) when its name is a target's and `isNative` knows the name.
 */
export function targetOf(
  name: string,
  entry: Entry | undefined,
  isNative: (server: string) => boolean,
): Target | undefined {
  if (entry === undefined) return undefined;
  if (entry.kind === 'stdio') return targetOfCommand(entry.command, entry.args);
  const server = /^mcpm_(.+)$/.exec(name)?.[1];
  return server !== undefined && isNative(server) ? { kind: 'server', name: server } : undefined;
}

/** What a command line runs, when it is one of MCPM's. */
function targetOfCommand(command: string, args: readonly string[]): Target | undefined {
  if (!/(^|[/\\])mcpm(\.(cmd|exe|bat|ps1))?$/i.test(command)) return undefined;
  const [first, second, third] = args;
  if (first === 'run' && second !== undefined) return { kind: 'server', name: second };
  if (first === 'profile' && second === 'run' && third !== undefined)
    return { kind: 'profile', name: third };
  return undefined;
}

/** Whether two targets are the same. */
export function sameTarget(a: Target, b: Target): boolean {
  return a.kind === b.kind && a.name === b.name;
}
