/** The execution engine: runs servers, joins many into one, serves them over stdio, Streamable HTTP and SSE. */
export type { UsageSink } from './calls.ts';
export { type BearerOptions, bearerGuard } from './downstream/http/bearer.ts';
export type {
  ExtraRoutes,
  Guard,
  GuardRequest,
  GuardVerdict,
  HttpEndpoint,
  HttpHandler,
  HttpOptions,
  HttpRequest,
  HttpResponse,
} from './downstream/http/types.ts';
export type { Frame } from './frames/frame.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export type { Message, Notification, Request, RequestId, Response } from './json-rpc.ts';
export {
  type Hook,
  type Middleware,
  type MiddlewareContext,
  type Next,
  RpcFailure,
} from './middleware.ts';
export { DEFAULT_SETTINGS, type EngineSettings } from './settings.ts';
export { type SignedIn, type SignInOptions, signIn, signOut } from './sign-in.ts';
export type {
  Upstream,
  UpstreamExit,
  UpstreamFactory,
  UpstreamHandlers,
} from './upstream/types.ts';
