/** The two eras of the protocol: sessions opened by `initialize` (until 2025-11-25), and stateless requests (from 2026-07-28). */
import { isObject, type Json, type Message } from '../json-rpc.ts';

/** Specification 2026-07-28, "Versioning", Terminology. */
export type Era = 'legacy' | 'modern';

/** The revisions of the old era, newest first. */
export const LEGACY_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

/** The revisions of the new era, newest first. */
export const MODERN_REVISIONS = ['2026-07-28'] as const;

/** Keys of `_meta` that the new era reserves (specification 2026-07-28, basic, `_meta`). */
export const META = {
  version: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  subscription: 'io.modelcontextprotocol/subscriptionId',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  relatedTask: 'io.modelcontextprotocol/related-task',
} as const;

/** Who is at the other end of a conversation with us, on the client's side. */
export interface ClientProfile {
  readonly era: Era;
  /** The revision the client asked for. */
  readonly version: string;
  readonly clientInfo: Json | undefined;
  readonly capabilities: Json;
  /** The parameters of its `initialize`, verbatim; old era alone. */
  readonly opening?: Json;
}

/** `params` of a message, when they are an object. */
export function paramsOf(message: Message): Json | undefined {
  const { params } = message as { params?: unknown };
  return isObject(params) ? params : undefined;
}

/** `_meta` of parameters or of a result. */
export function metaOf(holder: Json | undefined): Json | undefined {
  const meta = holder?.['_meta'];
  return isObject(meta) ? meta : undefined;
}

/** The revision that a request of the new era names; undefined for one of the old. */
export function modernVersionOf(params: Json | undefined): string | undefined {
  const version = metaOf(params)?.[META.version];
  return typeof version === 'string' ? version : undefined;
}

/** The profile of a client that opened with `initialize`. */
export function legacyProfile(opening: Json): ClientProfile {
  const { protocolVersion, clientInfo, capabilities } = opening;
  return {
    era: 'legacy',
    version: typeof protocolVersion === 'string' ? protocolVersion : LEGACY_REVISIONS[0],
    clientInfo: isObject(clientInfo) ? clientInfo : undefined,
    capabilities: isObject(capabilities) ? capabilities : {},
    opening,
  };
}

/** The profile that a request of the new era carries. */
export function modernProfile(meta: Json): ClientProfile {
  const { [META.version]: version, [META.clientInfo]: info, [META.capabilities]: caps } = meta;
  return {
    era: 'modern',
    version: String(version),
    clientInfo: isObject(info) ? info : undefined,
    capabilities: isObject(caps) ? caps : {},
  };
}

/** `_meta` with which a request of the new era is stamped for a client. */
export function envelopeOf(profile: ClientProfile, logLevel?: string): Json {
  return {
    [META.version]: profile.era === 'modern' ? profile.version : MODERN_REVISIONS[0],
    ...(profile.clientInfo && { [META.clientInfo]: profile.clientInfo }),
    [META.capabilities]: profile.capabilities,
    ...(logLevel !== undefined && { [META.logLevel]: logLevel }),
  };
}

/** Parameters without what only the new era understands. */
export function withoutEnvelope(params: Json | undefined): Json | undefined {
  const meta = metaOf(params);
  if (!params || !meta) return params;
  const {
    [META.version]: _v,
    [META.clientInfo]: _i,
    [META.capabilities]: _c,
    [META.logLevel]: _l,
    ...rest
  } = meta;
  const { _meta, ...others } = params;
  return Object.keys(rest).length > 0 ? { ...others, _meta: rest } : others;
}

/** Parameters with keys added to their `_meta`. */
export function withMeta(params: Json | undefined, added: Json): Json {
  return { ...params, _meta: { ...metaOf(params), ...added } };
}

/** The name and version a client gave of itself, for usage records. */
export function clientName(info: unknown): { readonly client?: string } {
  if (!isObject(info) || typeof info['name'] !== 'string') return {};
  const { name, version } = info as { name: string; version?: unknown };
  return { client: typeof version === 'string' ? `${name} ${version}` : name };
}
