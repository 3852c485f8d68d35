/** Servers whose command starts a package: its version is a word of the stored command line. */
import { isStdio, type StdioServer } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { exactVersion, findPackage, type PackageSpec, type Resolved } from '../install/index.ts';
import { type Ecosystem, VERSION_SOURCES } from '../registry/index.ts';
import { known, previousOf, remember } from './history.ts';
import type { Standing, Subject, UpdateRequest, UpdateSource } from './types.ts';

/** A package in a server's command line. */
interface Package {
  readonly spec: PackageSpec & { readonly ecosystem: Ecosystem };
  readonly server: StdioServer & Readonly<Record<string, unknown>>;
  /** The word that names it. */
  readonly word: string;
  /** The exact version that is named; an image's numbered tag. */
  readonly version: string | undefined;
}

/** What will be named instead. */
interface Target {
  readonly word: string;
  readonly version: string;
  readonly integrity?: string;
}

/** What an installation of each ecosystem is called in a manifest. */
const TYPES = { npm: 'npm', pypi: 'uvx', oci: 'docker' } as const;

/** npm, PyPI and image registries. */
export const packageSource: UpdateSource = {
  about(subject) {
    const spec = packageOf(subject)?.spec;
    return spec && { kind: spec.ecosystem, package: spec.name };
  },

  async check(ctx, subject) {
    const { spec, version } = need(subject);
    if (spec.ecosystem === 'oci' && version === undefined) return checkMovingTag(ctx, spec);
    const source = VERSION_SOURCES[spec.ecosystem];
    const { latest } = await source.list(ctx, spec.name);
    if (latest === undefined) return { state: 'none', reason: 'nothing is published' };
    if (version === undefined)
      return { latest, ...known({ current: spec.wanted }), state: 'floating' };
    const isOld = source.compare(version, latest) < 0;
    return { current: version, latest, state: isOld ? 'outdated' : 'current' };
  },

  async update(ctx, subject, request) {
    const one = need(subject);
    const { spec, server } = one;
    const target = await targetOf(ctx, subject, one, request);
    const was = known({
      version: one.version ?? spec.wanted ?? subject.resolved?.version,
      integrity: subject.resolved?.integrity,
      word: one.word,
    });
    const now: Resolved = {
      ...(subject.resolved ?? firstSeen(one)),
      ecosystem: spec.ecosystem,
      package: spec.name,
      version: target.version,
      pinned: target.word !== spec.name,
      resolvedAt: ctx.now().toISOString(),
    };
    const { integrity: _, ...withoutIntegrity } = now;
    return {
      server: { ...server, args: server.args.with(spec.at, target.word) },
      from: was.version,
      to: target.version,
      resolved: remember(
        { ...withoutIntegrity, ...known({ integrity: target.integrity }) },
        subject.resolved,
        was,
      ),
    };
  },
};

/** A tag that is no number moves; the digest stored with it shows whether it did. */
async function checkMovingTag(ctx: Context, spec: PackageSpec): Promise<Standing> {
  const { name, digest, wanted: tag = 'latest' } = spec;
  if (digest === undefined) return { current: tag, state: 'floating' };
  if (spec.wanted === undefined)
    return { current: shortDigest(digest), state: 'none', reason: 'is named by its digest alone' };
  const { integrity = '' } = await VERSION_SOURCES.oci.resolve(ctx, name, tag);
  const state = integrity === digest ? 'current' : 'outdated';
  const shown = (one: string) => `${tag}@${shortDigest(one)}`;
  return { current: shown(digest), latest: shown(integrity), state };
}

async function targetOf(
  ctx: Context,
  subject: Subject,
  one: Package,
  { to }: UpdateRequest,
): Promise<Target> {
  const { spec } = one;
  if (to === 'previous') return remembered(subject, one);
  const exact = await VERSION_SOURCES[spec.ecosystem].resolve(
    ctx,
    spec.name,
    to ?? (spec.ecosystem === 'oci' ? await newestTag(ctx, one) : undefined),
  );
  const word = spec.write(exact.version, exact.integrity);
  return { word, version: exact.version, ...known({ integrity: exact.integrity }) };
}

/** The highest number, or the tag itself when it is none. */
async function newestTag(ctx: Context, { spec, version }: Package): Promise<string | undefined> {
  if (version === undefined) return spec.wanted;
  return (await VERSION_SOURCES.oci.list(ctx, spec.name)).latest;
}

/** Back to what was in use before the last update, without asking anyone. */
function remembered(subject: Subject, { spec, server }: Package): Target {
  const { word, version, integrity } = previousOf(subject);
  const args = word === undefined ? [] : server.args.with(spec.at, word);
  const again = findPackage(server.command, args);
  if (word !== undefined && again?.name === spec.name)
    return { word, version: version ?? again.wanted ?? 'any', ...known({ integrity }) };
  throw new McpmError('CONFLICT', `The earlier version of ${subject.name} is of another package`, {
    hint: `Name the version: mcpm update ${subject.name} --to VERSION`,
    data: { server: subject.name },
  });
}

function packageOf({ server }: Subject): Package | undefined {
  if (!isStdio(server)) return undefined;
  const spec = findPackage(server.command, server.args);
  if (spec === undefined || !isKnown(spec)) return undefined;
  const word = server.args[spec.at] ?? '';
  return { spec, server, word, version: exactVersion(spec) };
}

function need(subject: Subject): Package {
  const one = packageOf(subject);
  if (one === undefined) throw new Error(`${subject.name} starts no package`);
  return one;
}

function isKnown(spec: PackageSpec): spec is Package['spec'] {
  return Object.hasOwn(VERSION_SOURCES, spec.ecosystem);
}

/** The record of a server that this program did not install. */
function firstSeen({ spec }: Package): Omit<Resolved, 'pinned' | 'resolvedAt'> {
  const type = TYPES[spec.ecosystem];
  const reference = `${spec.ecosystem}:${spec.name}`;
  return { reference, source: spec.ecosystem, method: type, type };
}

function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
