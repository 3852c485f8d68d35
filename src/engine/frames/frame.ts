/** One message on its way: the parsed object and, as long as nothing was rewritten, the very bytes it came in. */
import type { Message, RequestId } from '../json-rpc.ts';

/** A message with the bytes it arrived in. Whoever changes the message makes a new frame without `bytes`. */
export interface Frame {
  readonly message: Message;
  /** Exactly the message as UTF-8 JSON on one line, without a line end. Absent when the message was made or changed here. */
  readonly bytes?: Buffer;
  /** The request this message belongs to, where the transport says so (the HTTP response stream it came on). An id as the receiver of this frame knows it. */
  readonly relatedTo?: RequestId;
}

/** The JSON text of a frame, without a line end. */
export function bytesOf(frame: Frame): Buffer {
  return frame.bytes ?? Buffer.from(JSON.stringify(frame.message));
}

/** The length of a frame in bytes, without serialising it when its bytes are at hand. */
export function sizeOf(frame: Frame): number {
  return frame.bytes?.length ?? Buffer.byteLength(JSON.stringify(frame.message));
}
