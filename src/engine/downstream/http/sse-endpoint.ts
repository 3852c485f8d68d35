/** The endpoint of revision 2024-11-05: a stream at `/sse`, messages posted to the address it names. */

import { randomUUID } from 'node:crypto';
import { paramsOf } from '../../eras/era.ts';
import { type Frame, frameOf, headOf, onOneLine } from '../../frames/frame.ts';
import { isBatch, isUnreadable, parse } from '../../frames/parse.ts';
import { errorOf, RPC } from '../../json-rpc.ts';
import type { Router } from '../../router/router.ts';
import { LegacySession } from '../legacy-session.ts';
import { readBody } from './body.ts';
import { EventStream } from './event-stream.ts';
import { sendEmpty, sendProblem } from './reply.ts';
import type { HttpRequest, HttpResponse } from './types.ts';

interface SseClient {
  readonly id: string;
  readonly stream: EventStream;
  readonly principal: string | undefined;
  session: LegacySession | undefined;
}

/** See above. */
export class SseEndpoint {
  readonly #router: Router;
  readonly #clients = new Map<string, SseClient>();

  constructor(router: Router) {
    this.#router = router;
  }

  /** `GET /sse`: open a stream, which is the session. */
  open(request: HttpRequest, response: HttpResponse, principal: string | undefined): void {
    if (request.method !== 'GET') {
      sendEmpty(response, 405, { allow: 'GET' });
      return;
    }
    const { settings } = this.#router;
    if (this.#clients.size >= settings.maxSessions) {
      sendProblem(response, 503, RPC.INTERNAL, 'Too many sessions', { 'retry-after': '30' });
      return;
    }
    const id = randomUUID();
    const stream = new EventStream(response, settings);
    const client: SseClient = { id, stream, principal, session: undefined };
    this.#clients.set(id, client);
    response.on('close', () => this.#end(client));
    stream.event('endpoint', `${prefixOf(request)}/messages/?session_id=${id}`);
  }

  /** `POST /messages/?session_id=…`: a message of the client; what comes of it goes on the stream. */
  async message(
    request: HttpRequest,
    response: HttpResponse,
    principal: string | undefined,
  ): Promise<void> {
    if (request.method !== 'POST') {
      sendEmpty(response, 405, { allow: 'POST' });
      return;
    }
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const client = this.#clients.get(query.get('session_id') ?? query.get('sessionId') ?? '');
    if (!client || client.principal !== principal) {
      sendProblem(response, 404, RPC.INVALID_REQUEST, 'Session not found');
      return;
    }
    const { maxBodyBytes, maxDepth } = this.#router.settings;
    const body = await readBody(request, maxBodyBytes);
    if (body === 'aborted') return;
    if (body === 'too-large') {
      sendProblem(response, 413, RPC.INVALID_REQUEST, 'The body is too large', {
        connection: 'close',
      });
      return;
    }
    const parsed = parse(onOneLine(body), maxDepth);
    if (isUnreadable(parsed)) {
      sendProblem(response, 400, RPC.PARSE, 'Parse error');
      return;
    }
    sendEmpty(response, 202);
    for (const frame of isBatch(parsed) ? parsed : [parsed]) this.#receive(client, frame);
  }

  close(): void {
    for (const client of [...this.#clients.values()]) {
      this.#end(client);
      client.stream.end();
    }
  }

  #receive(client: SseClient, frame: Frame): void {
    const { id, method } = headOf(frame);
    const respond = (answer: Frame) => client.stream.message(answer);
    if (method !== 'initialize' || id === undefined) {
      if (client.session) client.session.receive(frame, respond);
      else if (id !== undefined && method !== undefined)
        respond(frameOf(errorOf(id, RPC.INVALID_REQUEST, 'initialize comes first')));
      return;
    }
    client.session?.close();
    client.session = new LegacySession({
      id: client.id,
      router: this.#router,
      outlet: { reachable: true, send: (told) => client.stream.message(told) },
      opening: paramsOf(frame.message) ?? {},
      principal: client.principal,
    });
    void client.session.initialize(id, respond);
  }

  #end(client: SseClient): void {
    this.#clients.delete(client.id);
    client.session?.close();
  }
}

/** What a relay in front took off the path and the client has to put before it again. */
function prefixOf({ headers }: HttpRequest): string {
  const prefix = headers['x-forwarded-prefix'];
  return typeof prefix === 'string' && /^(\/[A-Za-z0-9_-]+)+$/.test(prefix) ? prefix : '';
}
