/** What a package registry is asked: which versions are there, and what exactly is one of them. */

import type { Context } from '../../context.ts';
import type { HttpContext } from '../http.ts';

/** What of the world a look-up needs. */
export type VersionContext = HttpContext & Pick<Context, 'env' | 'home' | 'platform'>;

/** The kinds of package registries. */
export type Ecosystem = 'npm' | 'pypi' | 'oci';

/** One version, exactly. */
export interface ExactVersion {
  readonly ecosystem: Ecosystem;
  readonly package: string;
  /** The version; for an image its tag. */
  readonly version: string;
  /** What proves the bytes: npm's `sha512-…`, PyPI's `sha256:…` of the wheel (else of the source archive), an image's digest. */
  readonly integrity?: string;
  /** The programs it brings, where the registry says. */
  readonly programs?: readonly string[];
  /** The registry that was asked. */
  readonly registry: string;
  readonly description?: string;
  readonly license?: string;
  readonly homepage?: string;
  readonly repository?: string;
  /** Why its author advises against it. */
  readonly deprecated?: string;
}

/** All versions of a package. */
export interface VersionList {
  /** Oldest first. */
  readonly versions: readonly string[];
  /** What is installed when nothing is asked for. */
  readonly latest: string | undefined;
}

/** One kind of package registry. */
export interface VersionSource {
  /**
   * One version of a package.
   * @param wanted an exact version, a tag, or (npm) a range; the newest stable one when absent
   * @throws McpmError `NOT_FOUND` when there is no such package or version; `NETWORK`, `REGISTRY`, `AUTH`
   */
  resolve(ctx: VersionContext, name: string, wanted?: string): Promise<ExactVersion>;
  /** All versions of a package. @throws as `resolve` */
  list(ctx: VersionContext, name: string): Promise<VersionList>;
  /** Order of two versions: negative when `a` is older. */
  compare(a: string, b: string): number;
}
