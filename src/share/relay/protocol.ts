/**
 * How an agent (the program that shares) and a relay speak. One TLS connection, told apart from a visitor's by ALPN. The agent sends one
 * line of JSON, the relay answers with one, and from then on the connection carries HTTP/2 with the roles swapped: the relay, which
 * accepted the connection, is the HTTP/2 client, because it is the one that has requests to pass on. The line comes before HTTP/2 on
 * purpose: a socket upgraded out of an HTTP/1.1 parser and handed to `http2.connect` aborts Node 20 natively.
 */
import type { Duplex } from 'node:stream';

/** The ALPN name of an agent's connection (RFC 7301). A visitor offers `http/1.1` or nothing. */
export const AGENT_ALPN = 'mcpm-relay/1';

/** The most bytes a preamble line may have. */
const LINE_LIMIT = 4096;

/** What an agent says first. */
export interface Hello {
  /** The credential that the relay's owner gave out. */
  readonly token: string;
  /** A name to be known by, when the token allows it. */
  readonly name?: string;
  /** The id of an earlier connection, to have its URL again … */
  readonly id?: string;
  /** … which takes the secret that came with it. */
  readonly claim?: string;
}

/** The relay's answer when the tunnel is open. */
export interface Welcome {
  readonly id: string;
  /** Proves that a later connection is the same agent. Known to the agent and, hashed, to the relay. */
  readonly claim: string;
  /** The public address, without a trailing slash. When it starts with `/` the relay knows no name of its own: it is a path at whatever address the agent dialled. */
  readonly url: string;
}

/** Why a relay says no. `later` is worth another try; the others are final. */
export type RefusalCode = 'unauthorized' | 'name-taken' | 'name-denied' | 'limit' | 'later';

/** The relay's answer when it says no. */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly message: string;
}

/** One message as a line. */
export function encodeLine(message: Hello | Welcome | Refusal): string {
  return `${JSON.stringify(message)}\n`;
}

/** An agent's first line, or `undefined` when it is none. */
export function decodeHello(line: string): Hello | undefined {
  const record = decodeRecord(line);
  const { token, name, id, claim } = record ?? {};
  if (typeof token !== 'string') return undefined;
  return {
    token,
    ...(typeof name === 'string' && { name }),
    ...(typeof id === 'string' && { id }),
    ...(typeof claim === 'string' && { claim }),
  };
}

/** A relay's answer, or `undefined` when it is none. */
export function decodeAnswer(line: string): Welcome | Refusal | undefined {
  const { id, claim, url, refused, message } = decodeRecord(line) ?? {};
  if (typeof id === 'string' && typeof claim === 'string' && typeof url === 'string')
    return { id, claim, url };
  if (typeof refused === 'string')
    return { refused: refused as RefusalCode, message: String(message ?? refused) };
  return undefined;
}

function decodeRecord(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The first line that arrives on a connection, without its line end. What follows it stays in the stream for the next reader.
 * @throws Error when the line is longer than {@link LINE_LIMIT}, does not arrive within `timeoutMs`, or the connection ends.
 */
export function readLine(socket: Duplex, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onEnd);
      finish();
    };
    const fail = (reason: string) => settle(() => reject(new Error(reason)));
    const onEnd = () => fail('the connection ended before a full line');
    const onReadable = () => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
        seen = Buffer.concat([seen, chunk]);
        const end = seen.indexOf(10);
        if (end > LINE_LIMIT || (end < 0 && seen.length > LINE_LIMIT))
          return fail(`a line of more than ${LINE_LIMIT} bytes`);
        if (end < 0) continue;
        const rest = seen.subarray(end + 1);
        return settle(() => {
          if (rest.length > 0) socket.unshift(rest);
          resolve(seen.subarray(0, end).toString('utf8'));
        });
      }
    };
    const timer = setTimeout(() => fail('no line in time'), timeoutMs);
    socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onEnd);
  });
}
