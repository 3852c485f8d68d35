/** The links to one server: one for all clients that look alike to it, or one for each session. */
import type { Context } from '../../context.ts';
import type { UsageSink } from '../calls.ts';
import type { ClientProfile } from '../eras/era.ts';
import type { EraMemory } from '../eras/memory.ts';
import type { EngineSettings } from '../settings.ts';
import type { Upstream, UpstreamFactory } from '../upstream/types.ts';
import { headStart } from './head-start.ts';
import { Link, type LinkEvents } from './link.ts';

/** `shared`: one process for all clients that ask for the same revision with the same capabilities. `session`: a process each. */
export type Isolation = 'shared' | 'session';

/** A server, ready to be started. */
export interface ServerSpec {
  readonly name: string;
  readonly isolation: Isolation;
  readonly memory: EraMemory;
  readonly upstream: UpstreamFactory;
}

/** What all links have in common. */
export interface PoolWorld {
  readonly ctx: Context;
  readonly settings: EngineSettings;
  readonly recorder: UsageSink | undefined;
  readonly events: LinkEvents;
}

/** Links nobody uses are kept up to this many per server, for the next client. */
const MAX_IDLE = 4;

/** See above. */
export class ServerPool {
  readonly name: string;
  readonly #spec: ServerSpec;
  readonly #world: PoolWorld;
  readonly #links = new Map<string, Link>();
  #warm: Upstream | undefined;

  constructor(spec: ServerSpec, world: PoolWorld) {
    this.name = spec.name;
    this.#spec = spec;
    this.#world = world;
  }

  /** Start the process now; the first client gets it. */
  warmUp(): void {
    if (this.#links.size === 0) this.#warm ??= headStart(this.#spec.upstream());
  }

  /** The link for a client; made, and its server started, when there is none. */
  acquire(profile: ClientProfile, owner: string): Link {
    const key = this.#keyOf(profile, owner);
    const found = this.#links.get(key);
    if (found) return found;
    const { ctx, settings, recorder, events } = this.#world;
    const { name, memory } = this.#spec;
    const makeUpstream = () => {
      const warm = this.#warm;
      this.#warm = undefined;
      return warm ?? this.#spec.upstream();
    };
    const link = new Link({ name, ctx, settings, recorder, events, profile, memory, makeUpstream });
    this.#links.set(key, link);
    link.ready().then(
      () => this.#rekey(key, link, owner),
      () => {},
    );
    this.#evict();
    return link;
  }

  /** A session is over. */
  leave(owner: string): void {
    if (this.#spec.isolation !== 'session') return;
    const link = this.#links.get(owner);
    this.#links.delete(owner);
    void link?.close();
  }

  links(): Iterable<Link> {
    return this.#links.values();
  }

  async close(): Promise<void> {
    const links = [...this.#links.values()];
    this.#links.clear();
    await Promise.all([this.#warm?.close(), ...links.map((link) => link.close())]);
  }

  /**
   * A server of the new era learns of its clients from each request, so that one link does for all of them; one of the old era was told at
   * its opening, so that clients must agree in what it was told. So must they while it is not known which it is.
   */
  #keyOf(profile: ClientProfile, owner: string): string {
    if (this.#spec.isolation === 'session') return owner;
    if (profile.era === 'modern' && this.#spec.memory.get() === 'modern') return 'modern';
    return fingerprint(profile);
  }

  /** It is known which era the server speaks: its first link may be one for more clients now, or for fewer. */
  #rekey(key: string, link: Link, owner: string): void {
    const right = this.#keyOf(link.profile, owner);
    if (right === key || this.#links.has(right) || this.#links.get(key) !== link) return;
    this.#links.delete(key);
    this.#links.set(right, link);
  }

  #evict(): void {
    const idle = [...this.#links].filter(([, link]) => !link.busy && link.opening);
    for (const [key, link] of idle.slice(0, Math.max(0, idle.length - MAX_IDLE))) {
      this.#links.delete(key);
      void link.close();
    }
  }
}

/** A session's profile is asked for with each of its requests. */
const FINGERPRINTS = new WeakMap<ClientProfile, string>();

function fingerprint(profile: ClientProfile): string {
  const known = FINGERPRINTS.get(profile);
  if (known !== undefined) return known;
  const made = `${profile.era} ${profile.version} ${JSON.stringify(profile.capabilities)}`;
  FINGERPRINTS.set(profile, made);
  return made;
}
