/** Why a server is not there: for the person, and as the answer to a request for it. */
import { messageOf } from '../../errors.ts';
import { OpeningRefused } from '../eras/handshake.ts';
import { errorOf, type Response, RPC } from '../json-rpc.ts';
import type { UpstreamExit } from '../upstream/types.ts';

/** What a server wrote to stderr before it went, for the person. */
export function lastLines(error: unknown): string {
  return shown(error instanceof ServerGone ? error.exit.tail : '');
}

/** Lines of a server's stderr as the end of a message; nothing for none. */
export function shown(tail = ''): string {
  return tail === '' ? '' : `. Its last lines:\n${tail.replace(/^/gm, '  ')}`;
}

/** A server that was there and is not. */
export class ServerGone extends Error {
  readonly server: string;
  readonly exit: UpstreamExit;
  constructor(name: string, exit: UpstreamExit) {
    super(`server "${name}" ${exit.reason}`);
    this.server = name;
    this.exit = exit;
  }
}

/** The answer to a request for a server that did not come up. */
export function failureAnswer(name: string, error: unknown): Response {
  if (error instanceof OpeningRefused && error.answer.error) return error.answer;
  if (error instanceof ServerGone) {
    const { server, exit } = error;
    const data = { server, reason: exit.reason, stderr: exit.tail };
    return errorOf(0, RPC.SERVER_DOWN, `server "${server}" ${exit.reason}`, data);
  }
  return errorOf(0, RPC.SERVER_DOWN, messageOf(error), { server: name });
}
