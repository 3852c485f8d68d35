// A raw MCP client over stdio: writes frames, reads frames, keeps time. No SDK, no JSON parsing on the way.
import { start, stop } from '../lib/processes.mjs';
import { INITIALIZE, INITIALIZED, lineReader, readResponse, request } from './frames.mjs';

const DEADLINE_MS = 30_000;

/** Start a program and be its client. */
export function openStdio({ argv, env }) {
  const child = start(argv, { env });
  const waiting = new Map();
  let nextId = 1;
  let failure;
  const fail = (reason) => {
    failure ??= new Error(reason);
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  child.stdout.on(
    'data',
    lineReader((line) => {
      const response = readResponse(line);
      const entry = response && waiting.get(response.id);
      if (!entry) return;
      waiting.delete(response.id);
      if (response.ok) entry.resolve(line);
      else entry.reject(new Error(`answered with an error: ${line.subarray(0, 1000)}`));
    }),
  );
  child.once('exit', (code, name) => fail(`ended (${code ?? name}): ${child.tail().slice(-300)}`));
  child.once('error', (error) => fail(error.message));

  /** Send bytes under an id; `done(line)` on its answer. */
  const send = (id, bytes, resolve, reject) => {
    if (failure) {
      reject(failure);
      return;
    }
    waiting.set(id, { resolve, reject });
    child.stdin.write(bytes);
    child.stdin.write('\n');
  };
  const call = (make, deadlineMs = DEADLINE_MS) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      const timer = setTimeout(
        () => reject(new Error(`no answer within ${deadlineMs / 1000} s`)),
        deadlineMs,
      );
      const settle = (then) => (value) => {
        clearTimeout(timer);
        then(value);
      };
      send(id, make(id), settle(resolve), settle(reject));
    });
  return {
    pid: child.pid,
    /** One request; its answer as bytes. */
    call: (method, params, deadlineMs) => call((id) => request(id, method, params), deadlineMs),
    /** One request that `make(id)` made. */
    callMade: call,
    async initialize() {
      const answer = await call((id) => request(id, 'initialize', INITIALIZE));
      child.stdin.write(`${INITIALIZED}\n`);
      return answer;
    },
    send,
    burst: (options) => burst({ ...options, send, ids: () => nextId++ }),
    close: () => stop(child),
  };
}

/**
 * Keep `inFlight` requests under way for `ms` (or until `count` were answered).
 * @returns {latencies (ms), elapsed (ms)}
 */
export function burst({ send, ids, make, inFlight, ms, count = Number.POSITIVE_INFINITY }) {
  return new Promise((resolve, reject) => {
    const latencies = [];
    const began = performance.now();
    let open = 0;
    let sent = 0;
    let over = false;
    const timer = setTimeout(() => reject(new Error('the burst stalled')), ms + DEADLINE_MS);
    const fail = (error) => {
      over = true;
      clearTimeout(timer);
      reject(error);
    };
    const next = (lane) => {
      if (over) return;
      const id = ids();
      const at = performance.now();
      open++;
      sent++;
      send(
        id,
        make(id),
        () => {
          const now = performance.now();
          latencies.push(now - at);
          open--;
          if (now - began < ms && sent < count) next(lane);
          else if (open === 0) {
            clearTimeout(timer);
            resolve({ latencies, elapsed: now - began });
          }
        },
        fail,
        lane,
      );
    };
    for (let lane = 0; lane < inFlight; lane++) next(lane);
  });
}
