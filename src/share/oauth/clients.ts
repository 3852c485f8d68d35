/**
 * Who a client says it is. Either its id is an `https` URL and the document there describes it (client-ID metadata documents), or it
 * registered (RFC 7591). Registration is open to anyone and proves nothing, so nothing is stored: the id that is given out is what was
 * registered.
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { OAuthError } from './errors.ts';

/** A client, as it describes itself. */
export interface OAuthClient {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
}

/** How documents are fetched. */
export interface ClientWorld {
  readonly fetch: typeof globalThis.fetch;
  /** The addresses of a host name. */
  readonly addressesOf?: (host: string) => Promise<readonly string[]>;
}

const REGISTERED = 'mcpm-client.';
const MAX_DOCUMENT = 16 * 1024;
const FETCH_TIMEOUT = 5_000;

/**
 * The client with this id.
 * @throws OAuthError `invalid_client`.
 */
export async function resolveClient(id: string, world: ClientWorld): Promise<OAuthClient> {
  if (id.startsWith(REGISTERED)) {
    const metadata = parse(Buffer.from(id.slice(REGISTERED.length), 'base64url').toString());
    return clientOf(id, metadata);
  }
  if (!id.startsWith('https://')) throw new OAuthError('invalid_client', 'unknown client');
  return clientOf(id, await fetchDocument(id, world));
}

/**
 * Register a client: its id is its description.
 * @throws OAuthError `invalid_client_metadata`.
 */
export function registerClient(request: unknown) {
  const { client_name: name, redirect_uris: uris } = asRecord(request);
  const metadata = { client_name: name, redirect_uris: uris };
  const id = REGISTERED + Buffer.from(JSON.stringify(metadata)).toString('base64url');
  if (id.length > 4096) throw new OAuthError('invalid_client_metadata', 'too long');
  const client = clientOf(id, metadata);
  return {
    client_id: id,
    client_name: client.name,
    redirect_uris: client.redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
}

/**
 * Whether a client may be sent to a URI: one of its own, compared exactly, but for the port of a loopback one (RFC 8252 §7.3).
 */
export function mayRedirect(client: OAuthClient, uri: string): boolean {
  return client.redirectUris.some((own) => own === uri || withoutPort(own) === withoutPort(uri));
}

function withoutPort(uri: string): string | symbol {
  const match = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?(\/.*)?$/.exec(uri);
  return match ? `${match[1]}${match[2] ?? '/'}` : Symbol(uri);
}

/** A description, checked. */
function clientOf(id: string, metadata: unknown): OAuthClient {
  const { client_name: name, redirect_uris: uris } = asRecord(metadata);
  if (!Array.isArray(uris) || uris.length === 0 || uris.length > 20 || !uris.every(isRedirect))
    throw new OAuthError('invalid_client_metadata', 'redirect_uris is not a list of usable URIs');
  const shown = typeof name === 'string' && name !== '' ? name : new URL(uris[0]).host;
  return { id, name: printable(shown), redirectUris: uris };
}

/** `https`, loopback `http`, or an application's own scheme; never one that a browser would run. */
function isRedirect(uri: unknown): boolean {
  if (typeof uri !== 'string' || uri.length > 2000 || !URL.canParse(uri)) return false;
  const { protocol, hostname, hash } = new URL(uri);
  if (hash !== '') return false;
  if (protocol === 'http:') return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return !['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:'].includes(protocol);
}

/** The owner reads this at a terminal: nothing in it may move the cursor or pass for something else. */
function printable(text: string): string {
  return (
    text
      .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
      .slice(0, 60)
      .trim() || 'a nameless client'
  );
}

async function fetchDocument(id: string, world: ClientWorld): Promise<unknown> {
  const url = new URL(id);
  if (url.pathname === '/' || url.username !== '' || url.hash !== '' || /\/\.{1,2}(\/|$)/.test(id))
    throw new OAuthError('invalid_client', 'that URL cannot be a client id');
  await refusePrivate(url.hostname, world);
  const response = await world
    .fetch(url, {
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(FETCH_TIMEOUT),
    })
    .catch(() => undefined);
  if (!response?.ok) throw new OAuthError('invalid_client', 'the client id leads to no document');
  const document = parse(await readLimited(response));
  if (asRecord(document)['client_id'] !== id)
    throw new OAuthError('invalid_client', 'the document is that of another client');
  return document;
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_DOCUMENT) throw new OAuthError('invalid_client', 'the document is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whoever asks to be let in decides what is fetched, so it must be nothing inside the owner's network. */
async function refusePrivate(host: string, world: ClientWorld): Promise<void> {
  const resolve = world.addressesOf ?? systemAddresses;
  const bare = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(bare) ? [bare] : await resolve(bare).catch(() => []);
  if (addresses.length === 0 || addresses.some(isPrivate))
    throw new OAuthError('invalid_client', 'the client id leads nowhere public');
}

async function systemAddresses(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6');

function isPrivate(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPrivate(mapped);
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OAuthError('invalid_client', 'the description of the client is not JSON');
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new OAuthError('invalid_client_metadata', 'not an object');
}
