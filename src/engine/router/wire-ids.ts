/** Ids of the requests to one server. */
import type { RequestId } from '../json-rpc.ts';

/** Ids made here begin at this; clients count from 0 or 1. */
const FIRST_MADE = 1_000_000_000;

/** No two ids that it gives are ever alike, so that a late answer to one client cannot reach another. */
export class WireIds {
  #lastKept = -1;
  #nextMade = FIRST_MADE;

  /** An id that no other request has. */
  make(): number {
    return this.#nextMade++;
  }

  /** The client's own where it goes on counting, so that neither the request nor its answer need be written anew; else a new one. */
  keepOrMake(id: RequestId): number {
    const kept = typeof id === 'number' && Number.isInteger(id) && id > this.#lastKept;
    if (!kept || id >= FIRST_MADE) return this.make();
    this.#lastKept = id;
    return id;
  }
}
