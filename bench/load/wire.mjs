// One HTTP/1.1 keep-alive connection on a bare socket: one request at a time, whole or streamed answers.
import { connect } from 'node:net';

const STALE_MS = 1000;
const CRLF2 = Buffer.from('\r\n\r\n');

/** Open a connection to the host of a URL. */
export function openWire(url) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
  socket.setNoDelay(true);
  let current;
  let used = performance.now();
  let pending = Buffer.alloc(0);
  const fail = (error) => {
    const failed = current;
    current = undefined;
    failed?.reject(error);
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the connection was closed')));
  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (current !== undefined && advance()) {
      // more of what arrived may be complete
    }
  });

  /** Take one step of reading the answer; false when more bytes are needed. */
  function advance() {
    if (current.status === undefined) return readHead();
    return current.chunked ? readChunk() : readBody();
  }

  function readHead() {
    const end = pending.indexOf(CRLF2);
    if (end < 0) return false;
    const head = pending.latin1Slice(0, end);
    pending = pending.subarray(end + 4);
    current.status = Number(head.slice(9, 12));
    current.head = head;
    current.chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    current.length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (current.status < 200)
      current.status = undefined; // an interim answer
    else current.onHead?.(current);
    return true;
  }

  function readBody() {
    if (pending.length < current.length) return false;
    const body = pending.subarray(0, current.length);
    pending = pending.subarray(current.length);
    finish([body]);
    return false;
  }

  function readChunk() {
    const line = pending.indexOf('\r\n');
    if (line < 0) return false;
    const size = Number.parseInt(pending.latin1Slice(0, line), 16);
    const end = line + 2 + size + 2;
    if (pending.length < end) return false;
    const data = pending.subarray(line + 2, end - 2);
    pending = pending.subarray(end);
    if (size === 0) finish(current.parts);
    else if (current.onData) current.onData(data);
    else current.parts.push(data);
    return true;
  }

  function finish(parts) {
    const { status, head, resolve } = current;
    current = undefined;
    used = performance.now();
    resolve({ status, head, body: parts.length === 1 ? parts[0] : Buffer.concat(parts) });
  }

  return {
    /**
     * Send a request's bytes. `then` gets {status, head, body}; `onData`, when given, the answer's chunks instead of a body.
     */
    send(bytes, resolve, reject, { onHead, onData } = {}) {
      if (current !== undefined) throw new Error('one request at a time');
      if (socket.destroyed) {
        reject(new Error('the connection was closed'));
        return;
      }
      current = { resolve, reject, onHead, onData, parts: [] };
      socket.cork();
      for (const part of bytes) socket.write(part);
      socket.uncork();
    },
    /** Whether a server would have closed it by now, or has: Node does after five seconds without a request. */
    stale: () => current === undefined && (socket.destroyed || performance.now() - used > STALE_MS),
    close: () => socket.destroy(),
  };
}

/** The bytes of a POST without its body's length: prepare it once, then `head(n)`. */
export function postHead(url, headers = {}) {
  const { host, pathname, search } = new URL(url);
  const fixed = {
    host,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  };
  const lines = Object.entries(fixed).map(([name, value]) => `${name}: ${value}\r\n`);
  const start = `POST ${pathname}${search} HTTP/1.1\r\n${lines.join('')}content-length: `;
  return (length) => `${start}${length}\r\n\r\n`;
}

/** The bytes of a request without a body. */
export function bare(method, url, headers = {}) {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
