/** Those on the client's side, as the router and the links see them. */
import type { ClientProfile } from '../eras/era.ts';
import type { Frame } from '../frames/frame.ts';
import type { Json, RequestId, Response } from '../json-rpc.ts';

/** A request of a server to a client: elicitation, sampling, roots, or a vendor's own. */
export interface Ask {
  readonly server: string;
  readonly method: string;
  readonly params: Json | undefined;
  /** The client's request during which it came, when that is known. */
  readonly during: Call | undefined;
  /** Give the server its answer; the id does not matter. Later answers are ignored. */
  answer(response: Response): void;
}

/** One client: a session of the old era, or a request or stream of the new one. */
export interface Party {
  /** Names the session in usage records, and keys isolated servers. */
  readonly id: string;
  readonly profile: ClientProfile;
  /** Whom the guard said it is from; undefined without one. */
  readonly principal?: string | undefined;
  /** Which client a request of the new era is from, where that is known: on one connection, or by a guard. */
  readonly client?: string | undefined;
  /** Something can be delivered to it outside of an answer, now. */
  readonly reachable: boolean;
  /** From which level on it wants log messages; undefined: it never said. */
  logLevel: string | undefined;
  /** Its requests that have no answer yet, by its own ids. */
  readonly open: Map<RequestId, Call>;
  /** Deliver a notification; on the stream of `call` where the transport has one for each request. */
  notify(frame: Frame, call?: Call): void;
  /** Have the client answer a request. Returns what takes the question back. */
  ask(ask: Ask): (reason: string) => void;
}

/** What a call is made of. */
interface CallParts {
  readonly party: Party;
  /** The client's own id for it. */
  readonly id: RequestId;
  readonly method: string;
  /** How many bytes the client's request had, where that is known. */
  readonly size: number | undefined;
  /** It is over. The id of the answer is not the client's: that is put in its place by the receiver. */
  readonly done: (answer: Frame) => void;
}

/** One request of a client on its way to a server. A class, so that all have one shape: what is done with each is on the way of every call. */
export class Call implements CallParts {
  readonly party: Party;
  readonly id: RequestId;
  readonly method: string;
  readonly size: number | undefined;
  readonly done: (answer: Frame) => void;
  /** Tell whoever works on it that the answer is not wanted any more. Set by the one that took it on. */
  cancel: ((params: Json) => void) | undefined = undefined;

  constructor({ party, id, method, size, done }: CallParts) {
    this.party = party;
    this.id = id;
    this.method = method;
    this.size = size;
    this.done = done;
  }

  /** The call for the next step, whose answer `done` gets; to cancel this one is to cancel that. */
  through(done: (answer: Frame) => void): Call {
    const { party, id, method, size } = this;
    const inner = new Call({ party, id, method, size, done });
    this.cancel = (params) => inner.cancel?.(params);
    return inner;
  }
}
