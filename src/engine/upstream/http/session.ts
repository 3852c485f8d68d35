/** What a server of the session era keeps for its client, noted from the messages that pass, so that it can be made anew when it is lost. */
import { isObject, type Json, type Message, type Request } from '../../json-rpc.ts';

/** Methods whose effect lasts for the session: which of their parameters tells one effect from another, and what ends it. */
const LASTING: Readonly<Record<string, { readonly key: string; readonly endedBy?: string }>> = {
  'resources/subscribe': { key: 'uri', endedBy: 'resources/unsubscribe' },
  'logging/setLevel': { key: '' },
};

/** The session with one server, from its `initialize` on. */
export class HttpSession {
  #id: string | undefined;
  /** Whether the server gives ids to its sessions. */
  numbered: boolean = false;
  /** The revision agreed on. */
  version: string | undefined;
  /** What the server said it can do. */
  capabilities: Json = {};
  #initialize: Request | undefined;
  #lasting = new Map<string, Request>();

  /** The id the server gave it, if it gives any. */
  get id(): string | undefined {
    return this.#id;
  }

  set id(id: string | undefined) {
    this.#id = id;
    this.numbered ||= id !== undefined;
  }

  /** The client's `initialize`, once it was sent. */
  get initialize(): Request | undefined {
    return this.#initialize;
  }

  /** The requests whose effects a new session must have as well, in the order they were made. */
  get lasting(): readonly Request[] {
    return [...this.#lasting.values()];
  }

  /** Headers of every request of the session (specification 2025-11-25, Transports, "Session Management", "Protocol Version Header"). */
  headers(): Record<string, string> {
    return {
      ...(this.id !== undefined && { 'mcp-session-id': this.id }),
      ...(this.version !== undefined && { 'mcp-protocol-version': this.version }),
    };
  }

  /** A request goes out. */
  noteRequest(request: Request): void {
    if (request.method === 'initialize') {
      this.#initialize = request;
      this.#lasting.clear();
      this.forget();
      return;
    }
    const ended = Object.entries(LASTING).find(([, { endedBy }]) => endedBy === request.method);
    if (ended) this.#lasting.delete(lastingKey(ended[0], request));
    else if (LASTING[request.method])
      this.#lasting.set(lastingKey(request.method, request), request);
  }

  /** The answer to `initialize` came. */
  noteInitialized(answer: Message): void {
    if (!('result' in answer) || !isObject(answer.result)) return;
    const { protocolVersion, capabilities } = answer.result;
    if (typeof protocolVersion === 'string') this.version = protocolVersion;
    if (isObject(capabilities)) this.capabilities = capabilities;
  }

  /** The server no longer knows the session. */
  forget(): void {
    this.id = undefined;
    this.version = undefined;
  }

  /** The lists that the server may change, as method names of their notices. */
  listChanges(): string[] {
    return noticesOf(
      (kind) => isObject(this.capabilities[kind]) && this.capabilities[kind].listChanged === true,
    );
  }
}

/** After a gap in a stream of notices of the stateless era, anything that was listened for may have changed. */
export function missedChanges(request: Request): string[] {
  const filter = request.params?.notifications;
  return noticesOf((kind) => isObject(filter) && filter[`${kind}ListChanged`] === true);
}

function noticesOf(holds: (kind: string) => boolean): string[] {
  return ['tools', 'prompts', 'resources']
    .filter(holds)
    .map((kind) => `notifications/${kind}/list_changed`);
}

function lastingKey(method: string, request: Request): string {
  const key = LASTING[method]?.key ?? '';
  return JSON.stringify([method, request.params?.[key]]);
}
