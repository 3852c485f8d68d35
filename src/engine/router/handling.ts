/** One request of a client while it is worked on, and the small answers given here. */
import { type Frame, frameOf } from '../frames/frame.ts';
import { errorOf, type Json, RPC, resultOf } from '../json-rpc.ts';
import type { Call, Party } from './party.ts';
import type { Router } from './router.ts';

/** What a method's row gets. */
export interface Handling {
  readonly router: Router;
  readonly frame: Frame;
  readonly params: Json;
  readonly party: Party;
  readonly call: Call;
}

/** What is done with a request. It must end in `call.done`. */
export type Method = (handling: Handling) => void | Promise<void>;

/** Answer with a result. */
export function reply({ call }: Pick<Handling, 'call'>, result: Json): void {
  call.done(frameOf(resultOf(0, result)));
}

/** Answer with an error. */
export function refuse(
  { call }: Pick<Handling, 'call'>,
  code: number,
  message: string,
  data?: unknown,
): void {
  call.done(frameOf(errorOf(0, code, message, data)));
}

/** The method is not there. */
export function unknownMethod(handling: Handling): void {
  refuse(handling, RPC.METHOD_NOT_FOUND, 'Method not found', { method: handling.call.method });
}

/** The same request with other parameters. */
export function withParams(frame: Frame, params: Json): Frame {
  return frameOf({ ...frame.message, params } as typeof frame.message);
}
