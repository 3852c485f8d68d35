// What one writes with the official SDK: its Server and its Client, back to back. The two tool requests are enough for the harness.
//   node sdk.mjs stdio COMMAND ARG…        node sdk.mjs http PORT COMMAND ARG…
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Server } from '@modelcontextprotocol/server';

const [mode, ...rest] = process.argv.slice(2);
const port = mode === 'http' ? Number(rest.shift()) : undefined;
const [command, ...args] = rest;
const client = new Client({ name: 'sdk-pair', version: '1.0.0' });
await client.connect(new StdioClientTransport({ command, args }));

function createServer() {
  const server = new Server(
    { name: 'sdk-pair', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true } } },
  );
  server.setRequestHandler('tools/list', ({ params }) => client.listTools(params));
  server.setRequestHandler('tools/call', ({ params }) => client.callTool(params));
  return server;
}

if (mode === 'stdio') {
  const { StdioServerTransport } = await import('@modelcontextprotocol/server/stdio');
  await createServer().connect(new StdioServerTransport());
  process.stdin.on('end', () => process.exit(0));
} else {
  const { randomUUID } = await import('node:crypto');
  const http = await import('node:http');
  const { NodeStreamableHTTPServerTransport } = await import('@modelcontextprotocol/node');
  const sessions = new Map();
  const open = async () => {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: true,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await createServer().connect(transport);
    return transport;
  };
  const handle = async (request, response) => {
    const transport = sessions.get(request.headers['mcp-session-id']) ?? (await open());
    await transport.handleRequest(request, response);
  };
  http
    .createServer((request, response) => void handle(request, response))
    .listen(port, '127.0.0.1');
}
