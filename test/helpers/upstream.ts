/** An upstream under test with the engine's side of it: requests by method, and everything that arrived. */
import type { Frame } from '../../src/engine/frames/frame.ts';
import { isResponse, type Json, type Message, type Response } from '../../src/engine/json-rpc.ts';
import type { Upstream, UpstreamExit } from '../../src/engine/upstream/types.ts';

/** Limits small enough to be gone beyond. */
export const LIMITS = { maxFrameBytes: 1 << 20, maxDepth: 100 };

/** What a test does with an upstream. */
export interface Driven {
  readonly upstream: Upstream;
  /** Every frame so far, answers included. */
  readonly frames: Frame[];
  readonly exits: UpstreamExit[];
  /** Send a request and wait for its answer (10 s at most). */
  ask(method: string, params?: Json): Promise<Response>;
  tell(method: string, params?: Json): void;
  /** Open a session of the old era. */
  initialize(capabilities?: Json): Promise<Response>;
  /** Send a request of the stateless era. */
  askStateless(method: string, params?: Json): Promise<Response>;
  /** The first message that fits, waited for up to 10 s. */
  arrived(fits: (message: Message) => boolean): Promise<Frame>;
  /** The messages of one notification so far. */
  notices(method: string): Message[];
}

/** The `_meta` with which every request of the stateless era comes. */
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** Start an upstream and drive it. */
export async function drive(upstream: Upstream): Promise<Driven> {
  const frames: Frame[] = [];
  const exits: UpstreamExit[] = [];
  const waiting = new Set<() => void>();
  await upstream.start({
    onMessage: (frame) => {
      frames.push(frame);
      for (const check of [...waiting]) check();
    },
    onDrain: () => {},
    onClose: (exit) => exits.push(exit),
  });
  let ids = 0;
  const arrived = (fits: (message: Message) => boolean) =>
    new Promise<Frame>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('nothing arrived in 10 s')), 10_000);
      const check = () => {
        const frame = frames.find(({ message }) => fits(message));
        if (!frame) return;
        clearTimeout(timer);
        waiting.delete(check);
        resolve(frame);
      };
      waiting.add(check);
      check();
    });
  const ask = async (method: string, params?: Json): Promise<Response> => {
    const id = ++ids;
    upstream.send({ message: { jsonrpc: '2.0', id, method, ...(params && { params }) } });
    const frame = await arrived((message) => isResponse(message) && message.id === id);
    return frame.message as Response;
  };
  const tell = (method: string, params?: Json) =>
    void upstream.send({ message: { jsonrpc: '2.0', method, ...(params && { params }) } });
  return {
    upstream,
    frames,
    exits,
    ask,
    tell,
    arrived,
    askStateless: (method, params = {}) =>
      ask(method, { ...params, _meta: { ...ENVELOPE, ...(params._meta as Json) } }),
    initialize: async (capabilities = {}) => {
      const answer = await ask('initialize', {
        protocolVersion: '2025-11-25',
        capabilities,
        clientInfo: { name: 'test', version: '1' },
      });
      tell('notifications/initialized');
      return answer;
    },
    notices: (method) =>
      frames.map(({ message }) => message).filter((m) => 'method' in m && m.method === method),
  };
}
