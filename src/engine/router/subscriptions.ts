/** Who listens to which resource, or task, of one server, so that the server is told once. */
import type { Party } from './party.ts';

/** The subscriptions of one link. URIs and ids are the server's own. */
export class Subscriptions {
  readonly #parties = new Map<string, Set<Party>>();

  /** Every URI that somebody listens to. */
  uris(): string[] {
    return [...this.#parties.keys()];
  }

  /** Who is to hear of a URI: a server may tell of a part of what was subscribed to (schema, `ResourceUpdatedNotificationParams`). */
  of(uri: string): Set<Party> {
    const told = new Set<Party>();
    for (const [whole, parties] of this.#parties) {
      if (uri === whole || isPart(uri, whole)) for (const party of parties) told.add(party);
    }
    return told;
  }

  /** Any one that listens. */
  someone(): Party | undefined {
    for (const [party] of this.#parties.values()) return party;
    return undefined;
  }

  /** True when it is the first, so that the server must be told. */
  add(party: Party, uri: string): boolean {
    const parties = this.#parties.get(uri) ?? new Set();
    this.#parties.set(uri, parties.add(party));
    return parties.size === 1;
  }

  /** True when it was the last. */
  remove(party: Party, uri: string): boolean {
    const parties = this.#parties.get(uri);
    if (!parties?.delete(party) || parties.size > 0) return false;
    return this.#parties.delete(uri);
  }

  /** A party is gone: the URIs that nobody listens to any more. */
  drop(party: Party): string[] {
    return this.uris().filter((uri) => this.remove(party, uri));
  }
}

function isPart(uri: string, whole: string): boolean {
  return uri.startsWith(whole) && (whole.endsWith('/') || /^[/?#]/.test(uri.slice(whole.length)));
}
