/** Turning "the newest" into exactly one version, so that a server starts tomorrow as it does today. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import {
  type ExactVersion,
  type Installation,
  type InstallationType,
  type OptionalArgs,
  VERSION_SOURCES,
} from '../registry/index.ts';
import { findPackage, type PackageSpec } from './spec.ts';

/** The words of a template, with what appears only when there are values for it. */
type Parts = readonly (string | OptionalArgs)[];

/** A command line with its version settled. */
export interface Pinned {
  readonly parts: Parts;
  readonly package?: string;
  readonly ecosystem?: PackageSpec['ecosystem'];
  readonly version?: string;
  readonly integrity?: string;
  readonly pinned: boolean;
  readonly warnings: readonly string[];
}

/** What a version look-up of each kind of installation failing means: packages must exist, images may be only here. */
const MAY_BE_LOCAL: ReadonlySet<InstallationType> = new Set(['docker', 'custom']);

/**
 * Settle the version of the package that a command starts.
 * @param float `open` leaves the version open, but for one that was asked for; `stated` leaves the command as the manifest writes it
 * @throws McpmError `NOT_FOUND` when the package or the version does not exist
 */
export async function pin(
  ctx: Context,
  installation: Installation,
  command: string,
  parts: Parts,
  float: 'no' | 'open' | 'stated',
): Promise<Pinned> {
  const words = parts.filter((part) => typeof part === 'string');
  const spec = findPackage(command, words);
  if (!spec) return { parts, pinned: false, warnings: [] };
  if (float === 'open') return open(installation, spec, parts);
  if (float === 'stated' || spec.ecosystem === 'nuget') return stated(installation, spec, parts);
  if (spec.digest !== undefined && installation.version === undefined) return exactly(spec, parts);
  const { ecosystem, name } = spec;
  const wanted = installation.version ?? spec.wanted;
  try {
    const exact = await VERSION_SOURCES[ecosystem].resolve(ctx, name, wanted);
    return {
      package: name,
      ecosystem,
      version: exact.version,
      ...(exact.integrity === undefined ? {} : { integrity: exact.integrity }),
      parts: withWord(parts, spec.at, spec.write(exact.version, exact.integrity)),
      pinned: true,
      warnings: warningsOf(exact),
    };
  } catch (error) {
    if (!(error instanceof McpmError)) throw error;
    if (error.code === 'NOT_FOUND' && !MAY_BE_LOCAL.has(installation.type)) throw error;
    const warning = `The version of ${name} was not settled: ${error.message}`;
    return { ...stated(installation, spec, parts), warnings: [warning] };
  }
}

/** An image that is named by its digest: there is nothing to settle. */
function exactly({ name, ecosystem, wanted, digest }: PackageSpec, parts: Parts): Pinned {
  return {
    package: name,
    ecosystem,
    ...(wanted === undefined ? {} : { version: wanted }),
    ...(digest === undefined ? {} : { integrity: digest }),
    parts,
    pinned: true,
    warnings: [],
  };
}

/** Without a version, so that its launcher takes the newest at each start; one that was asked for stays. */
function open(installation: Installation, spec: PackageSpec, parts: Parts): Pinned {
  if (installation.version !== undefined || spec.bare === undefined)
    return stated(installation, spec, parts);
  const { name, ecosystem, bare } = spec;
  return {
    package: name,
    ecosystem,
    parts: withWord(parts, spec.at, bare),
    pinned: false,
    warnings: [],
  };
}

/** The package as the manifest, or the person, names it: nothing was looked up. */
function stated(installation: Installation, spec: PackageSpec, parts: Parts): Pinned {
  const version = installation.version ?? spec.wanted;
  return {
    package: spec.name,
    ecosystem: spec.ecosystem,
    ...(version === undefined ? {} : { version }),
    parts:
      installation.version === undefined
        ? parts
        : withWord(parts, spec.at, spec.write(installation.version)),
    pinned: version !== undefined && /^v?\d+(\.\d+)+/.test(version),
    warnings: [],
  };
}

/** The parts with another word at a place that counts the fixed words alone. */
function withWord(parts: Parts, place: number, word: string): Parts {
  let at = -1;
  return parts.map((part) => {
    if (typeof part !== 'string') return part;
    at += 1;
    return at === place ? word : part;
  });
}

function warningsOf(exact: ExactVersion): string[] {
  if (exact.deprecated === undefined) return [];
  return [`${exact.package}@${exact.version} is deprecated: ${exact.deprecated}`];
}
