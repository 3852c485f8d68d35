/** Requests of a server that wait for a client's answer. */
import { frameOf } from '../frames/frame.ts';
import { errorOf, type Request, type RequestId, type Response, RPC } from '../json-rpc.ts';
import type { Call, Party } from './party.ts';

interface Open {
  readonly during: Call | undefined;
  cancel: (reason: string) => void;
}

/** All that one server asks. */
export class AskTable {
  readonly #server: string;
  readonly #send: (frame: ReturnType<typeof frameOf>) => void;
  readonly #open = new Map<RequestId, Open>();

  constructor(server: string, send: (frame: ReturnType<typeof frameOf>) => void) {
    this.#server = server;
    this.#send = send;
  }

  /** Pass a request on to the party it is for. Without one the server gets an error: no client is shown what may be another's. */
  open(request: Request, party: Party | undefined, during: Call | undefined): void {
    const { id, method, params } = request;
    const answer = (response: Response) => {
      if (this.#open.delete(id)) this.#send(frameOf({ ...response, id }));
    };
    const open: Open = { during, cancel: () => {} };
    this.#open.set(id, open);
    if (!party) {
      const why =
        'it cannot be told which of the clients that share this server is asked; isolation "session" gives each its own';
      answer(errorOf(id, RPC.INTERNAL, why));
      return;
    }
    open.cancel = party.ask({ server: this.#server, method, params, during, answer });
  }

  /** The server takes a request back. */
  withdraw(id: unknown, reason: string): void {
    const open = this.#open.get(id as RequestId);
    this.#open.delete(id as RequestId);
    open?.cancel(reason);
  }

  /** What was asked during a call, or all of it, is moot. */
  drop(during: Call | undefined, reason: string): void {
    for (const [id, open] of this.#open) {
      if (during && open.during !== during) continue;
      this.#open.delete(id);
      open.cancel(reason);
    }
  }
}
