/** Where the owner answers in a browser: a page on loopback, at an address that only the owner was told. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConsentDesk, PendingConsent } from './consent.ts';
import { escapeHtml, sendPage } from './pages.ts';

/** The page. */
export interface OwnerPage {
  /** For the owner's eyes. */
  readonly url: string;
  close(): void;
}

/** Put the page up on a free port of the loopback. */
export async function openOwnerPage(desk: ConsentDesk): Promise<OwnerPage> {
  const secret = `/${randomBytes(16).toString('hex')}`;
  const server = createServer((request, response) => {
    // The name is checked so that no other site can have a browser ask here (DNS rebinding).
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const path = (request.url ?? '').split('?', 1)[0];
    if (request.headers.host !== host || path !== secret)
      return sendPage(response, 404, { title: 'Nothing here', body: '' });
    if (request.method === 'POST') return void answer(request, response, desk, secret);
    sendPage(response, 200, {
      title: 'Who may use what you share',
      head: '<meta http-equiv="refresh" content="3">',
      body: desk.pending().map(form).join('') || '<p>Nobody is waiting.</p>',
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${secret}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function form({ id, code, client, redirectUri, address }: PendingConsent): string {
  const to = escapeHtml(new URL(redirectUri).host || redirectUri);
  return `<form method="post"><p><b>${escapeHtml(client.name)}</b> (goes back to ${to}), asked from ${escapeHtml(address)}:</p><p><code>${code}</code></p><input type="hidden" name="id" value="${id}"><button name="answer" value="allow">Allow</button><button name="answer" value="deny">Deny</button></form>`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  desk: ConsentDesk,
  path: string,
): Promise<void> {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 1_000) return void response.destroy();
  }
  const fields = new URLSearchParams(body);
  desk.answer(fields.get('id') ?? '', fields.get('answer') === 'allow');
  response.writeHead(303, { location: path, 'content-length': 0 }).end();
}
