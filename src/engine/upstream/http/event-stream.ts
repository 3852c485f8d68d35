/** Reads a stream of server-sent events (HTML Living Standard, "Interpreting an event stream"), whatever the size of its chunks. */

/** One event. `data` is absent for a block that only sets `id` or `retry`. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data?: string;
  /** The last event id so far, for `Last-Event-ID`. */
  readonly id?: string;
  /** How long to wait before reconnecting, in milliseconds. */
  readonly retry?: number;
}

/** What a line may have before its value. */
const LONGEST_FIELD_NAME = 16;

/** The fields of the block being read. */
interface Block {
  event: string;
  data: string[];
  id: string | undefined;
  retry: number | undefined;
  size: number;
}

/**
 * The events of a response body, in order. Comments and unknown fields are skipped; an unfinished block at the end is dropped.
 * @param maxLength the most UTF-16 units of one event's data; more is a RangeError, since the rest cannot be told apart.
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  maxLength = Number.POSITIVE_INFINITY,
): AsyncGenerator<ServerSentEvent> {
  let block = emptyBlock();
  for await (const line of readLines(body, maxLength)) {
    if (line !== '') {
      readField(block, line);
      if (block.size > maxLength) throw new RangeError(`an event is longer than ${maxLength}`);
      continue;
    }
    const event = finish(block);
    if (event) yield event;
    block = emptyBlock();
  }
}

function emptyBlock(): Block {
  return { event: 'message', data: [], id: undefined, retry: undefined, size: 0 };
}

function readField(block: Block, line: string): void {
  const colon = line.indexOf(':');
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
  if (field === 'data') {
    block.data.push(value);
    block.size += value.length;
  } else if (field === 'event') block.event = value;
  else if (field === 'id' && !value.includes('\0')) block.id = value;
  else if (field === 'retry' && /^\d+$/.test(value)) block.retry = Number(value);
}

function finish(block: Block): ServerSentEvent | undefined {
  if (block.data.length === 0 && block.id === undefined && block.retry === undefined)
    return undefined;
  return {
    event: block.event,
    ...(block.data.length > 0 && { data: block.data.join('\n') }),
    ...(block.id !== undefined && { id: block.id }),
    ...(block.retry !== undefined && { retry: block.retry }),
  };
}

/** Lines ended by LF, CRLF or CR. */
async function* readLines(
  body: AsyncIterable<Uint8Array>,
  maxLength: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const splitter = new LineSplitter(maxLength);
  for await (const chunk of body) yield* splitter.push(decoder.decode(chunk, { stream: true }));
}

/** Splits text that comes in pieces. Parts of a long line are kept apart until it ends, so that reading stays linear. */
class LineSplitter {
  readonly #maxLength: number;
  #parts: string[] = [];
  #length = 0;
  #endedInCr: boolean = false;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The lines that a piece completes. */
  push(piece: string): string[] {
    if (piece === '') return [];
    const text = this.#endedInCr && piece.startsWith('\n') ? piece.slice(1) : piece;
    this.#endedInCr = piece.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    const rest = lines.pop() ?? '';
    if (lines.length > 0) {
      lines[0] = this.#parts.join('') + lines[0];
      this.#parts = [];
      this.#length = 0;
    }
    this.#parts.push(rest);
    this.#length += rest.length;
    if (this.#length > this.#maxLength + LONGEST_FIELD_NAME)
      throw new RangeError(`a line is longer than ${this.#maxLength}`);
    return lines;
  }
}
