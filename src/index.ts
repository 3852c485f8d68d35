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
export type { Context, ContextOverrides } from './context.ts';
export { type ErrorCode, EXIT_CODES, McpmError } from './errors.ts';
export { type Profile, ProfileConfigManager } from './profiles/index.ts';
