/** Requests of a server that wait for a client's answer. */
import { type Frame, frameOf } from '../frames/frame.ts';
import {
  errorOf,
  type Json,
  type Request,
  type RequestId,
  type Response,
  RPC,
} from '../json-rpc.ts';
import type { Call, Party } from './party.ts';

interface Open {
  readonly during: Call | undefined;
  cancel: (reason: string) => void;
}

/** The way to the server, and between its names and those that clients know. */
interface Passage {
  send(frame: Frame): void;
  outward(params: Json | undefined): Json | undefined;
  inward(result: Json): Json;
}

/** All that one server asks. */
export class AskTable {
  readonly #server: string;
  readonly #passage: Passage;
  readonly #open = new Map<RequestId, Open>();

  constructor(server: string, passage: Passage) {
    this.#server = server;
    this.#passage = passage;
  }

  /** Pass a request on to the party it is for. Without one the server gets an error: no client is shown what may be another's. */
  open(request: Request, party: Party | undefined, during: Call | undefined): void {
    const { id, method } = request;
    const answer = (response: Response) => {
      if (!this.#open.delete(id)) return;
      const { result } = response;
      const own = result && { result: this.#passage.inward(result) };
      this.#passage.send(frameOf({ ...response, ...own, id }));
    };
    const open: Open = { during, cancel: () => {} };
    this.#open.set(id, open);
    if (!party) {
      const why =
        'it cannot be told which of the clients that share this server is asked; isolation "session" gives each its own';
      answer(errorOf(id, RPC.INTERNAL, why));
      return;
    }
    const params = this.#passage.outward(request.params);
    open.cancel = party.ask({ server: this.#server, method, params, during, answer });
  }

  /** The server takes a request back. */
  withdraw(id: unknown, reason: string): void {
    const open = this.#open.get(id as RequestId);
    this.#open.delete(id as RequestId);
    open?.cancel(reason);
  }

  /** What was asked during a call is moot, which the server is told; without one, all of it, of a server that is gone. */
  drop(during: Call | undefined, reason: string): void {
    for (const [id, open] of this.#open) {
      if (during && open.during !== during) continue;
      this.#open.delete(id);
      open.cancel(reason);
      if (during) this.#passage.send(frameOf(errorOf(id, RPC.INTERNAL, reason)));
    }
  }
}
