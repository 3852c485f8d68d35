/** What an update source is asked, and what it finds. */
import type { Server } from '../config/index.ts';
import type { Context } from '../context.ts';
import type { Resolved } from '../install/index.ts';

/** Where a server's code comes from, as far as updates go. */
export type UpdateKind = 'npm' | 'pypi' | 'oci' | 'nuget' | 'git' | 'bundle' | 'remote' | 'unknown';

/** What is known of an installed server. */
export interface Subject {
  readonly name: string;
  readonly server: Server;
  /** Its entry of `resolved.json`: written by every installation of this program. */
  readonly resolved: Resolved | undefined;
  /** Its entry of `sources.json`, which MCPM v2 writes too. */
  readonly source: Readonly<Record<string, unknown>> | undefined;
}

/**
 * How a server stands. `floating`: no version is stored, so its launcher chooses one at each start. `skipped`: there may be an update, but
 * something of the person's is in the way. `none`: there is nothing to update here.
 */
export type UpdateState = 'current' | 'outdated' | 'floating' | 'skipped' | 'none' | 'failed';

/** What is updated. */
export interface About {
  readonly kind: UpdateKind;
  /** The package, the image, or the folder of the checkout. */
  readonly package?: string;
}

/** How it stands. */
export interface Standing {
  readonly state: UpdateState;
  /** The version in use: a version, a tag, or a shortened commit or digest. */
  readonly current?: string;
  readonly latest?: string;
  /** Why it is skipped, failed, or not to be updated; or what comes with the update. */
  readonly reason?: string;
}

/** What was found out about one server. */
export interface Finding extends About, Standing {
  readonly name: string;
}

/** What is asked of an update. */
export interface UpdateRequest {
  /** Exactly this version (a tag or commit for a checkout) instead of the newest; `previous` is the one before the last update. */
  readonly to?: string | undefined;
  /** Put local commits of a checkout on top of the new ones. */
  readonly rebase?: boolean;
  /** Start what is new once, before it is stored; the old one stays when that fails. */
  readonly trial?: boolean;
}

/** What an update makes of a server. Nothing of it is stored yet. */
export interface Change {
  /** The new entry of `servers.json`. */
  readonly server: Server;
  readonly from: string | undefined;
  readonly to: string;
  readonly resolved: Resolved;
  /** What remains to be done when it is stored. */
  readonly done?: () => Promise<void>;
  /** Take back what was done outside the stores; they could not be written. */
  readonly undo?: () => Promise<void>;
}

/** One way servers are updated. */
export interface UpdateSource {
  /** What it updates of a server; `undefined` when it does not look after this one. The first source that does, does. */
  about(subject: Subject): About | undefined;
  /** Compare what is in use with what there is. Changes nothing. @throws McpmError when that cannot be found out. */
  check(ctx: Context, subject: Subject): Promise<Standing>;
  /** Absent where there is nothing to update. @throws McpmError, with the old state intact. */
  update?(ctx: Context, subject: Subject, request: UpdateRequest): Promise<Change>;
}
