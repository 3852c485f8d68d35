/** Calls that wait for a client of the new era to come back with its input. */
import { randomUUID } from 'node:crypto';
import { McpmError } from '../../errors.ts';
import type { EngineSettings } from '../settings.ts';
import { digestOf, type Parked, Sealer } from './seal.ts';

/** A call that can be parked. */
export interface Parkable {
  /** Nobody came back for it. */
  expire(): void;
}

interface Place<T> {
  readonly call: T;
  readonly turn: number;
  readonly timer: NodeJS.Timeout;
}

/** More than this are not parked at once: the oldest go. */
const MAX_PARKED = 1_000;

/** All parked calls of a gateway. */
export class ParkingLot<T extends Parkable = Parkable> {
  readonly #sealer = new Sealer();
  readonly #places = new Map<string, Place<T>>();
  readonly #limitMs: number;
  readonly #now: () => number;
  #turn = 0;

  constructor(settings: Pick<EngineSettings, 'parkedMs'>, now: () => number) {
    this.#limitMs = settings.parkedMs;
    this.#now = now;
  }

  get size(): number {
    return this.#places.size;
  }

  /** Park a call until the same request comes back from the same principal; the text is for its `requestState`. */
  park(call: T, request: Parked): string {
    for (const [id, place] of this.#places) {
      if (this.#places.size < MAX_PARKED) break;
      this.#take(id);
      place.call.expire();
    }
    const id = randomUUID();
    const turn = this.#turn++;
    const timer = setTimeout(() => {
      this.#places.delete(id);
      call.expire();
    }, this.#limitMs);
    timer.unref();
    this.#places.set(id, { call, turn, timer });
    const expires = this.#now() + this.#limitMs;
    return this.#sealer.seal({ id, turn, expires, digest: digestOf(request) });
  }

  /**
   * Take a call out. A state can be used once.
   * @throws McpmError INVALID_INPUT when the state is forged, used, expired, or belongs to another request or somebody else.
   */
  claim(state: unknown, request: Parked): T {
    const content = this.#sealer.open(state);
    if (!content) throw new McpmError('INVALID_INPUT', 'requestState is not one of ours');
    if (content.expires < this.#now())
      throw new McpmError('INVALID_INPUT', 'requestState has expired');
    if (content.digest !== digestOf(request)) {
      throw new McpmError('INVALID_INPUT', 'requestState belongs to another request');
    }
    const place = this.#places.get(content.id);
    if (!place || place.turn !== content.turn) {
      throw new McpmError('INVALID_INPUT', 'requestState was used already, or its call has ended');
    }
    this.#take(content.id);
    return place.call;
  }

  /** End all of them. */
  close(): void {
    for (const [id, { call }] of this.#places) {
      this.#take(id);
      call.expire();
    }
  }

  #take(id: string): void {
    clearTimeout(this.#places.get(id)?.timer);
    this.#places.delete(id);
  }
}
