/** Which party something that a server names later belongs to. */
import type { Party } from './party.ts';

/** So many are remembered; the oldest are forgotten first. */
const MAX_OWNED = 1_000;

/** Ids of one kind, of one server. */
export class Owners {
  readonly #parties = new Map<string, Party>();

  /** From now on an id is that party's; anything but a text is no id. */
  note(id: unknown, party: Party): void {
    if (typeof id !== 'string') return;
    this.#parties.set(id, party);
    const [oldest] = this.#parties.keys();
    if (this.#parties.size > MAX_OWNED && oldest !== undefined) this.#parties.delete(oldest);
  }

  of(id: unknown): Party | undefined {
    return this.#parties.get(id as string);
  }

  /** A party is gone. */
  leave(party: Party): void {
    for (const [id, owner] of this.#parties) if (owner === party) this.#parties.delete(id);
  }
}
