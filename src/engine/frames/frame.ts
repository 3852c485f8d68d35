/** One message on its way: the parsed object and, as long as nothing was rewritten, the very bytes it came in. */
import type { Message, RequestId, Response } from '../json-rpc.ts';

/** A message with the bytes it arrived in. Whoever changes the message makes a new frame without `bytes`. */
export interface Frame {
  /** The parsed message. Large ones parse on first use: ask {@link headOf} where the head is enough. */
  readonly message: Message;
  /** Exactly the message as UTF-8 JSON on one line, without a line end. Absent when the message was made or changed here. */
  readonly bytes?: Buffer;
  /** `bytes` with their line end, where they came in so. */
  readonly line?: Buffer;
  /** What the scan of a large message found, so that nobody needs to parse it. */
  readonly head?: FrameHead;
  /** The request this message belongs to, where the transport says so (the HTTP response stream it came on). An id as the receiver of this frame knows it. */
  readonly relatedTo?: RequestId;
}

/** The routing part of a message. */
export interface FrameHead {
  readonly id: RequestId | undefined;
  readonly method: string | undefined;
  /** It is an answer with an `error`. */
  readonly failed: boolean;
  /** Where the id stands in `bytes`; absent without an id. */
  readonly idSpan?: readonly [start: number, end: number];
}

/** A frame over a message made here. */
export function frameOf(message: Message, relatedTo?: RequestId): Frame {
  return relatedTo === undefined ? { message } : { message, relatedTo };
}

/** The frame, related to a request. */
export function relate(frame: Frame, relatedTo: RequestId | undefined): Frame {
  if (relatedTo === undefined) return frame;
  if (!(frame instanceof LargeFrame)) return { ...frame, relatedTo };
  frame.relatedTo = relatedTo;
  return frame;
}

/** The JSON text of a frame, without a line end. */
export function bytesOf(frame: Frame): Buffer {
  return frame.bytes ?? Buffer.from(JSON.stringify(frame.message));
}

/** JSON text without line ends. A JSON string holds none as they are, so that they are white space and a space does as well. */
export function onOneLine(bytes: Buffer): Buffer {
  if (!bytes.includes('\n') && !bytes.includes('\r')) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)));
}

/** The length of a frame in bytes, without serialising it when its bytes are at hand. */
export function sizeOf(frame: Frame): number {
  return frame.bytes?.length ?? Buffer.byteLength(JSON.stringify(frame.message));
}

/** Id, method and outcome, without parsing a large message. */
export function headOf(frame: Frame): FrameHead {
  if (frame.head) return frame.head;
  const message = frame.message as { id?: RequestId; method?: string; error?: unknown };
  return { id: message.id, method: message.method, failed: message.error !== undefined };
}

/** From this size on replacing an id in the bytes is cheaper than writing the whole message anew. */
const SPLICE_FROM = 2048;

/** The frame with another id: its bytes are kept but for the id where that is cheap. */
export function withId(frame: Frame, id: RequestId): Frame {
  const { bytes } = frame;
  if (headOf(frame).id === id) return frame;
  if (!bytes || bytes.length < SPLICE_FROM) return renamed(frame, id);
  const span = frame.head ? frame.head.idSpan : idSpanOf(bytes, (frame.message as Response).id);
  if (!span) return renamed(frame, id);
  const text = Buffer.from(JSON.stringify(id));
  const spliced = Buffer.concat([bytes.subarray(0, span[0]), text, bytes.subarray(span[1])]);
  if (!frame.head) return { ...renamed(frame, id), bytes: spliced };
  const idSpan = [span[0], span[0] + text.length] as const;
  return new LargeFrame(spliced, undefined, { ...frame.head, id, idSpan });
}

function renamed(frame: Frame, id: RequestId): Frame {
  return { message: { ...frame.message, id } as Message };
}

/** Where the id stands in an answer that was written as the usual libraries write it: at either end. Undefined when it is elsewhere. */
function idSpanOf(bytes: Buffer, id: RequestId): readonly [number, number] | undefined {
  const text = JSON.stringify(id);
  const start = `{"jsonrpc":"2.0","id":${text},`;
  if (bytes.toString('latin1', 0, start.length) === start) {
    return [start.length - text.length - 1, start.length - 1];
  }
  for (const tail of ['}', ',"jsonrpc":"2.0"}']) {
    const end = `"id":${text}${tail}`;
    const at = bytes.length - end.length;
    if (bytes.toString('latin1', at) === end && bytes[at - 1] === 0x2c) {
      return [at + 5, at + 5 + text.length];
    }
  }
  return undefined;
}

/** A message too large to parse unless someone needs its inside. */
export class LargeFrame implements Frame {
  readonly bytes: Buffer;
  readonly line?: Buffer;
  readonly head: FrameHead;
  relatedTo?: RequestId;
  #message: Message | undefined;

  constructor(bytes: Buffer, line: Buffer | undefined, head: FrameHead) {
    this.bytes = bytes;
    if (line) this.line = line;
    this.head = head;
  }

  get message(): Message {
    this.#message ??= JSON.parse(this.bytes.toString('utf8')) as Message;
    return this.#message;
  }
}
