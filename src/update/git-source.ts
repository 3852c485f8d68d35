/** Servers that run from a checkout: `sources.json` says where it is, which branch it follows, and what to do after an update. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import type { Resolved } from '../install/index.ts';
import { exists } from '../platform/files.ts';
import { type Repository, repository } from './git.ts';
import { previousOf, remember } from './history.ts';
import { runSteps, stepsOf } from './post-update.ts';
import type { Change, Subject, UpdateSource } from './types.ts';

/** What `sources.json` says of a checkout. */
interface Checkout {
  readonly path: string;
  readonly branch: string | undefined;
  readonly postUpdate: string | undefined;
}

/** Where a checkout stands. */
interface Place {
  readonly git: Repository;
  readonly branch: string;
  readonly remote: string;
  readonly head: string;
}

/** Checkouts of git repositories. */
export const gitSource: UpdateSource = {
  about(subject) {
    const checkout = checkoutOf(subject);
    return checkout && { kind: 'git', package: checkout.path };
  },

  async check(ctx, subject) {
    const checkout = need(subject);
    const place = await placeOf(ctx, checkout);
    if (typeof place === 'string') return { state: 'skipped', reason: place };
    const { git, head, branch, remote } = place;
    const [tip = ''] = (await git.read('ls-remote', remote, `refs/heads/${branch}`)).split(/\s/);
    if (tip === '')
      return { state: 'skipped', reason: `${remote} has no branch ${branch} any more` };
    if (await contains(git, tip, head))
      return { current: short(head), latest: short(head), state: 'current' };
    const { postUpdate } = checkout;
    return {
      current: short(head),
      latest: short(tip),
      state: 'outdated',
      ...(postUpdate === undefined ? {} : { reason: `then: ${postUpdate}` }),
    };
  },

  async update(ctx, subject, request) {
    const checkout = need(subject);
    // Before anything moves: a command that cannot be run must not leave a half-updated checkout.
    const steps = checkout.postUpdate === undefined ? [] : stepsOf(checkout.postUpdate);
    const place = await placeOf(ctx, checkout);
    if (typeof place === 'string')
      throw new McpmError('CONFLICT', `${checkout.path} ${place}`, { data: { ...checkout } });
    const { git, head } = place;
    const fetch = ['fetch', '--quiet', '--tags', place.remote, place.branch];
    // Going back needs no network: what was fetched before is still here.
    await (request.to === undefined ? git.read(...fetch) : git.ask(...fetch));
    const back = async () => {
      await git.read('reset', '--quiet', '--hard', head);
    };
    if (request.to === undefined) await forward(git, checkout, request.rebase === true);
    else await moveTo(git, subject, head, request.to);
    try {
      if ((await git.read('rev-parse', 'HEAD')) !== head) await runSteps(ctx, checkout.path, steps);
    } catch (error) {
      await back();
      throw error;
    }
    const now = await git.read('rev-parse', 'HEAD');
    return { ...changeOf(ctx, subject, head, now), undo: back } satisfies Change;
  },
};

/** Where the checkout stands, or why it is left alone. @throws McpmError when it is not there or git fails. */
async function placeOf(ctx: Context, { path, branch }: Checkout): Promise<Place | string> {
  if (!(await exists(path)))
    throw new McpmError('NOT_FOUND', `The checkout ${path} is gone`, {
      hint: 'Correct its path in sources.json, or clone it again.',
      data: { path },
    });
  const git = repository(ctx, path);
  const head = await git.read('rev-parse', '--verify', 'HEAD');
  const on = await git.ask('symbolic-ref', '--quiet', '--short', 'HEAD');
  if (on === undefined) return 'is not on a branch';
  if (branch !== undefined && branch !== on) return `is on the branch ${on}, not ${branch}`;
  if ((await git.read('status', '--porcelain', '--untracked-files=no')) !== '')
    return 'has changes that are not committed';
  const remote = (await git.ask('config', '--get', `branch.${on}.remote`)) || 'origin';
  if ((await git.ask('remote', 'get-url', '--', remote)) === undefined)
    return `follows no remote: there is no ${remote}`;
  return { git, head, branch: on, remote };
}

/** To what was fetched: fast-forward, or with the local commits on top. */
async function forward(git: Repository, { path }: Checkout, rebase: boolean): Promise<void> {
  if (rebase) {
    if ((await git.ask('rebase', '--quiet', 'FETCH_HEAD')) !== undefined) return;
    await git.ask('rebase', '--abort');
    throw new McpmError('CONFLICT', `The local commits in ${path} conflict with the new ones`, {
      hint: `Rebase it by hand: git -C ${path} rebase`,
      data: { path },
    });
  }
  if ((await git.ask('merge', '--quiet', '--ff-only', 'FETCH_HEAD')) !== undefined) return;
  throw new McpmError('CONFLICT', `${path} has commits of its own, so it cannot just move on`, {
    hint: 'Put them on top of the new ones: mcpm update --rebase',
    data: { path },
  });
}

/** To a tag or a commit, on the same branch; only when no local commit would be lost. */
async function moveTo(git: Repository, subject: Subject, head: string, to: string): Promise<void> {
  const wanted = to === 'previous' ? previousOf(subject).integrity : to;
  const name = `${wanted}^{commit}`;
  const commit = await git.ask('rev-parse', '--verify', '--quiet', '--end-of-options', name);
  if (!commit)
    throw new McpmError('NOT_FOUND', `${subject.name} has no tag or commit ${wanted}`, {
      data: { server: subject.name, version: wanted },
    });
  const published = ['--count=1', '--contains', head, 'refs/remotes', 'refs/tags'];
  const isSafe =
    (await contains(git, head, commit)) || (await git.read('for-each-ref', ...published)) !== '';
  if (!isSafe)
    throw new McpmError('CONFLICT', `The checkout of ${subject.name} has commits of its own`, {
      hint: 'Push or move them to another branch first.',
      data: { server: subject.name },
    });
  await git.read('reset', '--quiet', '--keep', commit);
}

/** Whether a commit is among those that lead to another; no when it is not here at all. */
async function contains(git: Repository, commit: string, tip: string): Promise<boolean> {
  return (await git.ask('merge-base', '--is-ancestor', commit, tip)) !== undefined;
}

type Known = Omit<Resolved, 'pinned' | 'resolvedAt'>;

function changeOf(ctx: Context, subject: Subject, from: string, to: string): Change {
  const { path } = need(subject);
  const first: Known = {
    reference: path,
    source: 'git',
    method: 'git',
    type: 'custom',
    package: path,
  };
  // The commit says exactly what it is; the version of the manifest was that of another one.
  const { version: _, ...before }: Known = subject.resolved ?? first;
  const base: Resolved = {
    ...before,
    ecosystem: 'git',
    integrity: to,
    pinned: true,
    resolvedAt: ctx.now().toISOString(),
  };
  const resolved = from === to ? base : remember(base, subject.resolved, { integrity: from });
  return { server: subject.server, from: short(from), to: short(to), resolved };
}

function checkoutOf({ source }: Subject): Checkout | undefined {
  if (source?.['type'] !== 'git' || typeof source['path'] !== 'string') return undefined;
  const text = (key: string) => (typeof source[key] === 'string' ? source[key] : undefined);
  return {
    path: source['path'],
    branch: text('branch') || undefined,
    postUpdate: text('post_update') || undefined,
  };
}

function need(subject: Subject): Checkout {
  const checkout = checkoutOf(subject);
  if (checkout === undefined) throw new Error(`${subject.name} has no checkout`);
  return checkout;
}

function short(commit: string): string {
  return commit.slice(0, 10);
}
