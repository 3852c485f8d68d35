/** Checking and updating servers, whatever they come from. */
import { isDeepStrictEqual } from 'node:util';
import { pick, readServers, updateServers } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { resolvedStore, sourcesStore } from '../install/index.ts';
import { sourceFor } from './sources.ts';
import type { Change, Finding, Subject, UpdateRequest } from './types.ts';

/** How many registries are asked at a time. */
const AT_ONCE = 8;

/** What became of one server. */
export interface Outcome extends Finding {
  /** Whether another version is in use now; `current` was in use before, `latest` is now. */
  readonly updated: boolean;
}

/**
 * Compare what is in use with what there is, for the servers that are named or for all; nothing is changed. A server that cannot
 * be checked is `failed`, with the reason.
 * @throws McpmError `NOT_FOUND` for a name that no server has; `CONFIG_*`.
 */
export async function checkUpdates(ctx: Context, names?: readonly string[]): Promise<Finding[]> {
  const subjects = await subjectsOf(ctx, names);
  const findings = new Map<Subject, Finding>();
  const queue = subjects.values();
  const worker = async () => {
    for (const subject of queue) findings.set(subject, await checkOne(ctx, subject));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return subjects.flatMap((subject) => findings.get(subject) ?? []);
}

/**
 * Update one server. What is stored changes last, and only when the server is still as it was read; whatever fails leaves the old
 * entry in place.
 * @throws McpmError `NOT_FOUND`, `NETWORK`, `REGISTRY`, `CONFLICT`, `PARTIAL` (a post-update command failed), `SERVER_START` (a trial failed), `CONFIG_*`,
 * `INVALID_INPUT` when there is nothing to update.
 */
export async function updateServer(
  ctx: Context,
  name: string,
  request: UpdateRequest = {},
): Promise<Outcome> {
  const [subject] = await subjectsOf(ctx, [name]);
  if (subject === undefined) throw new Error('one name gives one subject');
  const { source, about } = sourceFor(subject);
  if (source.update === undefined) {
    const { reason = about.kind } = await source.check(ctx, subject);
    throw new McpmError('INVALID_INPUT', `${name} cannot be updated: ${reason}`, {
      hint: `Look for where it comes from: mcpm update --init ${name}`,
      data: { server: name },
    });
  }
  const change = await source.update(ctx, subject, request);
  try {
    if (request.trial) await (await import('./trial.ts')).tryToStart(ctx, change.server);
    await store(ctx, subject, change);
  } catch (error) {
    await change.undo?.();
    throw error;
  }
  await change.done?.();
  return {
    name,
    ...about,
    ...(change.from === undefined ? {} : { current: change.from }),
    latest: change.to,
    state: 'current',
    updated: change.from !== change.to || change.server !== subject.server,
  };
}

/** What is known of servers. @throws McpmError `NOT_FOUND`, `CONFIG_*`. */
export async function subjectsOf(ctx: Context, names?: readonly string[]): Promise<Subject[]> {
  const [servers, resolved, sources] = await Promise.all([
    readServers(ctx),
    resolvedStore(ctx).read(),
    sourcesStore(ctx).read(),
  ]);
  return (names ?? Object.keys(servers)).map((name) => ({
    name,
    server: pick(servers, name),
    resolved: Object.hasOwn(resolved, name) ? resolved[name] : undefined,
    source: Object.hasOwn(sources, name) ? sources[name] : undefined,
  }));
}

async function checkOne(ctx: Context, subject: Subject): Promise<Finding> {
  const { source, about } = sourceFor(subject);
  try {
    return { name: subject.name, ...about, ...(await source.check(ctx, subject)) };
  } catch (error) {
    if (!(error instanceof McpmError)) throw error;
    return { name: subject.name, ...about, state: 'failed', reason: error.message };
  }
}

/** Store a change: the entry first, since that is what runs; then the record of it. */
async function store(
  ctx: Context,
  { name, server, source }: Subject,
  change: Change,
): Promise<void> {
  await updateServers(ctx, (all) => {
    if (!isDeepStrictEqual(pick(all, name), server))
      throw new McpmError('CONFLICT', `${name} was changed meanwhile, so it was not updated`, {
        hint: `Try again: mcpm update ${name}`,
        data: { server: name },
      });
    return { ...all, [name]: change.server };
  });
  await resolvedStore(ctx).update((all) => ({ ...all, [name]: change.resolved }));
  if (source === undefined) return;
  const last_updated = ctx.now().toISOString();
  await sourcesStore(ctx).update((all) => ({
    ...all,
    [name]: { ...source, ...all[name], last_checked: last_updated, last_updated },
  }));
}
