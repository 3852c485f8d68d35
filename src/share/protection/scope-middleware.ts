/** Scopes at work: what a token may not reach is neither listed nor answered. The audit log learns here what was called. */
import { type Middleware, type MiddlewareContext, RpcFailure } from '../../engine/index.ts';
import { allowsTool, isLimited, type ToolFacts } from './scope.ts';
import type { Scope } from './token-store.ts';

/** What the middleware needs to know. */
export interface ScopeOptions {
  /** The scope of someone who was let in; `undefined` for nobody. */
  readonly scopeOf: (principal: string) => Scope | undefined;
  /** Told of every call, when it is over. */
  readonly onCall: (call: ScopedCall) => void;
  readonly now: () => number;
}

/** A call, for the log. */
export interface ScopedCall {
  readonly principal: string;
  readonly what: string;
  readonly outcome: string;
  readonly at: number;
  readonly ms: number;
}

type Json = Record<string, unknown>;

/** Methods that a limited token may use. What a server adds of its own could do anything. */
const LIMITED_METHODS = new Set([
  'initialize',
  'server/discover',
  'ping',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'subscriptions/listen',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'tasks/get',
  'tasks/result',
  'tasks/list',
  'tasks/cancel',
  'tasks/update',
]);

/** What a call names, by its method. */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

const METHOD_NOT_FOUND = -32_601;
const INVALID_PARAMS = -32_602;
const INTERNAL = -32_603;
/** How long a tool's annotations are believed, ms. */
const BELIEVED = 60_000;
const MOST_PAGES = 100;

/** The layer for one share. */
export function scopeMiddleware(options: ScopeOptions): Middleware {
  const seen = new Map<string, { readonly tool: ToolFacts; readonly at: number }>();

  const learn = (result: Json): readonly ToolFacts[] => {
    const tools = Array.isArray(result['tools']) ? (result['tools'] as ToolFacts[]) : [];
    for (const tool of tools) seen.set(tool.name, { tool, at: options.now() });
    return tools;
  };
  const facts = async (
    name: string,
    context: MiddlewareContext,
  ): Promise<ToolFacts | undefined> => {
    const known = seen.get(name);
    if (known && options.now() - known.at < BELIEVED) return known.tool;
    seen.delete(name);
    for (let cursor: unknown, page = 0; page < MOST_PAGES; page++) {
      const result = await context.ask?.('tools/list', cursor === undefined ? {} : { cursor });
      learn(result ?? {});
      cursor = result?.['nextCursor'];
      if (cursor === undefined || seen.has(name)) break;
    }
    return seen.get(name)?.tool;
  };

  return {
    async onRequest(context, next) {
      const scope = scopeFor(context, options);
      if (isLimited(scope) && !LIMITED_METHODS.has(context.method))
        throw new RpcFailure(METHOD_NOT_FOUND, 'This token may not use that method');
      return noted(context, options, next);
    },
    async onListTools(context, next) {
      const scope = scopeFor(context, options);
      const result = await next();
      const tools = learn(result);
      if (!isLimited(scope)) return result;
      return { ...result, tools: tools.filter((tool) => allowsTool(scope, tool)) };
    },
    async onCallTool(context, next) {
      const scope = scopeFor(context, options);
      if (!isLimited(scope)) return next();
      const name = String(context.params['name']);
      const tool = await facts(name, context);
      if (!tool || !allowsTool(scope, tool))
        throw new RpcFailure(INVALID_PARAMS, `Unknown tool: ${name}`);
      return next();
    },
  };
}

/** Without a known sender nothing passes. */
function scopeFor({ principal }: MiddlewareContext, { scopeOf }: ScopeOptions): Scope {
  const scope = principal === undefined ? undefined : scopeOf(principal);
  if (!scope) throw new RpcFailure(INTERNAL, 'Nobody was let in');
  return scope;
}

/** Write a call down. Its name is the client's text, so it is cut. */
async function noted(
  { method, params, principal = '-' }: MiddlewareContext,
  { onCall, now }: ScopeOptions,
  next: () => Promise<Json>,
): Promise<Json> {
  const field = NAMED[method];
  if (field === undefined) return next();
  const at = now();
  const what = `${method} ${String(params[field]).slice(0, 200)}`;
  const tell = (outcome: string) => onCall({ principal, what, outcome, at, ms: now() - at });
  try {
    const result = await next();
    tell(result['isError'] === true ? 'error' : 'ok');
    return result;
  } catch (error) {
    tell(error instanceof RpcFailure ? `error ${error.code}` : 'error');
    throw error;
  }
}
