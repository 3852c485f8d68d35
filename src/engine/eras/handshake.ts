/** Opening a conversation with a server in the era that suits both it and the client. Learned once per server, on the one process. */
import { isObject, type Json, type Response, RPC } from '../json-rpc.ts';
import {
  type ClientProfile,
  type Era,
  envelopeOf,
  LEGACY_REVISIONS,
  META,
  MODERN_REVISIONS,
  metaOf,
} from './era.ts';
import type { EraMemory } from './memory.ts';

/** What the handshake can do with the server. */
export interface Speaker {
  /** Send a request; `undefined` when no answer came within the limit. */
  ask(method: string, params: Json, limitMs?: number): Promise<Response | undefined>;
  say(method: string): void;
}

/** A server that is ready to serve a client. */
export interface Opening {
  readonly era: Era;
  /** The result of `initialize` or of `server/discover`, verbatim. */
  readonly result: Json;
  readonly capabilities: Json;
  readonly serverInfo: Json | undefined;
}

/** The server refused: its own error, to be passed on. */
export class OpeningRefused extends Error {
  readonly answer: Response;
  constructor(answer: Response) {
    super(answer.error?.message ?? 'the server refused to begin');
    this.answer = answer;
  }

  /** It was not the server that refused: it could not be reached, and may be some other time. */
  get outage(): boolean {
    const { data } = this.answer.error ?? {};
    return isOutage(this.answer) && !(isObject(data) && data['code'] === 'AUTH');
  }
}

/** Errors that only a server of the new era makes. */
const MODERN_ERRORS: readonly number[] = [
  RPC.HEADER_MISMATCH,
  RPC.MISSING_CAPABILITY,
  RPC.UNSUPPORTED_VERSION,
];

/**
 * Open in the client's own era if the server speaks it, else in the other. What is remembered only saves a client of the new era the
 * probe of a server of the old one: when it turns out wrong, the other era is tried.
 * @throws OpeningRefused when the server wants neither.
 */
export async function openServer(
  speaker: Speaker,
  profile: ClientProfile,
  memory: EraMemory,
  probeTimeoutMs: number,
): Promise<Opening> {
  const known = memory.get();
  if (profile.era === 'modern' && known !== 'legacy') {
    const modern = await discover(speaker, profile, known ? undefined : probeTimeoutMs);
    if (modern) {
      memory.set('modern');
      return modern;
    }
  }
  return initialize(speaker, profile, memory, probeTimeoutMs);
}

/** Specification 2026-07-28, stdio, "Backward Compatibility": any answer that is not of the new era, or none, means the old one. */
async function discover(
  speaker: Speaker,
  profile: ClientProfile,
  limitMs: number | undefined,
): Promise<Opening | undefined> {
  const ask = (version: string) =>
    speaker.ask('server/discover', { _meta: envelopeOf({ ...profile, version }) }, limitMs);
  let answer = await ask(MODERN_REVISIONS[0]);
  const offered = revisionOffered(answer);
  if (offered) answer = await ask(offered);
  const { result, error } = answer ?? {};
  if (result && Array.isArray(result['supportedVersions'])) {
    const serverInfo = metaOf(result)?.[META.serverInfo];
    return {
      era: 'modern',
      result,
      capabilities: isObject(result['capabilities']) ? result['capabilities'] : {},
      serverInfo: isObject(serverInfo) ? serverInfo : undefined,
    };
  }
  if (answer && error && (isOutage(answer) || MODERN_ERRORS.includes(error.code)))
    throw new OpeningRefused(answer);
  return undefined;
}

/** Made by this side because the server could not be reached: it says nothing of the server's era. */
function isOutage({ error }: Response): boolean {
  return error?.code === RPC.SERVER_DOWN;
}

/** A revision that the server names in refusing another, and that we speak (specification 2026-07-28, "Protocol Version Negotiation"). */
function revisionOffered(answer: Response | undefined): string | undefined {
  const { error } = answer ?? {};
  if (error?.code !== RPC.UNSUPPORTED_VERSION || !isObject(error.data)) return undefined;
  const { supported } = error.data;
  return MODERN_REVISIONS.find((one) => Array.isArray(supported) && supported.includes(one));
}

/**
 * A server that refuses may speak the new era alone. One of both that starts slowly may have heard a probe that was given up, and keeps to
 * the era of that first message.
 */
async function initialize(
  speaker: Speaker,
  profile: ClientProfile,
  memory: EraMemory,
  probeTimeoutMs: number,
): Promise<Opening> {
  const answer = await speaker.ask('initialize', openingParams(profile));
  const { result } = answer ?? {};
  if (result) {
    speaker.say('notifications/initialized');
    if (profile.era === 'modern') memory.set('legacy');
    const { capabilities, serverInfo } = result;
    return {
      era: 'legacy',
      result,
      capabilities: isObject(capabilities) ? capabilities : {},
      serverInfo: isObject(serverInfo) ? serverInfo : undefined,
    };
  }
  if (answer && isOutage(answer)) throw new OpeningRefused(answer);
  const modern = await discover(speaker, profile, probeTimeoutMs);
  if (modern) {
    memory.set('modern');
    return modern;
  }
  throw new OpeningRefused(answer ?? { jsonrpc: '2.0', id: 0 });
}

/** What the client said of itself, passed up. */
function openingParams(profile: ClientProfile): Json {
  if (profile.opening) return profile.opening;
  return {
    protocolVersion: LEGACY_REVISIONS[0],
    capabilities: profile.capabilities,
    clientInfo: profile.clientInfo ?? { name: 'mcpm', version: '0' },
  };
}
