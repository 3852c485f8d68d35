/** What an HTTP error says, as the answer to the request it refuses. */
import { type Response as Answer, errorOf, isObject, type RequestId, RPC } from '../../json-rpc.ts';

/** How much of an error page is looked at, in UTF-16 units. */
const LONGEST_BODY = 64 * 1024;

/** What is refused: a request of the engine, at a server by its name. */
export interface Refused {
  readonly id: RequestId;
  readonly server: string;
}

/**
 * The JSON-RPC error in the body, with the id of the request (servers often write `null`), or one made from the status, which
 * names the server.
 */
export async function refusalOf(response: Response, { id, server }: Refused): Promise<Answer> {
  const text = (await response.text().catch(() => '')).slice(0, LONGEST_BODY);
  const error = rpcErrorIn(text);
  if (error) return { jsonrpc: '2.0', id, error };
  const { status, statusText } = response;
  const hint = HINTS[status];
  const message = `${server}: HTTP ${status}${statusText && ` ${statusText}`}`;
  const data = { server, status, ...(hint !== undefined && { hint }) };
  return errorOf(id, RPC.INTERNAL, message, data);
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'The server wants credentials: check its headers, or sign in with `mcpm login`.',
  403: 'The server refuses these credentials.',
  404: 'Check the URL of the server.',
  405: 'Check the URL of the server.',
};

function rpcErrorIn(text: string): Answer['error'] | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const error = isObject(body) ? body.error : undefined;
  if (!isObject(error) || typeof error.code !== 'number' || typeof error.message !== 'string')
    return undefined;
  return { ...error, code: error.code, message: error.message };
}
