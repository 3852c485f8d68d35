/**
 * The heart of the gateway: requests of any client to the server they are for, and what servers say to the clients it is for.
 * What is done with a method is a row of a table; everything that has no row passes through to the one server as it is.
 */
import type { Context } from '../../context.ts';
import { messageOf } from '../../errors.ts';
import type { UsageSink } from '../calls.ts';
import { dispatch, notify } from '../eras/dispatch.ts';
import { type ClientProfile, paramsOf } from '../eras/era.ts';
import { ParkingLot } from '../eras/parking.ts';
import { type Frame, frameOf, headOf, withId } from '../frames/frame.ts';
import { errorOf, type Json, type Message, type RequestId, RPC } from '../json-rpc.ts';
import { type Middleware, runHooks, throughLayers } from '../middleware.ts';
import { ToolNames } from '../names/tool-names.ts';
import { resolveUri, type UriOrigin } from '../names/uris.ts';
import type { EngineSettings } from '../settings.ts';
import { COMMON_LEGACY, COMMON_MODERN } from './common-methods.ts';
import type { Handling, Method } from './handling.ts';
import type { Link } from './link.ts';
import type { ListenStream } from './listen-stream.ts';
import { MANY } from './many-methods.ts';
import { News } from './news.ts';
import { type Identity, initializeResult, type Opened } from './opening.ts';
import { Call, type Party } from './party.ts';
import { ServerPool, type ServerSpec } from './pool.ts';
import { resolveTaskId } from './tasks.ts';
import { Upkeep } from './upkeep.ts';

/** What a router is made of. */
export interface RouterOptions {
  readonly ctx: Context;
  readonly settings: EngineSettings;
  readonly servers: readonly ServerSpec[];
  readonly identity: Identity;
  readonly recorder: UsageSink | undefined;
  readonly middleware: readonly Middleware[];
}

/** See above. */
export class Router {
  readonly many: boolean;
  readonly identity: Identity;
  readonly settings: EngineSettings;
  readonly ctx: Context;
  readonly recorder: UsageSink | undefined;
  readonly names: ToolNames;
  /** Streams of clients of the new era that listen. */
  readonly streams = new Set<ListenStream>();
  readonly lot: ParkingLot;
  readonly middleware: readonly Middleware[];
  readonly #pools = new Map<string, ServerPool>();
  readonly #upkeeps = new WeakMap<Link, Upkeep>();
  readonly #news: News;

  constructor(options: RouterOptions) {
    const { ctx, settings, recorder, servers } = options;
    this.ctx = ctx;
    this.settings = settings;
    this.recorder = recorder;
    this.middleware = options.middleware;
    this.identity = options.identity;
    this.many = servers.length > 1;
    this.names = new ToolNames(servers.map(({ name }) => name));
    this.lot = new ParkingLot(settings, () => ctx.now().getTime());
    this.#news = new News(this);
    const world = { ctx, settings, recorder, events: this.#news };
    for (const spec of servers) this.#pools.set(spec.name, new ServerPool(spec, world));
  }

  /** Start every server now, before anyone asks. */
  warmUp(): void {
    for (const pool of this.#pools.values()) pool.warmUp();
  }

  /** The link of a party to a server. */
  link(party: Party, server: string): Link {
    const pool = this.#pools.get(server);
    if (!pool) throw new Error(`no server ${server}`);
    return pool.acquire(party.profile, party.id);
  }

  /** The links of a party to all servers, in the order of the configuration. */
  links(party: Party): Link[] {
    return [...this.#pools.keys()].map((server) => this.link(party, server));
  }

  /** Those of the links whose servers are up. Starting ones are waited for; of several, each for a while. */
  async readyLinks(party: Party): Promise<Link[]> {
    const links = this.links(party);
    if (links.every(({ opening }) => opening)) return links;
    await Promise.allSettled(links.map((link) => (this.many ? link.upInTime() : link.ready())));
    return links.filter(({ opening }) => opening);
  }

  /** What every server said at its opening; undefined for those that are not up in time. */
  async opened(party: Party): Promise<Opened[]> {
    await this.readyLinks(party);
    return this.links(party).map(({ name, opening }) => ({ server: name, opening }));
  }

  /** The standing orders of a link. */
  upkeep(link: Link): Upkeep {
    const found = this.#upkeeps.get(link) ?? new Upkeep(link, this.settings);
    this.#upkeeps.set(link, found);
    return found;
  }

  /** Whose resource a URI names. With one server, its own, whatever it is. */
  resource(uri: string): UriOrigin | undefined {
    if (this.many) return resolveUri(uri, this.#pools.keys());
    const [server] = this.#pools.keys();
    return server === undefined ? undefined : { server, uri };
  }

  /** Whose task an id of several servers names. */
  task(id: unknown): ReturnType<typeof resolveTaskId> {
    return resolveTaskId(id, (server) => this.#pools.has(server));
  }

  /**
   * Open a session: the result of its `initialize`. `changed` is told of other parameters that a layer put in place of the client's.
   * @throws when no server comes up: OpeningRefused or what {@link Link.ready} throws.
   */
  initialize(party: Party, changed: (params: Json) => void): Promise<Json> {
    if (this.middleware.length === 0) return this.#initialize(party);
    const { opening = {}, clientInfo: client } = party.profile;
    const { id: session, principal } = party;
    const context = { method: 'initialize', params: opening, session, client, principal };
    return runHooks(this.middleware, 'onRequest', context, (params) => {
      if (params !== opening) changed(params);
      return this.#initialize(party);
    });
  }

  async #initialize(party: Party): Promise<Json> {
    const opened = await this.opened(party);
    if (opened.every(({ opening }) => !opening)) {
      await Promise.any(this.links(party).map((link) => link.ready())).catch((error: unknown) => {
        throw error instanceof AggregateError ? error.errors[0] : error;
      });
    }
    for (const link of this.links(party)) {
      link.parties.add(party);
      if (link.era === 'modern') this.upkeep(link).listen();
    }
    return initializeResult(opened, party.profile, this.identity);
  }

  /** A party is gone: what it had under way is cancelled. */
  detach(party: Party): void {
    for (const call of party.open.values()) call.cancel?.({ reason: 'the client is gone' });
    party.open.clear();
    for (const pool of this.#pools.values()) {
      for (const link of pool.links()) {
        link.tasks.leave(party);
        link.elicitations.leave(party);
        if (!link.parties.delete(party)) continue;
        this.upkeep(link).leave(party);
      }
      if (party.profile.era === 'legacy') pool.leave(party.id);
    }
    this.streams.delete(party as ListenStream);
  }

  /** Take on a client's request. `respond` gets the answer, with the client's id; never when the request is cancelled. */
  request(frame: Frame, party: Party, respond: (answer: Frame) => void): void {
    const { id, method } = headOf(frame) as { id: RequestId; method: string };
    const done = (answer: Frame) => {
      if (party.open.get(id) !== call) return;
      party.open.delete(id);
      respond(withId(answer, id));
    };
    const call = new Call({ party, id, method, size: frame.bytes?.length, done });
    party.open.set(id, call);
    const params = paramsOf(frame.message) ?? {};
    const handling = { router: this, frame, params, party, call };
    if (this.middleware.length === 0) this.#handle(handling);
    else throughLayers(this.middleware, handling, (inner) => this.#handle(inner));
  }

  /** Do what the method's row says. */
  #handle(handling: Handling): void {
    const { call, frame, party } = handling;
    const row = this.#row(call.method, party.profile);
    if (!row) {
      this.toOnly(handling, frame);
      return;
    }
    try {
      void Promise.resolve(row(handling)).catch((error: unknown) => failed(call, error));
    } catch (error) {
      failed(call, error);
    }
  }

  /** Send a request to a server by name, names mapped already; unless it was cancelled meanwhile. */
  to(server: string, frame: Frame, call: Call): void {
    const { party } = call;
    const link = this.link(party, server);
    const send = () => {
      if (party.open.has(call.id)) dispatch(link, frame, call, this.lot);
    };
    const first = party.logLevel === undefined ? undefined : this.upkeep(link).levelFor(party);
    if (first === undefined) send();
    else void first.then(send);
  }

  /** A notification of a client that is not for one request. */
  notification(frame: Frame, party: Party): void {
    if (this.middleware.length === 0) {
      this.#notify(frame, party);
      return;
    }
    const { method = '' } = headOf(frame);
    const params = paramsOf(frame.message) ?? {};
    const { id: session, principal, profile } = party;
    const context = { method, params, session, client: profile.clientInfo, principal };
    const innermost = async (changed: Json) => {
      this.#notify(frameOf({ ...frame.message, params: changed } as Message), party);
      return {};
    };
    runHooks(this.middleware, 'onNotification', context, innermost).catch((error: unknown) =>
      this.ctx.log.warn(`a middleware failed at ${method}: ${messageOf(error)}`),
    );
  }

  #notify(frame: Frame, party: Party): void {
    const { method } = headOf(frame);
    if (method === 'notifications/cancelled') {
      const params = paramsOf(frame.message) ?? {};
      const call = party.open.get(params['requestId'] as RequestId);
      if (!call) return;
      party.open.delete(call.id);
      call.cancel?.(params);
      return;
    }
    if (method === undefined || method === 'notifications/initialized') return;
    for (const link of this.links(party)) notify(link, method, paramsOf(frame.message), party);
  }

  /** Send a notification of a client to one server. */
  tell(party: Party, server: string, method: string, params: Json): void {
    this.link(party, server).say(method, params);
  }

  /** End everything. */
  async close(): Promise<void> {
    for (const stream of this.streams) stream.end();
    this.lot.close();
    this.#news.close();
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  /** The one server. */
  toOnly(handling: Handling, frame: Frame): void {
    const [server = ''] = this.#pools.keys();
    this.to(server, frame, handling.call);
  }

  #row(method: string, profile: ClientProfile): Method | undefined {
    const common = profile.era === 'legacy' ? COMMON_LEGACY[method] : COMMON_MODERN[method];
    if (this.many) return common ?? MANY[method] ?? MANY['*'];
    if (profile.era === 'modern' && common) return (handling) => this.#modernOnly(handling, common);
    return common;
  }

  /** One server of the new era answers a client of the new era itself. */
  async #modernOnly(handling: Handling, common: Method): Promise<void> {
    const [link] = this.links(handling.party);
    await link?.ready();
    if (link?.era === 'modern') this.toOnly(handling, handling.frame);
    else await common(handling);
  }
}

function failed(call: Call, error: unknown): void {
  call.done(frameOf(errorOf(0, RPC.INTERNAL, messageOf(error))));
}
