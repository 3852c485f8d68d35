/** The library's public face: `import { GlobalConfigManager, ProfileConfigManager, ClientConfigManager } from 'mcpm'`. */
export {
  ClientConfigManager,
  type ClientEditResult,
  type ClientSelection,
  type ClientStatus,
} from './clients/index.ts';
export {
  type CustomServer,
  GlobalConfigManager,
  type NewServer,
  type RemoteServer,
  type Server,
  type StdioServer,
} from './config/index.ts';
export { type Context, type ContextOverrides, createContext } from './context.ts';
export {
  bearerGuard,
  createGateway,
  type EngineSettings,
  type Gateway,
  type GatewayOptions,
  type Guard,
  type GuardRequest,
  type GuardVerdict,
  type Hook,
  type HttpEndpoint,
  type HttpOptions,
  type Middleware,
  type MiddlewareContext,
  type Next,
  RpcFailure,
  type UsageSink,
} from './engine/index.ts';
export { type ErrorCode, EXIT_CODES, McpmError } from './errors.ts';
export { type Profile, ProfileConfigManager } from './profiles/index.ts';
