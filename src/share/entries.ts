/** What a person pastes into a client to use a share. */

import { CLIENTS, type ClientKey, type RemoteEntry } from '../clients/index.ts';
import type { Trust } from './tunnels/types.ts';

/** How one client is told. */
export interface ClientHint {
  readonly client: string;
  /** A command to run, or a link to open, or the file's text. */
  readonly kind: 'command' | 'link' | 'file';
  readonly text: string;
}

/** What the hints are about. */
export interface SharedEndpoint {
  /** A name for the entry. */
  readonly name: string;
  /** The endpoint, `…/mcp` or `…/sse`. */
  readonly url: string;
  readonly transport: 'http' | 'sse';
  /** The token's text; absent when there is none to show. */
  readonly token?: string;
  /** What it takes to trust the address. */
  readonly trust?: Trust;
}

const SHOWN: readonly ClientKey[] = ['claude-code', 'cursor', 'vscode', 'windsurf', 'gemini-cli'];

/** Entries for five clients, as their files hold them. */
export function clientEntries(endpoint: SharedEndpoint): readonly ClientHint[] {
  return SHOWN.map((key) => {
    const row = CLIENTS[key];
    const value = row.codec.encode(entryOf(endpoint), endpoint.name);
    const file = row.section.reduceRight<unknown>((inner, part) => ({ [part]: inner }), {
      [endpoint.name]: value,
    });
    return { client: row.title, kind: 'file', text: JSON.stringify(file) };
  });
}

/** The same as something to run or to click. */
export function quickHints(endpoint: SharedEndpoint): readonly ClientHint[] {
  const { name, url, transport, token } = endpoint;
  const header = token === undefined ? [] : ['--header', quote(`Authorization: Bearer ${token}`)];
  const words = ['claude', 'mcp', 'add', '--transport', transport, name, url].map(word);
  const claude = [...words, ...header];
  const entry = entryOf(endpoint);
  const plain = { url, ...(token !== undefined && { headers: entry.headers }) };
  const config = Buffer.from(JSON.stringify(plain)).toString('base64');
  const vscode = JSON.stringify({ name, type: transport, ...plain });
  return [
    { client: 'Claude Code', kind: 'command', text: claude.join(' ') },
    {
      client: 'Cursor',
      kind: 'link',
      text: `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(name)}&config=${encodeURIComponent(config)}`,
    },
    { client: 'VS Code', kind: 'link', text: `vscode:mcp/install?${encodeURIComponent(vscode)}` },
  ];
}

/** A request that shows that it works, to paste into a shell. */
export function curlCheck({ url, token, trust }: SharedEndpoint): string {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'curl', version: '1' },
    },
  });
  return [
    'curl',
    ...(trust ? trustArguments(trust) : []),
    quote(url),
    ...(token === undefined ? [] : ['-H', quote(`Authorization: Bearer ${token}`)]),
    "-H 'Content-Type: application/json'",
    "-H 'Accept: application/json, text/event-stream'",
    '-d',
    quote(body),
  ].join(' ');
}

function entryOf({ url, transport, token }: SharedEndpoint): RemoteEntry {
  return {
    kind: transport,
    url,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
  };
}

/** curl checks a pin beside the certificate, which nobody vouches for here. */
function trustArguments(trust: Trust): readonly string[] {
  if ('ca' in trust) return ['--cacert', quote(trust.ca)];
  const pin = Buffer.from(trust.pin.replace(/^sha256:/, ''), 'base64url').toString('base64');
  return ['--insecure', '--pinnedpubkey', quote(`sha256//${pin}`)];
}

function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quote(text);
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
