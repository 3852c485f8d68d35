// What both load generators need of JSON-RPC, without parsing whole messages.

const NEWLINE = 10;
const EDGE = 512;

/** Split a byte stream into lines. */
export function lineReader(onLine) {
  let parts = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const part = chunk.subarray(from, at);
      from = at + 1;
      if (parts.length === 0) onLine(part);
      else {
        parts.push(part);
        const line = Buffer.concat(parts);
        parts = [];
        onLine(line);
      }
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  };
}

/**
 * The id and outcome of a response, read from its two ends: a big payload is not searched.
 * @returns {id, ok}; undefined when the bytes are no response to a request with a numeric id (a notification, a banner).
 */
export function readResponse(bytes) {
  const text =
    bytes.length <= 2 * EDGE
      ? bytes.latin1Slice(0, bytes.length)
      : `${bytes.latin1Slice(0, EDGE)} ${bytes.latin1Slice(bytes.length - EDGE, bytes.length)}`;
  const id = /"id"\s*:\s*(\d+)/.exec(text);
  if (id === null || text.includes('"method"')) return undefined;
  return { id: Number(id[1]), ok: !/"error"\s*:\s*\{|"isError"\s*:\s*true/.test(text) };
}

/** One request as bytes, without the line end. */
export function request(id, method, params) {
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
}

export const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
};

export const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}';

/** A maker of `tools/call` requests for the echo tool: `make(id)` is quick however big the payload. */
export function echoCall({ bytes, answer, tools = ['echo'] }) {
  const text = 'x'.repeat(answer ? 0 : bytes);
  const tails = tools.map((name) => {
    const args = answer ? { text, answer: bytes } : { text };
    return `,"method":"tools/call","params":${JSON.stringify({ name, arguments: args })}}`;
  });
  return (id) => Buffer.from(`{"jsonrpc":"2.0","id":${id}${tails[id % tails.length]}`, 'latin1');
}
