/** Names of tools and prompts of several servers as one list: `SERVER_name`, within what clients accept, never two alike. */
import { createHash } from 'node:crypto';

/** Clients refuse tool names that are longer, or hold other characters than `[A-Za-z0-9_-]`. */
const MAX_LENGTH = 64;
const ACCEPTED = /^[A-Za-z0-9_-]{1,64}$/;
const HASH_LENGTH = 8;

/** A server's own name for something. */
export interface Origin {
  readonly server: string;
  readonly name: string;
}

/** A stable short hash: the same in every run. */
function hashOf(...parts: readonly string[]): string {
  const digest = createHash('sha256').update(parts.join('\0')).digest('hex');
  return BigInt(`0x${digest.slice(0, 12)}`)
    .toString(36)
    .padStart(HASH_LENGTH, '0')
    .slice(0, HASH_LENGTH);
}

function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_');
}

/** Maps both ways for one set of servers. Depends on their names alone, not on their order, nor on when or whether they start. */
export class ToolNames {
  /** Longest first, so that the first that fits is the right one. */
  readonly #prefixes: readonly { readonly prefix: string; readonly server: string }[];
  readonly #prefixOf = new Map<string, string>();
  readonly #known = new Map<string, Origin>();

  constructor(servers: readonly string[]) {
    for (const server of servers) {
      const wanted = plain(server);
      const free =
        wanted === server || !servers.some((other) => other !== server && plain(other) === wanted);
      this.#prefixOf.set(server, free ? wanted : `${wanted}_${hashOf(server)}`);
    }
    this.#prefixes = [...this.#prefixOf]
      .map(([server, prefix]) => ({ server, prefix: `${prefix}_` }))
      .sort((a, b) => b.prefix.length - a.prefix.length);
  }

  /** The name under which clients see a server's tool or prompt. */
  expose(server: string, name: string): string {
    const whole = `${this.#prefixOf.get(server) ?? plain(server)}_${name}`;
    const clear = ACCEPTED.test(whole) && this.#byPrefix(whole)?.server === server;
    const exposed = clear ? whole : this.#shortened(whole, server, name);
    this.#known.set(exposed, { server, name });
    return exposed;
  }

  /** Whose it is and what it is called there; undefined when no server can own it. */
  resolve(exposed: string): Origin | undefined {
    return this.#known.get(exposed) ?? this.#byPrefix(exposed);
  }

  /** Whether a name was handed out, so that `resolve` is sure. */
  isKnown(exposed: string): boolean {
    return this.#known.has(exposed);
  }

  #byPrefix(exposed: string): Origin | undefined {
    const match = this.#prefixes.find(({ prefix }) => exposed.startsWith(prefix));
    return match && { server: match.server, name: exposed.slice(match.prefix.length) };
  }

  #shortened(whole: string, server: string, name: string): string {
    return `${plain(whole).slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${hashOf(server, name)}`;
  }
}

/** Whether a name may be one that {@link ToolNames.expose} shortened: then only the lists can tell whose it is. */
export function looksShortened(exposed: string): boolean {
  return /_[0-9a-z]{8}$/.test(exposed);
}
