/** Whom a server means, when its transport does not say: never a guess between two clients. */
import type { OpenCall } from './open-calls.ts';
import type { Party } from './party.ts';

/**
 * The open call that something from a server belongs to: named by the transport, or any one of a client that has all of them; best one that
 * the client waits for.
 */
export function callMeant(
  calls: readonly OpenCall[],
  named: OpenCall | undefined,
): OpenCall | undefined {
  if (named) return named;
  const [first, ...others] = calls;
  if (!first || !others.every((other) => isSameClient(first.call.party, other.call.party)))
    return undefined;
  return calls.findLast(({ call }) => call.party.reachable) ?? first;
}

/** Whether two parties are one client; requests of the new era are parties of their own. */
export function isSameClient(a: Party, b: Party): boolean {
  return a === b || (a.client !== undefined && a.client === b.client);
}

/** The party that a server's request outside of any call is for: the only one attached, or the only one that can be reached. */
export function partyMeant(parties: ReadonlySet<Party>): Party | undefined {
  const all = [...parties].filter((party) => party.profile.era === 'legacy');
  if (all.length === 1) return all[0];
  const reachable = all.filter((party) => party.reachable);
  return reachable.length === 1 ? reachable[0] : undefined;
}
