/** A share with OAuth, and the steps of a client. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createConsentDesk, type PendingConsent } from '../../../src/share/oauth/consent.ts';
import { createOAuthServer, type OAuthOptions } from '../../../src/share/oauth/server.ts';
import { openAudit } from '../../../src/share/protection/audit.ts';
import { createGate } from '../../../src/share/protection/gate.ts';
import { createGuard } from '../../../src/share/protection/guard.ts';
import { makeHome } from '../../helpers/home.ts';

export const PUBLIC = 'https://abc.relay.test/t/x';
const target = { kind: 'server', name: 'time' } as const;
const DOCUMENT = 'https://client.test/oauth/client.json';
export const CALLBACK = 'https://client.test/callback';

type Say = (pending: PendingConsent) => boolean | undefined;

/** A share with OAuth whose owner answers as `say` does. */
export async function makeShare(say: Say = () => true, more: Partial<OAuthOptions> = {}) {
  let now = new Date('2026-05-05T00:00:00Z');
  const home = makeHome({ now: () => now });
  const { ctx } = home;
  const desk = createConsentDesk((pending) => {
    const answer = say(pending);
    if (answer !== undefined) desk.answer(pending.id, answer);
  });
  const oauth = createOAuthServer({
    ctx,
    target,
    scope: { readOnly: true },
    publicUrl: () => PUBLIC,
    desk,
    fetch: async (url) =>
      Response.json({
        client_id: String(url),
        client_name: 'Claude\u001b[2J',
        redirect_uris: [CALLBACK, 'http://localhost:3000/cb'],
      }),
    addressesOf: async () => ['93.184.216.34'],
    ...more,
  });
  const guard = createGuard({
    ctx,
    target,
    open: false,
    run: 'run1',
    servers: ['time'],
    transport: 'http',
    publicUrls: () => [PUBLIC],
    addressHeader: () => 'x-forwarded-for',
    oauth,
  });
  const audit = openAudit(ctx, 'time');
  const gate = createGate({ ctx, guard, audit, openRoute: oauth.handle });
  const server = createServer(async (request, response) => {
    if (!(await gate.handle(request, response)))
      response.end(JSON.stringify(gate.principalOf(request.headers)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    desk.close();
    gate.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(base + path, { redirect: 'manual', ...init });
  return {
    home,
    desk,
    ask,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

export const wish = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    response_type: 'code',
    client_id: DOCUMENT,
    redirect_uri: CALLBACK,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 's1',
    resource: `${PUBLIC}/mcp`,
    ...more,
  });

type Share = Awaited<ReturnType<typeof makeShare>>;

/** Go through authorization; where the browser ends up. */
export async function authorize(share: Share, query = wish()): Promise<URL> {
  const first = await share.ask(`/oauth/authorize?${query}`);
  const location = first.headers.get('location');
  if (!location?.startsWith(`${PUBLIC}/oauth/authorize/wait`))
    return new URL(location ?? 'about:none');
  const second = await share.ask(location.slice(PUBLIC.length));
  return new URL(second.headers.get('location') ?? 'about:waiting');
}

export async function redeem(share: Share, form: Record<string, string>) {
  const response = await share.ask('/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: DOCUMENT,
      redirect_uri: CALLBACK,
      code_verifier: verifier,
      ...form,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

export const enter = (share: Share, token = '') =>
  share.ask('/mcp', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
