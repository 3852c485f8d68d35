/** Tags and digests of container images, from their registries (OCI distribution specification 1.1). */
import { McpmError } from '../../errors.ts';
import { type HttpAnswer, request } from '../http.ts';
import { type ImageName, isImageDigest, parseImage, withoutTag } from './image-name.ts';
import { comparePep440 } from './pep440.ts';
import type { VersionContext, VersionSource } from './types.ts';

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const TAGS_A_PAGE = 1000;
/** A list of tags that does not end is no list. */
const MOST_PAGES = 50;

/** Container registries. An image's version is its tag, its integrity its digest. */
export const ociVersions: VersionSource = {
  async resolve(ctx, name, wanted) {
    const image = parseImage(name);
    const isDigest = wanted !== undefined && isImageDigest(wanted);
    const digest = isDigest ? wanted : image.digest;
    // Docker, too, goes by the digest alone where there is one; a tag beside it is a name for people.
    const tag = (isDigest ? undefined : wanted) ?? image.tag ?? (digest ? undefined : 'latest');
    const answer = await ask(ctx, image, `manifests/${digest ?? tag}`, 'HEAD');
    const found = digest ?? answer.headers.get('docker-content-digest');
    if (answer.status === 404 || found === null) {
      const what = digest === undefined ? `:${tag}` : `@${digest}`;
      throw new McpmError('NOT_FOUND', `${image.host} has no image ${image.repository}${what}`, {
        data: { package: name, version: tag ?? digest },
      });
    }
    return {
      ecosystem: 'oci',
      package: withoutTag(name),
      version: tag ?? found,
      integrity: found,
      registry: `https://${image.host}/`,
    };
  },
  async list(ctx, name) {
    const versions = await tagsOf(ctx, name);
    versions.sort(comparePep440);
    const numbered = versions.filter((tag) => /^v?\d+(\.\d+)*$/.test(tag));
    return {
      versions,
      latest: numbered.at(-1) ?? (versions.includes('latest') ? 'latest' : undefined),
    };
  },
  compare: comparePep440,
};

/** Tags come in no order that says which are new, so all pages are read. */
async function tagsOf(ctx: VersionContext, name: string): Promise<string[]> {
  const image = parseImage(name);
  const found: string[] = [];
  let query: string | undefined = `?n=${TAGS_A_PAGE}`;
  for (let page = 0; query !== undefined && page < MOST_PAGES; page++) {
    const answer: HttpAnswer = await ask(ctx, image, `tags/list${query}`, 'GET');
    if (answer.status === 404) break;
    const { tags } = readJson(answer, name) as { tags?: unknown };
    if (Array.isArray(tags)) found.push(...tags.filter((tag) => typeof tag === 'string'));
    // Only the query is taken: the next page is at the same registry (RFC 8288, `rel="next"`).
    query = /<[^>?]*(\?[^>]*)>\s*;[^,]*rel="?next"?/i.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return found;
}

/** Ask, and when the registry wants a token, get the anonymous one it names and ask again. */
async function ask(
  ctx: VersionContext,
  image: ImageName,
  path: string,
  method: 'GET' | 'HEAD',
): Promise<HttpAnswer> {
  const scheme = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(image.host) ? 'http' : 'https';
  const wanted = {
    url: `${scheme}://${image.host}/v2/${image.repository}/${path}`,
    what: `the image registry ${image.host}`,
    method,
    accept: [401, 404],
  };
  const answer = await request(ctx, { ...wanted, headers: { accept: ACCEPT } });
  if (answer.status !== 401) return answer;
  const token = await anonymousToken(ctx, answer, image);
  return request(ctx, {
    ...wanted,
    accept: [404],
    headers: { accept: ACCEPT, authorization: `Bearer ${token}` },
  });
}

async function anonymousToken(
  ctx: VersionContext,
  answer: HttpAnswer,
  image: ImageName,
): Promise<string> {
  const challenge = answer.headers.get('www-authenticate') ?? '';
  const fields = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  );
  const realm = fields['realm'];
  const denied = () =>
    new McpmError('AUTH', `${image.host} does not show ${image.repository} without credentials`, {
      hint: 'Log in with `docker login` and use --no-pin: the image is then resolved by docker.',
    });
  if (realm === undefined) throw denied();
  const url = new URL(realm);
  if (fields['service']) url.searchParams.set('service', fields['service']);
  url.searchParams.set('scope', fields['scope'] ?? `repository:${image.repository}:pull`);
  const granted = await request(ctx, {
    url: url.href,
    what: `the image registry ${image.host}`,
    accept: [401, 403],
  });
  if (granted.status !== 200) throw denied();
  const { token, access_token } = readJson(granted, image.repository) as Record<string, unknown>;
  const found = token ?? access_token;
  if (typeof found !== 'string') throw denied();
  return found;
}

function readJson(answer: HttpAnswer, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.body));
  } catch (cause) {
    throw new McpmError(
      'REGISTRY',
      `The registry of ${name} answered with something that is not JSON`,
      {
        cause,
      },
    );
  }
}
