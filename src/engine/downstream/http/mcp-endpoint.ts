/** The Streamable HTTP endpoint: sessions of the old era and requests of the new one, on one URL. */
import { LEGACY_REVISIONS, MODERN_REVISIONS, modernVersionOf, paramsOf } from '../../eras/era.ts';
import { type Frame, frameOf, headOf, onOneLine } from '../../frames/frame.ts';
import { isBatch, isUnreadable, parse } from '../../frames/parse.ts';
import { errorOf, type RequestId, type Response, RPC } from '../../json-rpc.ts';
import type { Router } from '../../router/router.ts';
import { envelopeError, serveModern, tellModern } from '../modern-request.ts';
import { HttpAnswer } from './answer.ts';
import { readBody } from './body.ts';
import { EventStream } from './event-stream.ts';
import { headerMismatch } from './headers.ts';
import { type HttpSession, SessionTable } from './http-session.ts';
import { MirroredArguments } from './mirrored-arguments.ts';
import { sendEmpty, sendProblem } from './reply.ts';
import type { HttpRequest, HttpResponse } from './types.ts';

const SESSION = 'mcp-session-id';
const KNOWN: readonly string[] = [...LEGACY_REVISIONS, ...MODERN_REVISIONS];

/** HTTP statuses of errors of the new era. */
const STATUS: Readonly<Record<number, number>> = {
  [RPC.METHOD_NOT_FOUND]: 404,
  [RPC.HEADER_MISMATCH]: 400,
  [RPC.MISSING_CAPABILITY]: 400,
  [RPC.UNSUPPORTED_VERSION]: 400,
};

/** One request on its way. */
interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly principal: string | undefined;
}

/** See above. */
export class McpEndpoint {
  readonly sessions: SessionTable;
  readonly #router: Router;
  readonly #mirrored = new MirroredArguments();
  readonly #verbs: Readonly<Record<string, (exchange: Exchange) => void | Promise<void>>> = {
    POST: (exchange) => this.#post(exchange),
    GET: (exchange) => this.#get(exchange),
    DELETE: (exchange) => this.#delete(exchange),
  };

  constructor(router: Router) {
    this.#router = router;
    this.sessions = new SessionTable(router);
  }

  /** Answer a request that may pass. */
  async handle(
    request: HttpRequest,
    response: HttpResponse,
    principal: string | undefined,
  ): Promise<void> {
    const verb = this.#verbs[request.method ?? ''];
    if (verb) await verb({ request, response, principal });
    else sendEmpty(response, 405, { allow: 'GET, POST, DELETE' });
  }

  close(): void {
    this.sessions.close();
  }

  async #post(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const { maxBodyBytes, maxDepth } = this.#router.settings;
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      sendProblem(response, 415, RPC.INVALID_REQUEST, 'Content-Type must be application/json');
      return;
    }
    const body = await readBody(request, maxBodyBytes);
    if (body === 'aborted') return;
    if (body === 'too-large') {
      const why = `The body is larger than ${maxBodyBytes} bytes`;
      sendProblem(response, 413, RPC.INVALID_REQUEST, why, { connection: 'close' });
      return;
    }
    const parsed = parse(onOneLine(body), maxDepth);
    if (isUnreadable(parsed)) {
      const code = parsed.why === 'not-json' ? RPC.PARSE : RPC.INVALID_REQUEST;
      sendProblem(
        response,
        400,
        code,
        parsed.why === 'not-json' ? 'Parse error' : 'Invalid request',
      );
    } else if (isBatch(parsed)) this.#legacy(exchange, parsed, true);
    else this.#message(exchange, parsed);
  }

  #message(exchange: Exchange, frame: Frame): void {
    const { id, method } = headOf(frame);
    const { headers } = exchange.request;
    const version = headers['mcp-protocol-version'];
    const modern =
      modernVersionOf(paramsOf(frame.message)) !== undefined ||
      (MODERN_REVISIONS as readonly unknown[]).includes(version);
    if (modern && method !== undefined) this.#modern(exchange, frame, id);
    else if (method === 'initialize' && id !== undefined) this.#initialize(exchange, frame, id);
    else this.#legacy(exchange, [frame], false);
  }

  #modern(exchange: Exchange, frame: Frame, id: RequestId | undefined): void {
    const { request, response, principal } = exchange;
    const owner = { id: `http ${principal ?? ''}`, principal, client: principal };
    if (id === undefined) {
      if (headOf(frame).method !== 'notifications/cancelled')
        tellModern(this.#router, frame, owner);
      sendEmpty(response, 202);
      return;
    }
    const mismatch = envelopeError(frame)
      ? undefined
      : (headerMismatch(request.headers, frame) ?? this.#mirrored.mismatch(request.headers, frame));
    let party: ReturnType<typeof serveModern>;
    const answer = this.#answer(exchange, {
      expected: 1,
      statusOf: (frame) => statusOf(frame),
      onGone: () => party && this.#router.detach(party),
    });
    if (mismatch) {
      answer.finish(frameOf(errorOf(id, RPC.HEADER_MISMATCH, mismatch)));
      return;
    }
    const outlet = {
      reachable: false,
      send: (told: Frame) => void (answer.streams && answer.send(told)),
    };
    const isList = headOf(frame).method === 'tools/list';
    party = serveModern(this.#router, frame, owner, outlet, (done) => {
      if (isList) this.#mirrored.learn(done);
      answer.finish(done);
    });
  }

  #initialize(exchange: Exchange, frame: Frame, id: RequestId): void {
    const { response, principal } = exchange;
    if (this.sessions.full) {
      sendProblem(response, 503, RPC.INTERNAL, 'Too many sessions', { 'retry-after': '30' });
      return;
    }
    const session = this.sessions.open(paramsOf(frame.message) ?? {}, principal);
    const answer = this.#answer(exchange, {
      expected: 1,
      headers: { [SESSION]: session.id },
      onGone: () => this.sessions.end(session),
    });
    session.answering(id, answer);
    void session.session.initialize(id, (done) => {
      session.answered(id);
      answer.finish(done);
      if ((done.message as Response).error) this.sessions.end(session);
    });
  }

  /** Messages of a session that is open. */
  #legacy(exchange: Exchange, frames: readonly Frame[], batch: boolean): void {
    const session = this.#sessionOf(exchange);
    if (!session) return;
    const requests = frames.filter((frame) => isCall(frame));
    const answer =
      requests.length === 0
        ? undefined
        : this.#answer(exchange, {
            expected: requests.length,
            batch,
            onGone: () => session.used(),
          });
    for (const frame of frames) {
      const { id } = headOf(frame);
      const isRequest = answer && id !== undefined && isCall(frame);
      if (isRequest) session.answering(id, answer);
      session.session.receive(frame, (done) => {
        if (!isRequest) return;
        session.answered(id);
        answer.finish(done);
      });
    }
    if (!answer) sendEmpty(exchange.response, 202);
  }

  #get(exchange: Exchange): void {
    const { request, response } = exchange;
    if (!/text\/event-stream|\*\/\*/.test(request.headers.accept ?? '')) {
      sendProblem(response, 406, RPC.INVALID_REQUEST, 'Accept must include text/event-stream');
      return;
    }
    const session = this.#sessionOf(exchange);
    if (!session) return;
    const attached = session.attach(() => new EventStream(response, this.#router.settings));
    if (!attached)
      sendProblem(response, 409, RPC.INVALID_REQUEST, 'The session has a stream already');
  }

  #delete(exchange: Exchange): void {
    const session = this.#sessionOf(exchange);
    if (!session) return;
    this.sessions.end(session);
    sendEmpty(exchange.response, 200);
  }

  /** The session a request names; undefined when it was refused for want of one. */
  #sessionOf({ request, response, principal }: Exchange): HttpSession | undefined {
    const id = request.headers[SESSION];
    const version = request.headers['mcp-protocol-version'];
    if (typeof version === 'string' && !KNOWN.includes(version)) {
      const why = `Unsupported protocol version: ${version}; supported: ${KNOWN.join(', ')}`;
      sendProblem(response, 400, RPC.INVALID_REQUEST, why);
      return undefined;
    }
    if (typeof id !== 'string') {
      sendProblem(
        response,
        400,
        RPC.INVALID_REQUEST,
        'Mcp-Session-Id is missing; initialize first',
      );
      return undefined;
    }
    const session = this.sessions.get(id, principal);
    if (!session) sendProblem(response, 404, RPC.INVALID_REQUEST, 'Session not found');
    return session;
  }

  #answer(
    { request, response }: Exchange,
    options: Pick<
      ConstructorParameters<typeof HttpAnswer>[1],
      'expected' | 'headers' | 'statusOf' | 'onGone'
    > & { batch?: boolean },
  ): HttpAnswer {
    const streams = /text\/event-stream|\*\/\*/.test(request.headers.accept ?? '');
    const { settings } = this.#router;
    return new HttpAnswer(response, { settings, streams, batch: false, ...options });
  }
}

function isCall(frame: Frame): boolean {
  const { id, method } = headOf(frame);
  return id !== undefined && method !== undefined;
}

function statusOf(frame: Frame): number {
  if (frame.head) return 200;
  const { error } = frame.message as Response;
  if (!error) return 200;
  const malformed = error.code === RPC.INVALID_PARAMS && error.message.startsWith('_meta lacks');
  return malformed ? 400 : (STATUS[error.code] ?? 200);
}
