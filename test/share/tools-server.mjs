// A server with a tool that says it only reads, one that says it writes, and one that says nothing.
import { createInterface } from 'node:readline';

const tool = (name, annotations) => ({
  name,
  inputSchema: { type: 'object' },
  ...(annotations && { annotations }),
});
const tools = [
  tool('read_file', { readOnlyHint: true }),
  tool('write_file', { readOnlyHint: false }),
  tool('unsaid'),
];
const METHODS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'tools', version: '1' },
  }),
  'tools/list': () => ({ tools }),
  'tools/call': ({ name }) => ({ content: [{ type: 'text', text: name }] }),
  'vendor/anything': () => ({ environment: process.env }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params = {} } = JSON.parse(line);
  if (id === undefined) return;
  const result = METHODS[method]?.(params);
  const answer = result ? { result } : { error: { code: -32601, message: 'Method not found' } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
