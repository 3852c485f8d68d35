/** HTTP out of this program: the runtime's own fetch, or one that honours the proxy variables when there are any. */
import type { Env } from './paths.ts';

/** Variables that name a proxy, in either case (the lower-case form wins, as in curl). */
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy'] as const;

/**
 * The `fetch` of a context. A proxy library is loaded with the first request, and only when `HTTP_PROXY`, `HTTPS_PROXY` or `ALL_PROXY` is
 * set; `NO_PROXY` is honoured.
 */
export function createFetch(env: Env): typeof globalThis.fetch {
  const of = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const [http, https, all] = PROXY_VARIABLES.map(of);
  if (http === undefined && https === undefined && all === undefined) {
    // Naming the global loads Node's HTTP client, 15 ms that most commands don't need.
    return (...args) => globalThis.fetch(...args);
  }
  let proxied: Promise<typeof globalThis.fetch> | undefined;
  return async (input, init) => {
    proxied ??= proxyFetch(http ?? all, https ?? all ?? http, of('no_proxy'));
    return (await proxied)(input, init);
  };
}

async function proxyFetch(
  httpProxy: string | undefined,
  httpsProxy: string | undefined,
  noProxy: string | undefined,
): Promise<typeof globalThis.fetch> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    noProxy: noProxy ?? '',
  });
  return ((input: string, init?: object) =>
    fetch(input, { ...init, dispatcher })) as unknown as typeof globalThis.fetch;
}
