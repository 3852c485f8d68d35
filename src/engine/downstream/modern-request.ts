/** One request of a client of the new era: it carries all there is to know of its client. */
import {
  type ClientProfile,
  META,
  MODERN_REVISIONS,
  metaOf,
  modernProfile,
  modernVersionOf,
  paramsOf,
} from '../eras/era.ts';
import { type Frame, frameOf, headOf } from '../frames/frame.ts';
import { errorOf, isObject, type RequestId, type Response, RPC } from '../json-rpc.ts';
import { isLevel } from '../router/logging.ts';
import type { Ask, Call, Party } from '../router/party.ts';
import type { Router } from '../router/router.ts';
import type { Outlet } from './outlet.ts';

/** Whom a request is from. */
export interface Owner {
  /** Names the connection it came on, for servers that are isolated by it. */
  readonly id: string;
  /** Whom the guard said it is from. */
  readonly principal?: string | undefined;
  /** As {@link Party.client}. */
  readonly client: string | undefined;
}

/** See above. */
export class ModernRequest implements Party {
  readonly id: string;
  readonly profile: ClientProfile;
  readonly principal: string | undefined;
  readonly client: string | undefined;
  readonly reachable = false;
  readonly open = new Map<RequestId, Call>();
  logLevel: string | undefined;
  readonly #outlet: Outlet;

  constructor(frame: Frame, owner: Owner, outlet: Outlet) {
    const meta = metaOf(paramsOf(frame.message)) ?? {};
    this.id = owner.id;
    this.principal = owner.principal;
    this.client = owner.client;
    this.profile = modernProfile(meta);
    const level = meta[META.logLevel];
    this.logLevel = isLevel(level) ? level : undefined;
    this.#outlet = outlet;
  }

  notify(frame: Frame, call?: Call): void {
    this.#outlet.send(frame, call?.id);
  }

  /** Questions go through round trips; one that does not is a mistake of the server. */
  ask(ask: Ask): (reason: string) => void {
    ask.answer(errorOf(0, RPC.METHOD_NOT_FOUND, 'a client of this revision is not asked directly'));
    return () => {};
  }
}

/** What is wrong with the envelope of a request, as the answer that says so (specification 2026-07-28, basic, `_meta`). */
export function envelopeError(frame: Frame): Response | undefined {
  const { id = 0 } = headOf(frame);
  const meta = metaOf(paramsOf(frame.message)) ?? {};
  for (const [key, sound] of [
    [META.version, typeof meta[META.version] === 'string'],
    [META.capabilities, isObject(meta[META.capabilities])],
  ] as const) {
    if (!sound) return errorOf(id, RPC.INVALID_PARAMS, `_meta lacks ${key}`);
  }
  const level = meta[META.logLevel];
  if (level !== undefined && !isLevel(level)) {
    return errorOf(id, RPC.INVALID_PARAMS, `Unknown log level: ${String(level)}`);
  }
  return undefined;
}

/** The answer to a request of a revision that is not known here. */
function versionError(frame: Frame): Response | undefined {
  const requested = modernVersionOf(paramsOf(frame.message));
  if ((MODERN_REVISIONS as readonly unknown[]).includes(requested)) return undefined;
  const data = { supported: MODERN_REVISIONS, requested };
  return errorOf(
    headOf(frame).id ?? 0,
    RPC.UNSUPPORTED_VERSION,
    'Unsupported protocol version',
    data,
  );
}

/** Take on a notification of the new era, other than a cancellation. */
export function tellModern(router: Router, frame: Frame, owner: Owner): void {
  if (envelopeError(frame)) return;
  router.notification(frame, new ModernRequest(frame, owner, { reachable: false, send: () => {} }));
}

/** Take on a request of the new era. Returns the party it is from, unless it was refused. */
export function serveModern(
  router: Router,
  frame: Frame,
  owner: Owner,
  outlet: Outlet,
  respond: (answer: Frame) => void,
): ModernRequest | undefined {
  const wrong = envelopeError(frame) ?? versionError(frame);
  if (wrong) {
    respond(frameOf(wrong));
    return undefined;
  }
  const party = new ModernRequest(frame, owner, outlet);
  router.request(frame, party, respond);
  return party;
}
