/** What a client said once and a restarted server must hear again. */
import { type Frame, headOf } from '../frames/frame.ts';
import { isObject, type RequestId } from '../json-rpc.ts';

const ONCE = new Set(['initialize', 'notifications/initialized', 'logging/setLevel']);

/** Remembers the opening and the standing orders of one client. */
export class Replay {
  readonly #orders = new Map<string, Frame>();
  readonly #swallow = new Set<RequestId>();

  /** Look at what the client sends. */
  note(method: string | undefined, frame: Frame): void {
    if (method === undefined) return;
    if (ONCE.has(method)) this.#orders.set(method, frame);
    else if (method === 'resources/subscribe') this.#orders.set(`subscribe ${uriOf(frame)}`, frame);
    else if (method === 'resources/unsubscribe') this.#orders.delete(`subscribe ${uriOf(frame)}`);
  }

  /** The opening was answered: from now on a server that goes down can be started again. */
  get opened(): boolean {
    return this.#orders.has('notifications/initialized');
  }

  /** Everything to send to the new server; the answers are swallowed. The order is that of the client. */
  frames(): Frame[] {
    const frames = [...this.#orders.values()];
    for (const frame of frames) {
      const { id } = headOf(frame);
      if (id !== undefined) this.#swallow.add(id);
    }
    return frames;
  }

  /** Whether an answer is one that nobody waits for. */
  swallows(id: RequestId): boolean {
    return this.#swallow.delete(id);
  }
}

function uriOf(frame: Frame): string {
  const { params } = frame.message as { params?: unknown };
  return isObject(params) ? String(params['uri']) : '';
}
