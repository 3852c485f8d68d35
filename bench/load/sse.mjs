// A raw MCP client over the older HTTP+SSE transport: a session a lane, each with a stream and a connection to post on.
import { INITIALIZE, INITIALIZED, readResponse, request } from './frames.mjs';
import { burst } from './stdio.mjs';
import { bare, openWire, postHead } from './wire.mjs';

// Ids are unique over all sessions: some programs send every answer to every session.
let nextId = 1;

/** A client of one SSE URL; `initialize(lanes)` opens that many sessions. */
export function openSse(url) {
  const lanes = [];
  const send = (id, bytes, resolve, reject, lane = 0) =>
    lanes[lane].send(id, bytes, resolve, reject);
  return {
    async initialize(count = 1) {
      while (lanes.length < count) lanes.push(await openLane(url));
    },
    call: (method, params) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        send(id, request(id, method, params), resolve, reject);
      }),
    burst: (options) => burst({ ...options, send, ids: () => nextId++ }),
    close() {
      for (const lane of lanes) lane.close();
    },
  };
}

async function openLane(url) {
  const stream = openWire(url);
  const waiting = new Map();
  const lane = { close: () => stream.close() };
  let text = '';
  const fail = (error) => {
    for (const { reject } of waiting.values()) reject(error);
  };
  const endpoint = await new Promise((resolve, reject) => {
    const onData = (chunk) => {
      text += chunk.latin1Slice(0, chunk.length).replaceAll('\r\n', '\n');
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        const data = /^data: ?(.*)$/m.exec(event)?.[1];
        if (data === undefined) continue;
        if (event.startsWith('event: endpoint')) resolve(new URL(data, url).href);
        else settle(data);
      }
    };
    const settle = (data) => {
      const answer = readResponse(Buffer.from(data, 'latin1'));
      const entry = answer && waiting.get(answer.id);
      if (!entry) return;
      waiting.delete(answer.id);
      if (answer.ok) entry.resolve(data);
      else entry.reject(new Error(`answered with an error: ${data.slice(0, 200)}`));
    };
    const ended = (error) => {
      reject(error instanceof Error ? error : new Error(`HTTP ${error.status} on ${url}`));
      fail(new Error('the stream ended'));
    };
    stream.send([bare('GET', url, { accept: 'text/event-stream' })], ended, ended, { onData });
  });
  let poster = openWire(endpoint);
  const head = postHead(endpoint);
  // An answer may come on the stream before the POST is acknowledged; the connection is free after both.
  lane.send = (id, bytes, resolve, reject) => {
    let parts = 2;
    const both = (value) => {
      parts--;
      if (parts === 0) resolve(value);
    };
    waiting.set(id, { resolve: both, reject });
    if (poster.stale()) {
      poster.close();
      poster = openWire(endpoint);
    }
    poster.send([head(bytes.length), bytes], both, reject);
  };
  lane.close = () => {
    stream.close();
    poster.close();
  };
  await new Promise((resolve, reject) => {
    const id = nextId++;
    lane.send(id, request(id, 'initialize', INITIALIZE), resolve, reject);
  });
  await new Promise((resolve, reject) => {
    poster.send([head(INITIALIZED.length), INITIALIZED], resolve, reject);
  });
  return lane;
}
