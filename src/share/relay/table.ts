/** Which tunnels there are, who owns their names, and what of it survives a restart of the relay. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Hello, Refusal, RefusalCode } from './protocol.ts';
import { mayTake, NAME_PATTERN, type RelayToken } from './tokens.ts';
import type { Tunnel } from './tunnel.ts';

/** What is remembered of a tunnel's name. */
interface Reservation {
  /** Hex SHA-256 of the claim. */
  readonly claim: string;
  /** The name of the token that owns it. */
  readonly token: string;
  /** When its agent was last there, epoch ms. */
  seen: number;
}

/** The state file's content. */
export interface TableState {
  readonly version: 1;
  readonly tunnels: Readonly<Record<string, Reservation>>;
}

/** The names and the connections behind them. */
export interface Table {
  /** Give an agent its name: the one it had, the one it asks for, or a random one of 128 bits. */
  claim(hello: Hello, token: RelayToken): { id: string; claim: string } | Refusal;
  /** Put a connection behind a claimed name; one that was there before is closed. */
  attach(tunnel: Tunnel): void;
  detach(tunnel: Tunnel): void;
  /** The tunnel of a name; `away` when its agent is expected back; `undefined` when there is none. */
  find(id: string): Tunnel | 'away' | undefined;
  readonly live: ReadonlyMap<string, Tunnel>;
  /** What to write to the state file. */
  state(): TableState;
}

/** How a table is bounded. */
export interface TableOptions {
  /** How long a name waits for its agent, ms. */
  readonly holdMs: number;
  readonly maxTunnels: number;
  readonly now: () => number;
  /** Something that the state file should know has changed. */
  readonly onChange: () => void;
}

const TUNNELS_PER_TOKEN = 20;
/** Names that are kept for agents that are away, for each tunnel that a token may have open. */
const NAMES_PER_TUNNEL = 5;

/** A table, filled with what an earlier run wrote. */
export function createTable(options: TableOptions, saved?: TableState): Table {
  const reserved = new Map<string, Reservation>(Object.entries(saved?.tunnels ?? {}));
  const live = new Map<string, Tunnel>();
  const { now, holdMs } = options;

  const held = (id: string): Reservation | undefined => {
    const entry = reserved.get(id);
    if (entry && !live.has(id) && now() - entry.seen > holdMs) reserved.delete(id);
    return reserved.get(id);
  };
  const openBy = (token: RelayToken) =>
    [...live.values()].filter((tunnel) => tunnel.token === token.name).length;
  /** Names must not pile up by coming and going: who keeps more than enough of them loses the one unused for longest. */
  const makeRoom = (token: RelayToken) => {
    const away = [...reserved]
      .filter(([id, entry]) => entry.token === token.name && !live.has(id))
      .sort(([, one], [, other]) => one.seen - other.seen);
    const most = NAMES_PER_TUNNEL * allowed(token);
    for (const [id] of away.slice(0, Math.max(0, away.length + 1 - most))) reserved.delete(id);
  };
  const returning = ({ id, claim }: Hello, token: RelayToken) => {
    if (id === undefined || claim === undefined) return undefined;
    const entry = held(id);
    return entry && owns(entry, claim, token) ? { id, claim } : undefined;
  };
  const reserve = (id: string, token: RelayToken) => {
    makeRoom(token);
    const claim = randomBytes(32).toString('base64url');
    reserved.set(id, { claim: hash(claim), token: token.name, seen: now() });
    options.onChange();
    return { id, claim };
  };

  const byName = (name: string, token: RelayToken) => {
    if (!NAME_PATTERN.test(name))
      return refuse('name-denied', 'a name is letters, digits and dashes, at most 63');
    if (!mayTake(token, name))
      return refuse('name-denied', `this token may not take the name ${name}`);
    const owner = held(name);
    // Its own token may have it again without the claim: an agent that was ended comes back as another process.
    if (owner && (live.has(name) || owner.token !== token.name))
      return refuse('name-taken', `${name} is taken`);
    return reserve(name, token);
  };

  return {
    live,
    claim(hello, token) {
      const before = returning(hello, token);
      if (before) return before;
      if (live.size >= options.maxTunnels) return refuse('later', 'the relay is full');
      if (openBy(token) >= allowed(token))
        return refuse('limit', `${token.name} has as many tunnels open as it may`);
      return hello.name === undefined ? reserve(randomId(), token) : byName(hello.name, token);
    },
    attach(tunnel) {
      const before = live.get(tunnel.id);
      live.set(tunnel.id, tunnel);
      before?.close();
      touch(tunnel.id);
    },
    detach(tunnel) {
      if (live.get(tunnel.id) !== tunnel) return;
      live.delete(tunnel.id);
      touch(tunnel.id);
    },
    find: (id) => live.get(id) ?? (held(id) ? 'away' : undefined),
    state() {
      for (const id of reserved.keys()) held(id);
      return { version: 1, tunnels: Object.fromEntries(reserved) };
    },
  };

  function touch(id: string): void {
    const entry = reserved.get(id);
    if (entry) entry.seen = now();
    options.onChange();
  }
}

function allowed({ tunnels = TUNNELS_PER_TOKEN }: RelayToken): number {
  return tunnels;
}

/** What a state file holds, or nothing when it is not one of ours. */
export function checkState(value: unknown): TableState | undefined {
  const state = value as TableState | undefined;
  if (state?.version !== 1 || typeof state.tunnels !== 'object') return undefined;
  const sound = Object.entries(state.tunnels).filter(
    ([id, entry]) =>
      NAME_PATTERN.test(id) && typeof entry?.claim === 'string' && typeof entry.seen === 'number',
  );
  return { version: 1, tunnels: Object.fromEntries(sound) };
}

/** 128 random bits as a DNS label: 32 hex digits. */
function randomId(): string {
  return randomBytes(16).toString('hex');
}

function owns(entry: Reservation, claim: string, token: RelayToken): boolean {
  return (
    entry.token === token.name &&
    timingSafeEqual(Buffer.from(entry.claim), Buffer.from(hash(claim)))
  );
}

function hash(claim: string): string {
  return createHash('sha256').update(claim).digest('hex');
}

function refuse(refused: RefusalCode, message: string): Refusal {
  return { refused, message };
}
