/** What a client is told when it opens: that of its one server, or that of all of them together. */
import { type ClientProfile, LEGACY_REVISIONS, META, MODERN_REVISIONS } from '../eras/era.ts';
import type { Opening } from '../eras/handshake.ts';
import { isObject, type Json } from '../json-rpc.ts';

/** A server that is up, or not. */
export interface Opened {
  readonly server: string;
  readonly opening: Opening | undefined;
}

/** Who answers for several servers. */
export interface Identity {
  readonly name: string;
  readonly version: string;
}

/** The result of `initialize`. One server's own passes as it is. */
export function initializeResult(
  opened: readonly Opened[],
  profile: ClientProfile,
  self: Identity,
): Json {
  const only = opened.length === 1 ? opened[0]?.opening : undefined;
  if (only?.era === 'legacy') return only.result;
  const known = (LEGACY_REVISIONS as readonly string[]).includes(profile.version);
  return {
    protocolVersion: known ? profile.version : LEGACY_REVISIONS[0],
    capabilities: only ? only.capabilities : jointCapabilities(opened),
    serverInfo: only?.serverInfo ?? { name: self.name, version: self.version },
    ...instructionsOf(opened),
  };
}

/** The result of `server/discover`, for servers of the old era or several. */
export function discoverResult(opened: readonly Opened[], self: Identity): Json {
  const only = opened.length === 1 ? opened[0]?.opening : undefined;
  const { tasks: _, ...capabilities } = only ? only.capabilities : jointCapabilities(opened);
  return {
    resultType: 'complete',
    supportedVersions: MODERN_REVISIONS,
    capabilities,
    ...instructionsOf(opened),
    ttlMs: 0,
    cacheScope: 'private',
    _meta: {
      [META.serverInfo]: only?.serverInfo ?? { name: self.name, version: self.version },
    },
  };
}

/**
 * What several servers can do together. Lists can always change: a server may come up later. While one is not up, everything that it may
 * turn out to have is announced.
 */
function jointCapabilities(opened: readonly Opened[]): Json {
  let joint: Json = {};
  for (const { opening } of opened) joint = union(joint, opening?.capabilities ?? {});
  if (opened.some(({ opening }) => !opening)) {
    joint = union({ tools: {}, prompts: {}, resources: {}, logging: {}, completions: {} }, joint);
  }
  for (const kind of ['tools', 'prompts', 'resources']) {
    const capability = joint[kind];
    if (isObject(capability)) joint[kind] = { ...capability, listChanged: true };
  }
  return joint;
}

/** Two objects as one; where both have a member that is no object, the second's counts, unless the first's is `true`. */
export function union(a: Json, b: Json): Json {
  const both: Json = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const other = both[key];
    if (isObject(other) && isObject(value)) both[key] = union(other, value);
    else if (other !== true) both[key] = value;
  }
  return both;
}

/** The servers' instructions, each under its name. */
function instructionsOf(opened: readonly Opened[]): Json {
  const parts = opened.flatMap(({ server, opening }) => {
    const text = opening?.result['instructions'];
    return typeof text === 'string' && text !== '' ? [{ server, text }] : [];
  });
  if (parts.length === 0) return {};
  if (opened.length === 1) return { instructions: parts[0]?.text };
  return { instructions: parts.map(({ server, text }) => `# ${server}\n\n${text}`).join('\n\n') };
}
