/** Carrying out a plan. What can fail comes first, so that a failure leaves the old state. */
import { join } from 'node:path';
import { addable, readServers, type Server, updateServers } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { exists, removeTree, writeFileAtomic } from '../platform/files.ts';
import { formatJson } from '../platform/json.ts';
import { runTool, type ToolResult } from '../platform/tool.ts';
import { moveTree, writeTree } from '../platform/tree.ts';
import { openSecrets } from '../secrets/index.ts';
import { forgetBundles, forgetSecrets } from './forget.ts';
import { resolvedStore, sourceEntry, sourcesStore } from './provenance.ts';
import type { InstallPlan } from './types.ts';

/** A step of a checkout (installing, building) may take this long. */
const STEP_MS = 600_000;

/** What was done. */
export interface Applied {
  readonly name: string;
  /** The entry of `servers.json`. */
  readonly server: Server;
  /** Where secrets went, if there were any. */
  readonly secretsIn?: 'keychain' | 'file' | 'config';
}

/**
 * Carry out a plan. When it fails, what it had put in place goes away again, and what was there before comes back.
 * @throws McpmError `CONFLICT` when the name was taken meanwhile; `SERVER_START` when a step of a checkout fails; `SECRET`,
 * `CONFIG_ACCESS`, `CONFIG_LOCKED` …
 */
export async function apply(ctx: Context, plan: InstallPlan): Promise<Applied> {
  const place = plan.bundle?.folder ?? plan.checkout?.path;
  if (place === undefined) return record(ctx, plan);
  const aside = (await exists(place)) ? `${place}.before` : undefined;
  if (aside !== undefined) await moveTree(place, aside);
  try {
    await putInPlace(ctx, plan);
    const applied = await record(ctx, plan);
    if (aside !== undefined) await removeTree(aside).catch(() => {});
    return applied;
  } catch (error) {
    await removeTree(place).catch(() => {});
    if (aside !== undefined) await moveTree(aside, place);
    throw error;
  }
}

/**
 * Put the files of a bundle or checkout where the server expects them; nothing is recorded.
 * @throws McpmError `CONFIG_ACCESS`; `SERVER_START` when a step of a checkout fails
 */
export async function putInPlace(
  ctx: Context,
  { bundle, checkout }: Pick<InstallPlan, 'bundle' | 'checkout'>,
): Promise<void> {
  if (bundle) await writeTree(bundle.folder, bundle.files());
  if (!checkout) return;
  await moveTree(checkout.clonedTo, checkout.path);
  for (const [program = '', ...args] of checkout.steps) {
    const options = { env: ctx.env, platform: ctx.platform, cwd: checkout.path };
    const done = await runTool(program, args, { ...options, timeoutMs: STEP_MS });
    if (done.exitCode === 0) continue;
    const line = [program, ...args].join(' ');
    const why = done.timedOut ? `it took longer than ${STEP_MS / 60_000} minutes` : lastLine(done);
    throw new McpmError('SERVER_START', `${line} failed in the checkout: ${why}`, {
      data: { step: line, exitCode: done.exitCode },
    });
  }
}

function lastLine({ stderr, stdout }: ToolResult): string {
  return (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
}

async function record(ctx: Context, plan: InstallPlan): Promise<Applied> {
  const { name } = plan;
  // Files that cannot be read are found out before anything is written.
  await Promise.all([resolvedStore(ctx).read(), sourcesStore(ctx).read()]);
  const server = plan.plainSecrets ? revealed(plan) : plan.server;
  const { [name]: replaced } = await readServers(ctx);
  const secretsIn = await withSecrets(ctx, plan, () =>
    updateServers(ctx, (all) => ({
      ...all,
      [name]: addable(all[name], server as never, plan.replaces),
    })),
  );
  const { origin: _, ...manifest } = plan.manifest;
  await writeFileAtomic(join(ctx.paths.serversDir, name, 'metadata.json'), formatJson(manifest));
  await resolvedStore(ctx).update((all) => ({ ...all, [name]: plan.resolved }));
  const source = sourceEntry(plan.resolved, plan.checkout);
  await sourcesStore(ctx).update((all) => ({ ...all, [name]: source }));
  if (replaced) {
    await forgetSecrets(ctx, replaced).catch(() => []);
    await forgetBundles(ctx, name, [plan.server, replaced]);
  }
  return { name, server: plan.server, ...(secretsIn ? { secretsIn } : {}) };
}

/** Store the plan's secrets, then do `work`; when that fails, each is again what it was before. */
async function withSecrets(
  ctx: Context,
  plan: InstallPlan,
  work: () => Promise<unknown>,
): Promise<Applied['secretsIn']> {
  const secrets = Object.entries(plan.secrets);
  if (secrets.length === 0 || plan.plainSecrets) {
    await work();
    return secrets.length === 0 ? undefined : 'config';
  }
  const store = await openSecrets(ctx);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const [name, value] of secrets) {
      // One that cannot be read is of no use to anyone: it is replaced.
      const before = await store.get(name).catch(() => undefined);
      undo.push(() => (before === undefined ? store.delete(name) : store.set(name, before)));
      await store.set(name, value.reveal());
    }
    await work();
  } catch (error) {
    for (const step of undo) await step().catch(() => {});
    throw error;
  }
  return store.backend;
}

/** The server with its references to these secrets replaced by the values. */
function revealed(plan: InstallPlan): Server {
  const text = (value: string) =>
    value.replace(/\$\{secret:([^}]+)\}/g, (whole, name: string) =>
      name in plan.secrets ? (plan.secrets[name]?.reveal() ?? whole) : whole,
    );
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item)]));
  };
  return deep(plan.server) as Server;
}
