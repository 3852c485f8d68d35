/** The few pages a browser gets to see. No script, nothing from elsewhere. */
import type { HttpResponse } from '../../engine/index.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#222;background:#fff}' +
  'code{font-size:1.6rem;letter-spacing:.1em}button{font:inherit;padding:.4rem 1.2rem;margin-right:.6rem}' +
  '@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}}';

/** Send a page. `head` goes into the document's head as it is. */
export function sendPage(
  response: HttpResponse,
  status: number,
  page: { readonly title: string; readonly body: string; readonly head?: string },
): void {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">${page.head ?? ''}<title>${escapeHtml(page.title)}</title><style>${STYLE}</style><h1>${escapeHtml(page.title)}</h1>${page.body}</html>`;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(html);
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
