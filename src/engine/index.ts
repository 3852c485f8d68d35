/** The execution engine: runs servers, joins many into one, serves them over stdio, Streamable HTTP and SSE. */
export type { Frame } from './frames/frame.ts';
export type { Message, Notification, Request, RequestId, Response } from './json-rpc.ts';
export type {
  Upstream,
  UpstreamExit,
  UpstreamFactory,
  UpstreamHandlers,
} from './upstream/types.ts';
