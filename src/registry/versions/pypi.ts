/** Versions of Python packages, from the index's JSON (PEP 691, PEP 700). */
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { McpmError } from '../../errors.ts';
import { readText } from '../../platform/files.ts';
import { type HttpAnswer, request, requestJson, withoutCredentials } from '../http.ts';
import { present } from './npm.ts';
import { comparePep440, isPrerelease } from './pep440.ts';
import type { ExactVersion, VersionContext, VersionSource } from './types.ts';

const PUBLIC = 'https://pypi.org/simple/';
const SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json';

interface File {
  readonly filename: string;
  readonly hashes?: Readonly<Record<string, string>>;
  readonly yanked?: boolean | string;
}

/** PyPI and its mirrors. The newest version is the highest that is neither a pre-release nor yanked. */
export const pypiVersions: VersionSource = {
  async resolve(ctx, name, wanted) {
    const index = await indexUrl(ctx);
    const releases = await releasesOf(ctx, index, name);
    const asked = wanted === undefined || wanted === 'latest' ? newest(releases) : wanted;
    const version = [...releases.keys()].find((one) => comparePep440(one, asked ?? '') === 0);
    if (asked === undefined || version === undefined) throw noVersion(name, wanted, releases);
    const files = releases.get(version) ?? [];
    const best = files.find((file) => file.filename.endsWith('.whl')) ?? files[0];
    const sha256 = best?.hashes?.['sha256'];
    const about = await describe(ctx, index, name, version);
    return {
      ecosystem: 'pypi',
      package: withoutExtras(name),
      version,
      registry: withoutCredentials(index),
      ...(sha256 === undefined ? {} : { integrity: `sha256:${sha256}` }),
      ...about,
    };
  },
  async list(ctx, name) {
    const releases = await releasesOf(ctx, await indexUrl(ctx), name);
    return { versions: [...releases.keys()].sort(comparePep440), latest: newest(releases) };
  },
  compare: comparePep440,
};

/** The index in use: the environment's (`UV_DEFAULT_INDEX`, `UV_INDEX_URL`, `PIP_INDEX_URL`), pip's file's, else the public one. Ends with a slash. */
async function indexUrl(ctx: Pick<Context, 'env' | 'home' | 'platform'>): Promise<string> {
  const { env } = ctx;
  const url =
    env.UV_DEFAULT_INDEX ||
    env.UV_INDEX_URL ||
    env.PIP_INDEX_URL ||
    (await pipIndex(ctx)) ||
    PUBLIC;
  return url.endsWith('/') ? url : `${url}/`;
}

/** `index-url` of pip's own configuration. */
async function pipIndex(
  ctx: Pick<Context, 'env' | 'home' | 'platform'>,
): Promise<string | undefined> {
  const files = [
    ctx.env.PIP_CONFIG_FILE,
    ctx.platform === 'win32' ? join(ctx.env.APPDATA ?? ctx.home, 'pip', 'pip.ini') : undefined,
    join(ctx.home, '.config', 'pip', 'pip.conf'),
    join(ctx.home, '.pip', 'pip.conf'),
  ];
  for (const file of files) {
    if (!file) continue;
    const text = await readText(file).catch(() => undefined);
    const url = /^\s*index[-_]url\s*[=:]\s*(\S+)\s*$/m.exec(text ?? '')?.[1];
    if (url) return url;
  }
  return undefined;
}

type Releases = ReadonlyMap<string, readonly File[]>;

async function releasesOf(ctx: VersionContext, index: string, name: string): Promise<Releases> {
  const answer = await request(ctx, {
    url: `${index}${normalize(name)}/`,
    what: 'the Python package index',
    headers: { accept: `${SIMPLE_JSON}, text/html;q=0.1` },
    accept: [404],
    maxBytes: 64 * 1024 * 1024,
  });
  const files = answer.status === 404 ? undefined : filesIn(answer);
  if (files === undefined) {
    throw new McpmError('NOT_FOUND', `PyPI has no package ${name}`, { data: { package: name } });
  }
  const releases = new Map<string, File[]>();
  for (const file of files) {
    const version = versionOf(file.filename, normalize(name));
    if (version === undefined) continue;
    releases.set(version, [...(releases.get(version) ?? []), file]);
  }
  return releases;
}

/** The files of an answer: JSON, or the older HTML (PEP 503) that some mirrors have alone. */
function filesIn(answer: HttpAnswer): readonly File[] | undefined {
  const text = new TextDecoder().decode(answer.body);
  if (!/html/i.test(answer.headers.get('content-type') ?? '')) {
    return (parseAnswer(text) as { files?: readonly File[] } | undefined)?.files;
  }
  return [...text.matchAll(/<a\s([^>]*)>\s*([^<]*?)\s*<\/a>/gi)].map(
    ([, attributes = '', filename = '']) => {
      const sha256 = /#sha256=([0-9a-f]{64})/i.exec(attributes)?.[1];
      return {
        filename,
        yanked: /\sdata-yanked\b/i.test(` ${attributes}`),
        ...(sha256 === undefined ? {} : { hashes: { sha256 } }),
      };
    },
  );
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new McpmError('REGISTRY', 'The Python package index answered with no list of files', {
      hint: 'Try again later, or check the address of the index.',
      cause,
    });
  }
}

/** PEP 503. */
function normalize(name: string): string {
  return withoutExtras(name)
    .toLowerCase()
    .replace(/[-_.]+/g, '-');
}

/** `name[extra]` → `name` (PEP 508). */
function withoutExtras(name: string): string {
  return name.replace(/\[.*\]$/, '');
}

/** `mcp_server_time-0.6.1-py3-none-any.whl`, `mcp-server-time-0.6.1.tar.gz` → `0.6.1`. */
function versionOf(filename: string, name: string): string | undefined {
  if (filename.endsWith('.whl')) return filename.split('-')[1];
  const stem = /^(.+)\.(?:tar\.gz|tar\.bz2|zip)$/.exec(filename)?.[1];
  if (stem === undefined) return undefined;
  for (let at = stem.indexOf('-'); at > 0; at = stem.indexOf('-', at + 1)) {
    if (normalize(stem.slice(0, at)) === name) return stem.slice(at + 1);
  }
  return undefined;
}

function newest(releases: Releases): string | undefined {
  const usable = [...releases].filter(([, files]) => !files.every((file) => isYanked(file)));
  const versions = usable.map(([version]) => version).sort(comparePep440);
  return versions.filter((version) => !isPrerelease(version)).at(-1) ?? versions.at(-1);
}

function isYanked(file: File): boolean {
  return file.yanked !== undefined && file.yanked !== false;
}

function noVersion(name: string, wanted: string | undefined, releases: Releases): McpmError {
  const latest = newest(releases);
  return new McpmError('NOT_FOUND', `${name} has no version ${wanted ?? 'to install'} at PyPI`, {
    hint: `Newest: ${latest ?? 'none'}`,
    data: { package: name, version: wanted, latest },
  });
}

/** Description and licence, from the JSON API that indexes of PyPI's kind have beside `/simple/`. Absent when they don't. */
async function describe(
  ctx: VersionContext,
  index: string,
  name: string,
  version: string,
): Promise<Partial<ExactVersion>> {
  if (!/\/simple\/$/.test(index)) return {};
  const url = index.replace(/simple\/$/, '');
  const about = (path: string) =>
    requestJson(ctx, {
      url: `${url}pypi/${normalize(name)}/${path}json`,
      what: 'the Python package index',
      accept: [404],
      retries: 0,
    }).then(
      ({ json }) => (json as { info?: Readonly<Record<string, unknown>> } | undefined)?.info,
      () => undefined,
    );
  // Mirrors may know the newest version alone.
  const info = (await about(`${encodeURIComponent(version)}/`)) ?? (await about(''));
  if (!info) return {};
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const urls = (info['project_urls'] ?? {}) as Readonly<Record<string, string>>;
  const repository = Object.entries(urls).find(([key]) => /^(source|repo|code|github)/i.test(key));
  return present({
    description: text(info['summary']),
    license: text(info['license_expression']) ?? text(info['license'])?.split('\n')[0],
    homepage: text(info['home_page']) || urls['Homepage'],
    repository: repository?.[1],
  });
}
