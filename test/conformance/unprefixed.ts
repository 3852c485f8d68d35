/**
 * A profile under the names of one of its servers: the suite asks for the fixture's tools, prompts and resources by the fixture's own names,
 * and a profile of several servers adds the server's to each. This puts it on in requests and takes it off in answers, and does nothing else.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Json = Record<string, unknown>;

/** Serve the endpoint at `url` under the names of one server; returns the new URL. It ends with the test. */
export async function unprefixed(url: string, server: string): Promise<string> {
  const { hostname, port, pathname } = new URL(url);
  const proxy = createServer(async (incoming, response) => {
    const body = renamed(server, await bodyOf(incoming));
    const headers = { ...incoming.headers, ...nameHeader(server, incoming.headers) };
    if (body.length > 0) headers['content-length'] = String(Buffer.byteLength(body));
    const { method, url: path = pathname } = incoming;
    const outgoing = request(
      { hostname, port, path, method, headers, setHost: false },
      (answer) => {
        const { 'content-length': _, ...own } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, own);
        response.flushHeaders();
        let rest = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) response.write(`${plain(server, line)}\n`);
        });
        answer.on('end', () => response.end(plain(server, rest)));
      },
    );
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    outgoing.end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://localhost:${(proxy.address() as AddressInfo).port}${pathname}`;
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const withName = (server: string, name: unknown) =>
  typeof name === 'string' ? `${server}_${name}` : name;
const withUri = (server: string, uri: unknown) =>
  typeof uri === 'string' ? uri.replace('://', `://${server}/`) : uri;

/** Which parameters of a method hold names, and how they are given. */
const NAMES: Readonly<Record<string, (server: string, params: Json) => Json>> = {
  'tools/call': (server, { name }) => ({ name: withName(server, name) }),
  'prompts/get': (server, { name }) => ({ name: withName(server, name) }),
  'resources/read': (server, { uri }) => ({ uri: withUri(server, uri) }),
  'resources/subscribe': (server, { uri }) => ({ uri: withUri(server, uri) }),
  'resources/unsubscribe': (server, { uri }) => ({ uri: withUri(server, uri) }),
  'completion/complete': (server, { ref }) => {
    const { name, uri, ...rest } = ref as Json;
    const named = name === undefined ? {} : { name: withName(server, name) };
    return { ref: { ...rest, ...named, ...(uri !== undefined && { uri: withUri(server, uri) }) } };
  },
  'subscriptions/listen': (server, { notifications }) => {
    const { resourceSubscriptions: uris } = (notifications ?? {}) as Json;
    if (!Array.isArray(uris)) return {};
    const named = uris.map((uri) => withUri(server, uri));
    return { notifications: { ...(notifications as Json), resourceSubscriptions: named } };
  },
};

function renamed(server: string, body: string): string {
  let message: { method?: string; params?: Json };
  try {
    message = JSON.parse(body);
  } catch {
    return body;
  }
  const names = NAMES[message.method ?? ''];
  if (!names || !message.params) return body;
  return JSON.stringify({
    ...message,
    params: { ...message.params, ...names(server, message.params) },
  });
}

/** The header that names what the body does, right or wrong as the suite wrote it. */
function nameHeader(server: string, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { 'mcp-name': name, 'mcp-method': method } = headers;
  if (typeof name !== 'string') return {};
  const wrapped = /^=\?base64\?(.*)\?=$/.exec(name);
  const text = wrapped ? Buffer.from(wrapped[1] ?? '', 'base64').toString() : name;
  const isUri = String(method).toLowerCase() === 'resources/read';
  const own = isUri ? String(withUri(server, text)) : `${server}_${text}`;
  return { 'mcp-name': wrapped ? `=?base64?${Buffer.from(own).toString('base64')}?=` : own };
}

function plain(server: string, text: string): string {
  return text.replaceAll(`"${server}_`, '"').replaceAll(`://${server}/`, '://');
}
