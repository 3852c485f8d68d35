/** Versions of npm packages, from the registry's public JSON. */
import compareVersions from 'semver/functions/compare.js';
import parseVersion from 'semver/functions/parse.js';
import satisfies from 'semver/functions/satisfies.js';
import maxSatisfying from 'semver/ranges/max-satisfying.js';
import { McpmError } from '../../errors.ts';
import { NODE_VERSION } from '../../platform/version.ts';
import { requestJson, withoutCredentials } from '../http.ts';
import { npmRegistryFor } from './npm-config.ts';
import type { ExactVersion, VersionContext, VersionList, VersionSource } from './types.ts';

/** One version's document, as far as it is used. */
interface Document {
  readonly version: string;
  readonly description?: string;
  readonly license?: string | { readonly type?: string };
  readonly homepage?: string;
  readonly repository?: string | { readonly url?: string };
  readonly deprecated?: string | boolean;
  readonly engines?: { readonly node?: string };
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dist?: { readonly integrity?: string; readonly shasum?: string };
}

interface Packument {
  readonly 'dist-tags'?: Readonly<Record<string, string>>;
  readonly versions?: Readonly<Record<string, Document>>;
}

/**
 * npm. A range is resolved as npm does: the `latest` tag when it fits, else the highest version that does. `latest` itself is passed over
 * when it does not run on this Node.js, or its author advises against it: the release before it that does is the newest here.
 */
export const npmVersions: VersionSource = {
  async resolve(ctx, name, wanted = 'latest') {
    const isRange = /[\s^~<>=*|]|^\d+(\.\d+)?$|\.x\b/i.test(wanted);
    const version = isRange ? await inRange(ctx, name, wanted) : wanted;
    const found = await getDocument(ctx, name, version);
    if (found === undefined) throw await unknown(ctx, name, wanted);
    if (wanted !== 'latest' || isFit(found.document)) return describe(name, found);
    const { latest = version } = await npmVersions.list(ctx, name);
    return describe(name, (await getDocument(ctx, name, latest)) ?? found);
  },
  async list(ctx, name) {
    const packument = await allVersions(ctx, name);
    const versions = Object.keys(packument.versions ?? {}).sort(compareVersions);
    return { versions, latest: newest(packument) };
  },
  compare: (a, b) => compareVersions(a, b, true),
};

/** The `latest` version, or the highest release before it that runs here. */
function newest(packument: Packument): string | undefined {
  const versions = packument.versions ?? {};
  const latest = packument['dist-tags']?.['latest'];
  if (latest === undefined || versions[latest] === undefined || isFit(versions[latest]))
    return latest;
  const others = Object.keys(versions).filter(
    (version) =>
      isFit(versions[version]) &&
      parseVersion(version)?.prerelease.length === 0 &&
      compareVersions(version, latest) < 0,
  );
  return others.sort(compareVersions).at(-1) ?? latest;
}

function isFit(document: Document | undefined): boolean {
  const range = document?.engines?.node;
  if (document?.deprecated) return false;
  return range === undefined || satisfies(NODE_VERSION, range, { includePrerelease: true });
}

async function inRange(ctx: VersionContext, name: string, range: string): Promise<string> {
  const { versions, latest } = await npmVersions.list(ctx, name);
  const found =
    latest !== undefined && maxSatisfying([latest], range) !== null
      ? latest
      : maxSatisfying([...versions], range);
  if (found === null) throw await unknown(ctx, name, range);
  return found;
}

async function allVersions(ctx: VersionContext, name: string): Promise<Packument> {
  const { json } = await get(ctx, name, '', 'application/vnd.npm.install-v1+json');
  if (json === undefined) {
    throw new McpmError('NOT_FOUND', `npm has no package ${name}`, { data: { package: name } });
  }
  return json as Packument;
}

interface Found {
  readonly document: Document;
  readonly registry: string;
}

/** One version's document by its number or tag; `undefined` when there is none. */
async function getDocument(
  ctx: VersionContext,
  name: string,
  version: string,
): Promise<Found | undefined> {
  const { json, registry } = await get(ctx, name, `/${encodeURIComponent(version)}`);
  const document = (json as Document | undefined) ?? (await inPackument(ctx, name, version));
  return typeof document?.version === 'string' ? { document, registry } : undefined;
}

/** Some registries have no page for a single version. */
async function inPackument(
  ctx: VersionContext,
  name: string,
  version: string,
): Promise<Document | undefined> {
  const { versions, 'dist-tags': tags } = await allVersions(ctx, name);
  return versions?.[tags?.[version] ?? version];
}

async function get(ctx: VersionContext, name: string, path: string, accept = 'application/json') {
  const registry = await npmRegistryFor(ctx, name);
  const { json } = await requestJson(ctx, {
    url: `${registry.url}${name.replace('/', '%2f')}${path}`,
    what: 'the npm registry',
    headers: { ...registry.headers, accept },
    accept: [404, 405],
    maxBytes: 64 * 1024 * 1024,
  });
  return { json, registry: withoutCredentials(registry.url) };
}

async function unknown(ctx: VersionContext, name: string, wanted: string): Promise<McpmError> {
  const { versions, latest }: VersionList = await npmVersions.list(ctx, name);
  const some = versions.slice(-5).reverse().join(', ');
  return new McpmError('NOT_FOUND', `${name} has no version ${wanted} at npm`, {
    hint: `Newest: ${latest ?? 'none'}; last published: ${some}`,
    data: { package: name, version: wanted, latest },
  });
}

function describe(name: string, { document, registry }: Found): ExactVersion {
  const { license, repository, deprecated, dist } = document;
  const integrity =
    dist?.integrity ?? (dist?.shasum === undefined ? undefined : `sha1:${dist.shasum}`);
  return {
    ecosystem: 'npm',
    package: name,
    version: document.version,
    registry,
    programs: typeof document.bin === 'string' ? [unscoped(name)] : Object.keys(document.bin ?? {}),
    ...present({
      integrity,
      description: document.description,
      license: typeof license === 'string' ? license : license?.type,
      homepage: document.homepage,
      repository: cleanUrl(typeof repository === 'string' ? repository : repository?.url),
      deprecated: deprecated === true ? 'deprecated' : deprecated || undefined,
    }),
  };
}

function unscoped(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** Only what has a value. */
export function present<T extends Readonly<Record<string, string | undefined>>>(
  record: T,
): { [K in keyof T]?: string } {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => typeof value === 'string' && value !== ''),
  ) as { [K in keyof T]?: string };
}

function cleanUrl(url: string | undefined): string | undefined {
  return url
    ?.replace(/^git\+/, '')
    .replace(/^git:\/\//, 'https://')
    .replace(/\.git$/, '');
}
