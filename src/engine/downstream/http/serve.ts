/** Listens, checks who knocks, and hands requests to the endpoint they are for. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpmError, messageOf, systemCode } from '../../../errors.ts';
import { RPC } from '../../json-rpc.ts';
import type { Router } from '../../router/router.ts';
import { HostRule } from './hosts.ts';
import { McpEndpoint } from './mcp-endpoint.ts';
import { sendEmpty, sendJson, sendProblem } from './reply.ts';
import { SseEndpoint } from './sse-endpoint.ts';
import type {
  Guard,
  HttpEndpoint,
  HttpHandler,
  HttpOptions,
  HttpRequest,
  HttpResponse,
} from './types.ts';

/** What mcpm has always listened on. */
const DEFAULT_PORT = 6276;

type Handle = (
  request: HttpRequest,
  response: HttpResponse,
  principal: string | undefined,
) => void | Promise<void>;

/** Serve a router. `kind` says which endpoint is there: `/mcp`, or `/sse` with `/messages/`. */
export async function serveOverHttp(
  router: Router,
  kind: 'http' | 'sse',
  options: HttpOptions,
): Promise<HttpEndpoint> {
  const { host = '127.0.0.1', port = DEFAULT_PORT, portTries = 1 } = options;
  const mcp = new McpEndpoint(router);
  const sse = new SseEndpoint(router);
  const endpoints: Readonly<Record<string, Handle>> =
    kind === 'http'
      ? { '/mcp': (...of) => mcp.handle(...of) }
      : { '/sse': (...of) => sse.open(...of), '/messages': (...of) => sse.message(...of) };
  const front = new Front(
    router,
    endpoints,
    options,
    new HostRule(host, options.allowedHosts ?? []),
  );
  const handle: HttpHandler = (request, response) => void front.handle(request, response);
  const server = createServer(
    {
      requestTimeout: router.settings.requestTimeoutMs,
      headersTimeout: Math.min(router.settings.requestTimeoutMs, 15_000),
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
      noDelay: true,
    },
    handle,
  );
  const bound = await listen(server, host, port, portTries);
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shown}:${bound}/${kind === 'http' ? 'mcp' : 'sse'}`,
    host,
    port: bound,
    closed,
    handle,
    async close() {
      mcp.close();
      sse.close();
      server.close();
      server.closeIdleConnections();
      const slow = setTimeout(() => server.closeAllConnections(), 500);
      await closed;
      clearTimeout(slow);
    },
  };
}

/** @throws McpmError PORT_IN_USE, NETWORK. */
async function listen(server: Server, host: string, port: number, tries: number): Promise<number> {
  for (let next = port; ; next++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(next, host, () => {
          server.removeListener('error', reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE') {
        throw new McpmError('NETWORK', `cannot listen on ${host}:${next}: ${messageOf(error)}`, {
          cause: error,
        });
      }
      if (next + 1 >= port + tries) throw portInUse(host, port, tries);
    }
  }
}

function portInUse(host: string, port: number, tries: number): McpmError {
  const what = tries > 1 ? `ports ${port} to ${port + tries - 1} are` : `port ${port} is`;
  return new McpmError('PORT_IN_USE', `${what} taken on ${host}`, {
    hint: 'Choose another with --port.',
    data: { host, port },
  });
}

/** Everything before an endpoint: health, names, the guard. */
class Front {
  readonly #router: Router;
  readonly #endpoints: Readonly<Record<string, Handle>>;
  readonly #options: HttpOptions;
  readonly #hosts: HostRule;

  constructor(
    router: Router,
    endpoints: Readonly<Record<string, Handle>>,
    options: HttpOptions,
    hosts: HostRule,
  ) {
    this.#router = router;
    this.#endpoints = endpoints;
    this.#options = options;
    this.#hosts = hosts;
  }

  /** Never rejects. */
  async handle(request: HttpRequest, response: HttpResponse): Promise<void> {
    response.on('error', () => {});
    try {
      await this.#route(request, response);
    } catch (error) {
      this.#router.ctx.log.warn(`a request failed: ${messageOf(error)}`);
      sendProblem(response, 500, RPC.INTERNAL, 'Internal error');
    }
  }

  async #route(request: HttpRequest, response: HttpResponse): Promise<void> {
    const { host, origin } = request.headers;
    if (!this.#hosts.allowsHost(host) || !this.#hosts.allowsOrigin(origin)) {
      sendProblem(response, 403, RPC.INVALID_REQUEST, 'Forbidden: wrong Host or Origin', {
        connection: 'close',
      });
      return;
    }
    if (origin !== undefined) allowPage(response, origin);
    const path = (request.url ?? '/').replace(/\?.*$/, '').replace(/(.)\/$/, '$1');
    if (this.#options.routes && (await this.#options.routes(request, response))) return;
    if (path === '/healthz' && request.method === 'GET') {
      sendJson(response, 200, { status: 'ok' });
      return;
    }
    const endpoint = this.#endpoints[path];
    if (!endpoint) sendProblem(response, 404, RPC.INVALID_REQUEST, 'Not found');
    else if (request.method === 'OPTIONS') sendEmpty(response, 204);
    else await this.#guarded(endpoint, request, response);
  }

  async #guarded(endpoint: Handle, request: HttpRequest, response: HttpResponse) {
    const { guard } = this.#options;
    if (!guard) {
      await endpoint(request, response, undefined);
      return;
    }
    const verdict = await ask(guard, request);
    if (verdict.allow) await endpoint(request, response, verdict.principal);
    else {
      response.writeHead(verdict.status, {
        ...(verdict.body !== undefined && { 'content-type': 'application/json' }),
        connection: 'close',
        ...verdict.headers,
      });
      response.end(verdict.body);
    }
  }
}

async function ask(guard: Guard, request: HttpRequest) {
  const { method = '', url = '', headers, socket } = request;
  return guard({ method, url, headers, remoteAddress: socket.remoteAddress });
}

/** A page that may talk to us may also read what we say. */
function allowPage(response: HttpResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'origin');
  response.setHeader('access-control-allow-methods', 'GET, POST, DELETE, OPTIONS');
  response.setHeader(
    'access-control-allow-headers',
    'content-type, accept, authorization, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name, last-event-id',
  );
  response.setHeader('access-control-expose-headers', 'mcp-session-id, www-authenticate');
}
