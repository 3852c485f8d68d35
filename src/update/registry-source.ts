/** Servers whose versions only the registry they came from knows: bundles (`.mcpb`), NuGet packages, images named by their digest alone. */
import { isStdio } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import {
  findPackage,
  forgetBundles,
  type InstallPlan,
  plan,
  putInPlace,
  type Resolved,
} from '../install/index.ts';
import { removeTree } from '../platform/files.ts';
import { resolve, VERSION_SOURCES } from '../registry/index.ts';
import { known, previousOf, remember } from './history.ts';
import type { Subject, UpdateKind, UpdateSource } from './types.ts';

/** Entries of a registry, planned anew for another version. */
export const registrySource: UpdateSource = {
  about(subject) {
    const { resolved } = subject;
    const kind = kindOf(subject);
    return resolved && kind && { kind, package: withoutVersion(resolved.reference) };
  },

  async check(ctx, { resolved }) {
    const current = resolved && versionIn(resolved);
    if (resolved === undefined || resolved.source === 'bundle')
      return { ...known({ current }), state: 'none', reason: 'came from a file or an address' };
    const newest = await resolve(ctx, `${withoutVersion(resolved.reference)}@latest`);
    const latest = newest.version;
    const state = latest === undefined || latest === current ? 'current' : 'outdated';
    return { ...known({ current, latest }), state };
  },

  async update(ctx, subject, request) {
    const { name, resolved } = subject;
    if (resolved === undefined || resolved.source === 'bundle')
      throw new McpmError('INVALID_INPUT', `${name} came from a file or an address`, {
        hint: `Install the new bundle over it: mcpm install FILE --alias ${name} --force`,
        data: { server: name },
      });
    const wanted = request.to === 'previous' ? previousOf(subject).version : request.to;
    const reference = `${withoutVersion(resolved.reference)}@${wanted ?? 'latest'}`;
    const planned = await planAgain(ctx, subject, reference);
    const undo = async () => {
      if (planned.resolved.integrity !== resolved.integrity && planned.bundle)
        await removeTree(planned.bundle.folder);
    };
    try {
      await putInPlace(ctx, planned);
    } catch (error) {
      await undo();
      throw error;
    }
    const from = versionIn(resolved);
    const was = known({ version: from, integrity: resolved.integrity });
    // What only the old version takes is kept for the way back.
    const values = { ...resolved.values, ...planned.resolved.values };
    return {
      server: planned.server,
      from,
      to: versionIn(planned.resolved) ?? wanted ?? 'latest',
      resolved: remember({ ...planned.resolved, values }, resolved, was),
      done: () => forgetBundles(ctx, name, [planned.server, subject.server]),
      undo,
    };
  },
};

/** What a server is that this source looks after. */
function kindOf({ server, resolved }: Subject): UpdateKind | undefined {
  if (resolved?.ecosystem === 'mcpb') return 'bundle';
  if (resolved === undefined || !isEntry(resolved)) return undefined;
  if (resolved.ecosystem === 'nuget') return 'nuget';
  const spec = isStdio(server) ? findPackage(server.command, server.args) : undefined;
  return spec?.digest !== undefined && spec.wanted === undefined ? 'oci' : undefined;
}

/** Whether it is a version of an entry of a registry of servers. */
function isEntry(resolved: Resolved): boolean {
  return !(resolved.source in VERSION_SOURCES) && /.@[^/@]+$/.test(resolved.reference);
}

/** The version of the entry, which need not be that of its package. */
function versionIn({ reference, version }: Resolved): string | undefined {
  return /.@([^/@]+)$/.exec(reference)?.[1] ?? version;
}

/**
 * The plan with the values of the last installation; those that the other version no longer takes are left out.
 * @throws McpmError as `plan`; `USAGE` when the other version needs values that nobody was asked for yet
 */
async function planAgain(
  ctx: Context,
  { name, resolved }: Subject,
  reference: string,
): Promise<InstallPlan> {
  const values = Object.entries(resolved?.values ?? {});
  const request = (dropped: readonly string[]) => ({
    reference,
    alias: name,
    method: resolved?.method,
    replace: true,
    set: values
      .filter(([key]) => !dropped.includes(key))
      .flatMap(([key, all]) => all.map((value) => [key, value] as const)),
  });
  try {
    return await plan(ctx, request([]));
  } catch (error) {
    const unknown = error instanceof McpmError ? error.data?.['unknown'] : undefined;
    if (!Array.isArray(unknown)) throw error;
    return plan(ctx, request(unknown));
  }
}

/** `official:io.github.x/y@1.2.0` → `official:io.github.x/y`. */
function withoutVersion(reference: string): string {
  return reference.replace(/(?<=.)@[^/@]*$/, '');
}
