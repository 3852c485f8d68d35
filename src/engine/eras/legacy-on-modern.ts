/** A client of the old era at a server of the new one: requests are stamped, round trips are run here. */
import { type Frame, frameOf } from '../frames/frame.ts';
import { textAt } from '../frames/scan.ts';
import { errorOf, isObject, type Json, type Request, type Response, RPC } from '../json-rpc.ts';
import type { Link } from '../router/link.ts';
import type { Call } from '../router/party.ts';
import { envelopeOf, paramsOf, withMeta } from './era.ts';

/** A server that never has enough is stopped after so many rounds. */
const MAX_ROUNDS = 32;

const INPUT = 'input_required';

/** Send a request of the old era as one of the new; what the server asks for becomes real requests to the client. */
export function callModern(link: Link, frame: Frame, call: Call): void {
  const request = frame.message as Request;
  const { profile, logLevel } = call.party;
  const params = withMeta(paramsOf(request), envelopeOf(profile, logLevel));
  let round = 0;
  const send = (added: Json) => {
    if (!call.party.open.has(call.id)) return;
    link.call(frameOf({ ...request, params: { ...params, ...added } }), call.through(done));
  };
  const done = (answer: Frame) => {
    if (answer.bytes && answer.head && textAt(answer.bytes, 'result', 'resultType') !== INPUT) {
      call.done(answer);
      return;
    }
    const { result } = answer.message as Response;
    if (result?.['resultType'] !== INPUT) call.done(legacyAnswer(answer));
    else if (++round > MAX_ROUNDS) {
      const why = `server "${link.name}" asked for input ${MAX_ROUNDS} times and still has no answer`;
      call.done(frameOf(errorOf(0, RPC.INTERNAL, why, { server: link.name })));
    } else {
      void gather(link.name, result, call).then((next) => {
        if ('error' in next) call.done(frameOf(next.error));
        else if (next.added['inputResponses'] === undefined)
          setTimeout(send, round * 50, next.added);
        else send(next.added);
      });
    }
  };
  send({});
}

/** The answer without what marks it as one of the new era. */
function legacyAnswer(answer: Frame): Frame {
  const message = answer.message as Response;
  if (!message.result || !('resultType' in message.result)) return answer;
  const { resultType: _, ...result } = message.result;
  return frameOf({ ...message, result });
}

/** Have the client answer everything that is asked for. */
async function gather(
  server: string,
  result: Json,
  call: Call,
): Promise<{ readonly added: Json } | { readonly error: Response }> {
  const { inputRequests, requestState } = result;
  const state = requestState === undefined ? {} : { requestState };
  if (!isObject(inputRequests)) return { added: state };
  const cancels: ((reason: string) => void)[] = [];
  call.cancel = () => {
    for (const cancel of cancels) cancel('the request was cancelled');
  };
  const asked = Object.entries(inputRequests).map(
    ([key, value]) =>
      new Promise<readonly [string, Response]>((resolve) => {
        const { method, params } = value as { method: string; params?: Json };
        const answer = (response: Response) => resolve([key, response]);
        cancels.push(call.party.ask({ server, method, params, during: call, answer }));
      }),
  );
  const answers = await Promise.all(asked);
  const failed = answers.find(([, response]) => response.error);
  if (failed) return { error: failed[1] };
  const responses = answers.map(([key, response]) => [key, response.result ?? {}]);
  return { added: { ...state, inputResponses: Object.fromEntries(responses) } };
}
