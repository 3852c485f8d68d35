/** JSON-RPC 2.0 as MCP uses it: shapes, error codes, and the few messages this program makes itself. Nothing is validated beyond them. */

/** Identifies a request among those of one sender (MCP forbids `null`). */
export type RequestId = string | number;

/** Any JSON object. */
export type Json = Record<string, unknown>;

/** A call that wants an answer. */
export interface Request {
  jsonrpc: '2.0';
  id: RequestId;
  method: string;
  params?: Json;
}

/** A call that wants none. */
export interface Notification {
  jsonrpc: '2.0';
  method: string;
  params?: Json;
}

/** The error member of an answer. */
export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

/** The answer to a request: one of `result` and `error`. */
export interface Response {
  jsonrpc: '2.0';
  id: RequestId;
  result?: Json;
  error?: RpcError;
}

/** Anything that travels. */
export type Message = Request | Notification | Response;

/** Error codes of JSON-RPC 2.0 and of MCP (specification 2026-07-28, basic, "Error Codes"; older revisions where noted). */
export const RPC = {
  PARSE: -32700,
  INVALID_REQUEST: -32600,
  METHOD_NOT_FOUND: -32601,
  INVALID_PARAMS: -32602,
  INTERNAL: -32603,
  /** Resource not found, until 2025-11-25. */
  RESOURCE_NOT_FOUND: -32002,
  /** A server that is needed is down (in the range that is the implementation's own). */
  SERVER_DOWN: -32010,
  HEADER_MISMATCH: -32020,
  MISSING_CAPABILITY: -32021,
  UNSUPPORTED_VERSION: -32022,
} as const;

/** Whether a message is a request. */
export function isRequest(message: Message): message is Request {
  return 'method' in message && 'id' in message;
}

/** Whether a message is a notification. */
export function isNotification(message: Message): message is Notification {
  return 'method' in message && !('id' in message);
}

/** Whether a message is an answer. */
export function isResponse(message: Message): message is Response {
  return !('method' in message);
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An answer that succeeded. */
export function resultOf(id: RequestId, result: Json): Response {
  return { jsonrpc: '2.0', id, result };
}

/** An answer that failed. */
export function errorOf(id: RequestId, code: number, message: string, data?: unknown): Response {
  return {
    jsonrpc: '2.0',
    id,
    error: data === undefined ? { code, message } : { code, message, data },
  };
}

/** A notification. */
export function notificationOf(method: string, params?: Json): Notification {
  return params === undefined ? { jsonrpc: '2.0', method } : { jsonrpc: '2.0', method, params };
}
