/** Hooks around what passes through a gateway, as FastMCP names them. A gateway without middleware does not come here. */
import { messageOf } from '../errors.ts';
import { type Frame, frameOf } from './frames/frame.ts';
import { errorOf, type Json, type Request, type Response, RPC, resultOf } from './json-rpc.ts';
import type { Handling } from './router/handling.ts';
import { Call } from './router/party.ts';

/** What a hook gets. */
export interface MiddlewareContext {
  readonly method: string;
  /** The parameters as the client sent them: names are those that clients see. */
  readonly params: Json;
  /** Names the client's session; requests of the stateless era share one per connection or principal. */
  readonly session: string;
  /** What the client says of itself. */
  readonly client: Json | undefined;
  /** Whom the guard said the message is from; undefined without a guard. */
  readonly principal: string | undefined;
  /**
   * During a request: ask the servers something else as this client, inwards of all layers. Its envelope (`_meta`) goes along.
   * @throws RpcFailure when that fails.
   */
  readonly ask?: (method: string, params?: Json) => Promise<Json>;
}

/** Goes on: with other parameters, if any are given. @throws RpcFailure when the request fails. */
export type Next<T> = (params?: Json) => Promise<T>;

/** Looks at, changes, answers or refuses one kind of message. What it returns is the result. */
export type Hook<T> = (context: MiddlewareContext, next: Next<T>) => Promise<T>;

/**
 * One layer around the gateway. For each message the hooks run from the general to the particular (`onMessage`, then `onRequest` or
 * `onNotification`, then that of the method), and the layers from the first to the last; `next` goes one step inwards.
 */
export interface Middleware {
  readonly onMessage?: Hook<Json>;
  readonly onRequest?: Hook<Json>;
  /** What it returns is ignored; not calling `next` drops the notification. */
  readonly onNotification?: Hook<Json>;
  /** `initialize`, and `server/discover` of the stateless era. */
  readonly onInitialize?: Hook<Json>;
  readonly onCallTool?: Hook<Json>;
  readonly onReadResource?: Hook<Json>;
  readonly onGetPrompt?: Hook<Json>;
  readonly onListTools?: Hook<Json>;
  readonly onListResources?: Hook<Json>;
  readonly onListResourceTemplates?: Hook<Json>;
  readonly onListPrompts?: Hook<Json>;
}

/** The hook of each method. */
export const HOOKS: Readonly<Record<string, keyof Middleware>> = {
  initialize: 'onInitialize',
  'server/discover': 'onInitialize',
  'tools/call': 'onCallTool',
  'resources/read': 'onReadResource',
  'prompts/get': 'onGetPrompt',
  'tools/list': 'onListTools',
  'resources/list': 'onListResources',
  'resources/templates/list': 'onListResourceTemplates',
  'prompts/list': 'onListPrompts',
};

/** A request that failed, with the error the client gets. Throw it from a hook to refuse. */
export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';
  /** A JSON-RPC error code. */
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Run the hooks of a message around its innermost step. */
export function runHooks(
  layers: readonly Middleware[],
  kind: 'onRequest' | 'onNotification',
  context: MiddlewareContext,
  innermost: (params: Json) => Promise<Json>,
): Promise<Json> {
  const named = HOOKS[context.method];
  const keys = ['onMessage', kind, ...(named && kind === 'onRequest' ? [named] : [])] as const;
  const hooks = layers.flatMap((layer) => keys.flatMap((key) => layer[key]?.bind(layer) ?? []));
  const step = (index: number, params: Json): Promise<Json> => {
    const hook = hooks[index];
    if (!hook) return innermost(params);
    return hook({ ...context, params }, (changed = params) => step(index + 1, changed));
  };
  return step(0, context.params);
}

/** Handle a request through the layers: `inner` is what the router would do without them. */
export function throughLayers(
  layers: readonly Middleware[],
  handling: Handling,
  inner: (handling: Handling) => void,
): void {
  const { call, party, params } = handling;
  const context = {
    method: call.method,
    params,
    session: party.id,
    client: party.profile.clientInfo,
    principal: party.principal,
    ask: (method: string, more: Json = {}) => asking(handling, inner, method, more),
  };
  const innermost = (changed: Json) => {
    const message = { ...handling.frame.message, params: changed } as Request;
    return inwards({ ...handling, frame: frameOf(message), params: changed }, inner);
  };
  runHooks(layers, 'onRequest', context, innermost).then(
    (result) => call.done(frameOf(resultOf(0, result))),
    (error: unknown) => call.done(frameOf(failureOf(error))),
  );
}

/** A request of a layer's own, on the back of the client's. */
function asking(
  handling: Handling,
  inner: (handling: Handling) => void,
  method: string,
  more: Json,
): Promise<Json> {
  const meta = handling.params['_meta'];
  const params = { ...more, ...(meta !== undefined && { _meta: meta }) };
  const call = new Call({ ...handling.call, method });
  const frame = frameOf({ jsonrpc: '2.0', id: call.id, method, params });
  return inwards({ ...handling, frame, params, call }, inner, handling.call);
}

/** What the router answers to a request; a failure as well when the client's own request is cancelled, so that no layer waits for ever. */
function inwards(
  handling: Handling,
  inner: (handling: Handling) => void,
  outer: Call = handling.call,
): Promise<Json> {
  const { call, party } = handling;
  const cancelled = () => new RpcFailure(RPC.INTERNAL, 'the client cancelled the request');
  if (!party.open.has(outer.id)) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const done = (answer: Frame) => settle(answer, resolve, reject);
    const own = new Call({ ...call, done });
    const earlier = outer.cancel;
    outer.cancel = (why) => {
      earlier?.(why);
      own.cancel?.(why);
      reject(cancelled());
    };
    inner({ ...handling, call: own });
  });
}

/** The answer for what a hook threw. */
export function failureOf(error: unknown): Response {
  if (error instanceof RpcFailure) return errorOf(0, error.code, error.message, error.data);
  return errorOf(0, RPC.INTERNAL, messageOf(error));
}

function settle(
  answer: Frame,
  resolve: (result: Json) => void,
  reject: (failure: RpcFailure) => void,
): void {
  const { result, error } = answer.message as Response;
  if (error) reject(new RpcFailure(error.code, error.message, error.data));
  else resolve(result ?? {});
}
