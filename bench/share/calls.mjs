// Calls of a tool over Streamable HTTP, prepared for `load`.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Opens a session; what to send to call a tool in it. */
export async function calls(endpoint) {
  const body = message('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  });
  const session = await new Promise((resolve, reject) => {
    const { port, path, headers } = endpoint;
    const send = endpoint.ca ? httpsRequest : httpRequest;
    send(
      {
        host: 'localhost',
        port,
        path,
        ca: endpoint.ca,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        response.resume();
        resolve(response.headers['mcp-session-id']);
      },
    )
      .on('error', reject)
      .end(body);
  });
  const text = 'x'.repeat(100);
  return {
    ...endpoint,
    headers: {
      ...endpoint.headers,
      'mcp-session-id': session,
      'mcp-protocol-version': '2025-11-25',
      accept: 'application/json, text/event-stream',
    },
    body: message('tools/call', { name: 'echo', arguments: { text } }),
  };
}

function message(method, params) {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
}
