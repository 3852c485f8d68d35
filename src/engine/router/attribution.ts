/** Whom a server means, when its transport does not say: never a guess between two clients. */
import type { OpenCall } from './open-calls.ts';
import type { Party } from './party.ts';

/** The open call that something from a server belongs to: named by the transport, or the only one there can be. */
export function callMeant(
  calls: Iterable<OpenCall>,
  named: OpenCall | undefined,
): OpenCall | undefined {
  if (named) return named;
  let found: OpenCall | undefined;
  for (const call of calls) {
    if (found && found.call.party !== call.call.party) return undefined;
    found = call;
  }
  return found;
}

/** The party that a server's request outside of any call is for: the only one attached, or the only one that can be reached. */
export function partyMeant(parties: ReadonlySet<Party>): Party | undefined {
  const all = [...parties].filter((party) => party.profile.era === 'legacy');
  if (all.length === 1) return all[0];
  const reachable = all.filter((party) => party.reachable);
  return reachable.length === 1 ? reachable[0] : undefined;
}
