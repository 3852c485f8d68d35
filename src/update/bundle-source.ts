/** Servers that were installed as a bundle (`.mcpb`) from a registry, which knows its versions. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { type InstallPlan, plan, putInPlace } from '../install/index.ts';
import { removeTree } from '../platform/files.ts';
import { resolve } from '../registry/index.ts';
import { known, previousOf, remember } from './history.ts';
import type { Subject, UpdateSource } from './types.ts';

/** Bundles. */
export const bundleSource: UpdateSource = {
  about: ({ resolved }) =>
    resolved?.ecosystem === 'mcpb'
      ? { kind: 'bundle', package: withoutVersion(resolved.reference) }
      : undefined,

  async check(ctx, { resolved }) {
    const current = resolved?.version;
    if (resolved?.source === 'bundle')
      return { ...known({ current }), state: 'none', reason: 'came from a file or an address' };
    const newest = await resolve(ctx, `${withoutVersion(resolved?.reference ?? '')}@latest`);
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
    const was = known({ version: resolved.version, integrity: resolved.integrity });
    // What only the old version takes is kept for the way back.
    const values = { ...resolved.values, ...planned.resolved.values };
    return {
      server: planned.server,
      from: resolved.version,
      to: planned.resolved.version ?? wanted ?? 'latest',
      resolved: remember({ ...planned.resolved, values }, resolved, was),
      undo,
    };
  },
};

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
