/** DNS rebinding: a page on another site must not talk to us through a name that it made point here. */
import { isIP } from 'node:net';

/** Decides by the names we are meant to be reached by. */
export class HostRule {
  readonly #allowed: ReadonlySet<string>;
  readonly #anyAddress: boolean;
  /** Decisions made: clients send the same few headers all the time. */
  readonly #decided = new Map<string, boolean>();

  /** `bound` is the address we listen on. On one that is not of the loopback, addresses (which cannot be rebound) are allowed. */
  constructor(bound: string, allowed: readonly string[]) {
    const loopback = ['localhost', '127.0.0.1', '::1', bound.toLowerCase()];
    this.#allowed = new Set([...loopback, ...allowed.map((name) => name.toLowerCase())]);
    this.#anyAddress = !/^(127\.|localhost$|::1$)/.test(bound);
  }

  /** Whether a `Host` header names us. */
  allowsHost(header: string | undefined): boolean {
    return header !== undefined && this.#decide(`http://${header}`);
  }

  /** Whether a request with this `Origin` may pass. Absent: it is not from a page. */
  allowsOrigin(header: string | undefined): boolean {
    return header === undefined || this.#decide(header);
  }

  #decide(url: string): boolean {
    const known = this.#decided.get(url);
    if (known !== undefined) return known;
    const allowed = this.#allows(hostnameOf(url));
    if (this.#decided.size < 100) this.#decided.set(url, allowed);
    return allowed;
  }

  #allows(name: string | undefined): boolean {
    if (name === undefined || name === '') return false;
    return (
      this.#allowed.has('*') ||
      this.#allowed.has(name) ||
      /^127\.\d+\.\d+\.\d+$/.test(name) ||
      (this.#anyAddress && isIP(name) !== 0)
    );
  }
}

function hostnameOf(url: string): string | undefined {
  try {
    return new URL(url).hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  } catch {
    return undefined;
  }
}
