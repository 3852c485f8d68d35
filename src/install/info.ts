/** What a person decides on before installing, and what is installed already. */

import { isStdio, readServers, type Server } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { removeTree } from '../platform/files.ts';
import { type Ecosystem, type Manifest, VERSION_SOURCES, versionsOf } from '../registry/index.ts';
import { type Located, locate } from './locate.ts';
import { resolvedStore } from './provenance.ts';
import { exactVersion, findPackage, type PackageSpec } from './spec.ts';
import type { Resolved } from './types.ts';

/** Versions of one package, or of the registry's entry. */
export interface KnownVersions {
  /** `npm`, `pypi`, `oci`, or the registry's id. */
  readonly of: string;
  readonly package: string;
  readonly latest?: string;
  /** Newest first, at most ten. */
  readonly recent: readonly string[];
}

/** An installed server that came from this manifest. */
export interface InstalledServer {
  readonly name: string;
  readonly version?: string;
  readonly pinned: boolean;
  /** Whether it is at the newest version; absent when that is not known. */
  readonly current?: boolean;
}

/** Everything to decide on. */
export interface ServerInfo {
  readonly manifest: Manifest;
  readonly versions: readonly KnownVersions[];
  readonly installed: readonly InstalledServer[];
  /** What could not be found out. */
  readonly notes: readonly string[];
}

/**
 * Describe what a reference, or else the name of an installed server, names.
 * @param offline ask no registry for versions
 * @throws McpmError as `plan`
 */
export async function info(ctx: Context, reference: string, offline = false): Promise<ServerInfo> {
  const { manifest, temporary } = await locateOrInstalled(ctx, reference);
  if (temporary !== undefined) await removeTree(temporary);
  const notes: string[] = [];
  const versions = offline ? [] : await versionsFor(ctx, manifest, notes);
  return { manifest, versions, installed: await installedFrom(ctx, manifest, versions), notes };
}

/** What a reference leads to; for one that leads nowhere, what the server of that name was installed from. */
async function locateOrInstalled(ctx: Context, reference: string): Promise<Located> {
  try {
    return await locate(ctx, reference);
  } catch (error) {
    const known = own(await resolvedStore(ctx).read(), reference);
    if (!(error instanceof McpmError) || known === undefined) throw error;
    return locate(ctx, known.reference);
  }
}

type Package = PackageSpec & { readonly ecosystem: Ecosystem };

function packagesOf(manifest: Manifest): Package[] {
  const specs = Object.values(manifest.installations).flatMap((one) => {
    const words = (one.args ?? []).filter((part) => typeof part === 'string');
    return findPackage(one.command ?? '', words) ?? [];
  });
  const known = specs.filter((spec): spec is Package => spec.ecosystem in VERSION_SOURCES);
  return known.filter(
    (spec, at) =>
      known.findIndex(
        ({ name, ecosystem }) => name === spec.name && ecosystem === spec.ecosystem,
      ) === at,
  );
}

async function versionsFor(
  ctx: Context,
  manifest: Manifest,
  notes: string[],
): Promise<KnownVersions[]> {
  const fromRegistry = versionsOf(ctx, manifest).then((recent): KnownVersions[] =>
    recent.length === 0
      ? []
      : [
          {
            of: manifest.origin?.source ?? 'registry',
            package: manifest.name,
            ...(recent[0] === undefined ? {} : { latest: recent[0] }),
            recent: recent.slice(0, 10),
          },
        ],
  );
  const fromPackages = packagesOf(manifest).map(async ({ ecosystem, name }) => {
    const { versions, latest } = await VERSION_SOURCES[ecosystem].list(ctx, name);
    const recent = versions.slice(-10).reverse();
    return [
      { of: ecosystem, package: name, ...(latest === undefined ? {} : { latest }), recent },
    ] satisfies KnownVersions[];
  });
  const all = await Promise.all(
    [fromRegistry, ...fromPackages].map((one) =>
      one.catch((error: unknown) => {
        if (!(error instanceof McpmError)) throw error;
        notes.push(error.message);
        return [];
      }),
    ),
  );
  return all.flat();
}

async function installedFrom(
  ctx: Context,
  manifest: Manifest,
  versions: readonly KnownVersions[],
): Promise<InstalledServer[]> {
  const servers = await readServers(ctx);
  const resolved = Object.entries(await resolvedStore(ctx).read());
  const packages = packagesOf(manifest);
  const bare = (reference: string | undefined) => reference?.replace(/(?<=.)@[^/@]*$/, '');
  const isSame = (one: Resolved) =>
    bare(one.reference) === bare(manifest.origin?.reference) ||
    packages.some(({ name, ecosystem }) => name === one.package && ecosystem === one.ecosystem);
  return resolved.flatMap(([name, one]) => {
    const server = own(servers, name);
    return server && isSame(one) ? installed(name, server, one, versions) : [];
  });
}

/** What runs is what its command says; where that names no version (a bundle, a digest), the record of the installation does. */
function installed(
  name: string,
  server: Server,
  record: Resolved,
  versions: readonly KnownVersions[],
): InstalledServer {
  const spec = isStdio(server) ? findPackage(server.command, server.args) : undefined;
  const exact = spec && exactVersion(spec);
  const isOpen = spec !== undefined && exact === undefined && spec.digest === undefined;
  if (isOpen) return { name, pinned: false };
  const isOf = ({ of, package: named }: KnownVersions) =>
    exact !== undefined && of === spec?.ecosystem && named === spec.name;
  const ofPackage = versions.find(isOf);
  const newest = ofPackage ?? versions.find((known) => known.of === record.source);
  const entry = /.@([^/@]+)$/.exec(record.reference)?.[1];
  const version = exact ?? record.version;
  const compared = ofPackage ? exact : entry;
  return {
    name,
    pinned: spec !== undefined || record.pinned,
    ...(version === undefined ? {} : { version }),
    ...(newest?.latest === undefined || compared === undefined
      ? {}
      : { current: newest.latest === compared }),
  };
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
