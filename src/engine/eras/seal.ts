/** Sealing of `requestState`: what we hand to a client comes back unchanged, in time, on the same request, once. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Json } from '../json-rpc.ts';

/** What is sealed. */
export interface Sealed {
  /** The parked call. */
  readonly id: string;
  /** Which of its states: a new one each time, so that a used one is void. */
  readonly turn: number;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** The request it belongs to, as {@link digestOf}. */
  readonly digest: string;
}

/** A key that lives as long as the process: so do parked calls. */
export class Sealer {
  readonly #key = randomBytes(32);

  seal(content: Sealed): string {
    const body = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${body}.${this.#mac(body).toString('base64url')}`;
  }

  /** The content; undefined when it was not sealed here. Says nothing about expiry. */
  open(text: unknown): Sealed | undefined {
    if (typeof text !== 'string') return undefined;
    const [body = '', mac = '', ...rest] = text.split('.');
    const given = Buffer.from(mac, 'base64url');
    const right = this.#mac(body);
    if (rest.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) {
      return undefined;
    }
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Sealed;
  }

  #mac(body: string): Buffer {
    return createHmac('sha256', this.#key).update(body).digest();
  }
}

/** The request that a state was given out for. */
export interface Parked {
  readonly method: string;
  readonly params: Json;
  /** Whom the guard said it is from: nobody else may come back for it. */
  readonly principal: string | undefined;
}

/** What makes a request the same when it is tried again: whose it is, its method, and its parameters without the answers and `_meta`. */
export function digestOf({ method, params, principal }: Parked): string {
  const { _meta, inputResponses, requestState, ...own } = params;
  return createHash('sha256')
    .update(canonical([principal ?? null, method, own]))
    .digest('base64url');
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
