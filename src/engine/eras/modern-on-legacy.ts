/** A client of the new era at a server of the old one: what the server asks during a call is answered to the client, and the call parked. */
import { messageOf } from '../../errors.ts';
import { type Frame, frameOf } from '../frames/frame.ts';
import { withResultMembers } from '../frames/splice.ts';
import {
  errorOf,
  isObject,
  type Json,
  type Request,
  type RequestId,
  type Response,
  RPC,
  resultOf,
} from '../json-rpc.ts';
import type { Link } from '../router/link.ts';
import { type Ask, Call, type Party } from '../router/party.ts';
import { type ClientProfile, META, metaOf, paramsOf, withMeta, withoutEnvelope } from './era.ts';
import type { Parkable, ParkingLot } from './parking.ts';

/** Results that carry caching hints in the new era (specification 2026-07-28, "Caching"). */
const CACHEABLE = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]);

/** Requests that may be answered with `input_required` (specification 2026-07-28, "Multi Round-Trip Requests"). */
const MAY_ASK = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Send a request of the new era as one of the old. */
export function callLegacy(link: Link, frame: Frame, call: Call, lot: ParkingLot): void {
  const params = paramsOf(frame.message) ?? {};
  if (MAY_ASK.has(call.method)) {
    if (params['requestState'] === undefined) new BridgedCall(link, call, params, lot).start();
    else resume(call, params, lot);
    return;
  }
  const own = call.through((answer) => call.done(modernAnswer(call.method, answer, link)));
  link.call(frameOf({ ...frame.message, params: withoutEnvelope(params) ?? {} } as Request), own);
}

function resume(call: Call, params: Json, lot: ParkingLot): void {
  try {
    const { method, party } = call;
    const request = { method, params, principal: party.principal };
    (lot.claim(params['requestState'], request) as BridgedCall).resume(call, params);
  } catch (error) {
    call.done(frameOf(errorOf(0, RPC.INVALID_PARAMS, messageOf(error))));
  }
}

/** An answer of the old era as one of the new. */
function modernAnswer(method: string, answer: Frame, link: Link): Frame {
  const hints = CACHEABLE.has(method) ? { ttlMs: 0, cacheScope: 'private' } : {};
  const info = link.opening?.serverInfo;
  if (answer.head) {
    const _meta = info && { _meta: { [META.serverInfo]: info } };
    return withResultMembers(answer, { resultType: 'complete', ...hints, ..._meta });
  }
  const { result, error } = answer.message as Response;
  if (error?.code === RPC.RESOURCE_NOT_FOUND) {
    return frameOf({ jsonrpc: '2.0', id: 0, error: { ...error, code: RPC.INVALID_PARAMS } });
  }
  if (!result) return answer;
  const stamped =
    info && !metaOf(result)?.[META.serverInfo]
      ? withMeta(result, { [META.serverInfo]: info })
      : result;
  return frameOf(resultOf(0, { resultType: 'complete', ...hints, ...stamped }));
}

/** A server of the old era wants the user to visit a URL first: error -32042 of revision 2025-11-25. */
const URL_ELICITATION_REQUIRED = -32042;

/** One call at a server of the old era, through as many requests of the client as its questions take. */
class BridgedCall implements Party, Parkable {
  readonly id: string;
  readonly profile: ClientProfile;
  readonly principal: string | undefined;
  readonly client: string | undefined;
  readonly logLevel: string | undefined;
  readonly open = new Map<RequestId, Call>();
  readonly #link: Link;
  readonly #params: Json;
  readonly #lot: ParkingLot;
  readonly #method: string;
  readonly #leg: Call;
  readonly #asks = new Map<string, Ask>();
  /** The client's request that waits for us; undefined while the call is parked. */
  #waiting: Call | undefined;
  #answer: Frame | undefined;
  #soon: NodeJS.Immediate | undefined;
  #nextKey = 1;

  constructor(link: Link, call: Call, params: Json, lot: ParkingLot) {
    const { id, profile, principal, client, logLevel } = call.party;
    this.id = id;
    this.principal = principal;
    this.client = client;
    this.profile = profile;
    this.logLevel = logLevel;
    this.#link = link;
    this.#params = params;
    this.#lot = lot;
    this.#method = call.method;
    const done = (answer: Frame) => this.#done(answer);
    this.#leg = new Call({ ...call, party: this, done });
    this.#wait(call);
  }

  get reachable(): boolean {
    return this.#waiting !== undefined;
  }

  start(): void {
    const { inputResponses: _, ...params } = withoutEnvelope(this.#params) ?? {};
    const request: Request = { jsonrpc: '2.0', id: 0, method: this.#method, params };
    this.#link.call(frameOf(request), this.#leg);
  }

  notify(frame: Frame): void {
    const call = this.#waiting;
    call?.party.notify(frame, call);
  }

  /** Questions that come together are asked together. */
  ask(ask: Ask): (reason: string) => void {
    const key = `${ask.method.replace(/\W+/g, '_')}_${this.#nextKey++}`;
    this.#asks.set(key, ask);
    if (this.#waiting) this.#soon ??= setImmediate(() => this.#askClient());
    return () => void this.#asks.delete(key);
  }

  /** The client came back. What it did not answer it is asked again. */
  resume(call: Call, params: Json): void {
    this.#wait(call);
    const { inputResponses } = params;
    for (const [key, ask] of [...this.#asks]) {
      const response = isObject(inputResponses) ? inputResponses[key] : undefined;
      if (!isObject(response)) continue;
      this.#asks.delete(key);
      ask.answer(resultOf(0, response));
    }
    if (this.#answer) this.#done(this.#answer);
    else if (this.#asks.size > 0) this.#askClient();
  }

  expire(): void {
    const reason = 'the client did not come back with its input';
    this.#refuse(reason);
    this.#leg.cancel?.({ reason });
  }

  /** Nobody will answer what is still asked. */
  #refuse(reason: string): void {
    for (const ask of this.#asks.values()) ask.answer(errorOf(0, RPC.INTERNAL, reason));
    this.#asks.clear();
  }

  #wait(call: Call): void {
    this.#waiting = call;
    call.cancel = (params) => {
      this.#waiting = undefined;
      clearImmediate(this.#soon);
      this.#leg.cancel?.(params);
    };
  }

  #askClient(): void {
    this.#soon = undefined;
    const call = this.#waiting;
    if (!call || this.#asks.size === 0) return;
    this.#waiting = undefined;
    const requests = [...this.#asks].map(([key, { method, params }]) => [
      key,
      { method, ...(params && { params }) },
    ]);
    const requestState = this.#lot.park(this, {
      method: this.#method,
      params: this.#params,
      principal: this.principal,
    });
    call.cancel = undefined;
    call.done(
      frameOf(
        resultOf(0, {
          resultType: 'input_required',
          inputRequests: Object.fromEntries(requests),
          requestState,
        }),
      ),
    );
  }

  #done(frame: Frame): void {
    const call = this.#waiting;
    this.#answer = frame;
    if (!call) return;
    this.#waiting = undefined;
    clearImmediate(this.#soon);
    this.#refuse('the call that it came with has ended');
    call.done(urlsRequired(frame) ?? modernAnswer(this.#method, frame, this.#link));
  }
}

/** The error that lists URLs to visit, as the round trip that the new era has for it. The call starts afresh afterwards. */
function urlsRequired(frame: Frame): Frame | undefined {
  if (frame.head) return undefined;
  const { error } = frame.message as Response;
  const data = error?.code === URL_ELICITATION_REQUIRED && isObject(error.data) ? error.data : {};
  const { elicitations } = data;
  if (!Array.isArray(elicitations)) return undefined;
  const requests = elicitations.map((params: unknown, index) => [
    `elicitation_create_${index + 1}`,
    { method: 'elicitation/create', params },
  ]);
  const inputRequests = Object.fromEntries(requests) as Json;
  return frameOf(resultOf(0, { resultType: 'input_required', inputRequests }));
}
