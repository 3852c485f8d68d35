// The answers of the echo servers, as parts of one JSON-RPC response. A big payload is cut out of the request, not parsed.
const SMALL = 4096;
const answers = new Map();

/**
 * @param frame The bytes of one message.
 * @returns The response's parts (strings and buffers), or undefined when none is due.
 */
export function answerTo(frame, settings) {
  if (frame.length > SMALL) return echoRaw(frame);
  if (frame.length === 0) return undefined;
  const message = JSON.parse(frame.toString());
  if (message.id === undefined || message.method === undefined) return undefined;
  const result = METHODS[message.method]?.(message.params ?? {}, settings);
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},`;
  if (result === undefined) return [`${head}"error":{"code":-32601,"message":"Method not found"}}`];
  return [`${head}"result":`, result, '}'];
}

const METHODS = {
  initialize: ({ protocolVersion }) =>
    JSON.stringify({
      protocolVersion,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: 'echo', version: '1.0.0' },
    }),
  ping: () => '{}',
  'tools/list': (_, { tools }) => JSON.stringify({ tools: Array.from({ length: tools }, tool) }),
  'tools/call': ({ arguments: { text = '', answer } = {} }) =>
    answer === undefined ? content(text) : big(answer),
};

function tool(_, index) {
  return {
    name: index === 0 ? 'echo' : `tool_${index}`,
    description: 'Echo back the text that was given, as it is. '.repeat(2),
    inputSchema: {
      type: 'object',
      properties: {
        text: { type: 'string', description: 'The text' },
        answer: { type: 'number', description: 'Answer with that many bytes instead' },
      },
      required: ['text'],
    },
  };
}

const content = (text) => JSON.stringify({ content: [{ type: 'text', text }] });

function big(bytes) {
  const known = answers.get(bytes) ?? Buffer.from(content('x'.repeat(bytes)), 'latin1');
  answers.set(bytes, known);
  return known;
}

function echoRaw(frame) {
  const ends = frame.latin1Slice(0, 200) + frame.latin1Slice(frame.length - 200, frame.length);
  const id = /"id"\s*:\s*("[^"]*"|-?[\d.]+)/.exec(ends)?.[1];
  const from = frame.indexOf('xxxxxxxx');
  const text = frame.subarray(from, frame.indexOf('"', from));
  return [
    `{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`,
    text,
    '"}]}}',
  ];
}
