// A raw MCP client over Streamable HTTP: one session, any number of keep-alive connections.
import { sleep } from '../lib/processes.mjs';
import { INITIALIZE, INITIALIZED, readResponse, request } from './frames.mjs';
import { burst } from './stdio.mjs';
import { bare, openWire, postHead } from './wire.mjs';

/** A client of one URL. Nothing is sent before `initialize`. */
export function openHttp(url) {
  const wires = [];
  let nextId = 1;
  let session;
  let head = postHead(url);
  const wire = (lane) => {
    if (wires[lane]?.stale()) {
      wires[lane].close();
      wires[lane] = undefined;
    }
    wires[lane] ??= openWire(url);
    return wires[lane];
  };
  const send = (id, bytes, resolve, reject, lane = 0) =>
    wire(lane).send(
      [head(bytes.length), bytes],
      (response) => {
        const answer = response.status === 200 ? readResponse(response.body) : undefined;
        if (answer?.ok && answer.id === id) resolve(response);
        else reject(new Error(`HTTP ${response.status}: ${response.body.subarray(0, 600)}`));
      },
      reject,
    );
  const call = (method, params) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      send(id, request(id, method, params), resolve, reject);
    });
  return {
    call: async (method, params) => (await call(method, params)).body,
    async initialize() {
      const { head: answered, body } = await call('initialize', INITIALIZE);
      session = /\r\nmcp-session-id: *([^\r\n]+)/i.exec(answered)?.[1];
      const version = /"protocolVersion"\s*:\s*"([^"]+)"/.exec(body.toString())?.[1];
      head = postHead(url, {
        ...(session ? { 'mcp-session-id': session } : {}),
        'mcp-protocol-version': version ?? INITIALIZE.protocolVersion,
      });
      await notify(wire(0), head);
    },
    burst: (options) => burst({ ...options, send, ids: () => nextId++ }),
    /** End the session as a client does that leaves. */
    async end() {
      if (session === undefined) return;
      const bytes = bare('DELETE', url, { 'mcp-session-id': session });
      await new Promise((resolve, reject) => wire(0).send([bytes], resolve, reject));
    },
    close() {
      for (const one of wires) one?.close();
    },
  };
}

function notify(wire, head) {
  return new Promise((resolve, reject) => {
    wire.send([head(INITIALIZED.length), INITIALIZED], resolve, reject);
  });
}

/** Open a client as soon as something listens there. @throws when nothing does within the deadline, or the program ended. */
export async function connectWhenUp(open, child, deadlineMs = 30_000) {
  const until = performance.now() + deadlineMs;
  for (;;) {
    const client = open();
    try {
      await client.initialize();
      return client;
    } catch (error) {
      client.close();
      const gone = child.exitCode !== null || child.signalCode !== null;
      if (gone || performance.now() > until) {
        throw new Error(`${error.message}; ${child.tail().slice(-300)}`);
      }
      await sleep(5);
    }
  }
}
