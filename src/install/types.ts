/** What is asked of an installation, and what will be done. */
import type { Server } from '../config/index.ts';
import type { Ecosystem, InstallationType, Manifest, Origin } from '../registry/index.ts';
import type { Asker, ValueSource } from './values.ts';
import type { ZipFile } from './zip.ts';

/** A request to install. */
export interface InstallRequest {
  /** A name, or any reference the registry understands. */
  readonly reference: string;
  /** The name to store it under. */
  readonly alias?: string | undefined;
  /** The key or type of an installation. */
  readonly method?: string | undefined;
  /** `NAME=VALUE` pairs; a repeated argument may occur several times. */
  readonly set?: readonly (readonly [string, string])[] | undefined;
  readonly envFile?: string | undefined;
  /** Resolve the version now and store it exactly; yes unless `false`. */
  readonly pin?: boolean;
  /** Store secrets in the configuration, as MCPM v2 does. */
  readonly plainSecrets?: boolean;
  /** Replace a server of the same name. */
  readonly replace?: boolean;
  /** Who answers what is open; nobody unless given. */
  readonly asker?: Asker | undefined;
  /** Ask for what may be left out, too. */
  readonly askOptional?: boolean;
}

/** A value that must not be shown: it prints and serialises as a mask. */
export class Hidden {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '••••••';
  }

  toJSON(): string {
    return '••••••';
  }
}

/** An argument of the plan, as it may be shown. */
export interface PlannedArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** Where the value comes from; absent when it has none. */
  readonly from?: ValueSource;
  /** The environment variable it was read from. */
  readonly variable?: string;
  /** The value; a secret's is masked. */
  readonly value?: string;
}

/** What was resolved when a server was installed. Kept in a file of its own. */
export interface Resolved {
  /** Finds the same again: `official:io.github.x/y@1.2.0`. */
  readonly reference: string;
  readonly source: string;
  /** The installation's key in the manifest. */
  readonly method: string;
  readonly type: InstallationType;
  readonly ecosystem?: Ecosystem | 'nuget' | 'mcpb' | 'git';
  readonly package?: string;
  readonly version?: string;
  /** `sha512-…` (npm), `sha256:…` (PyPI, images, bundles), a commit (git). */
  readonly integrity?: string;
  /** Whether the stored command names exactly this version. */
  readonly pinned: boolean;
  /** ISO time. */
  readonly resolvedAt: string;
  /** The values it was installed with, secrets as references, so that it can be planned again; not those of `--plain-secrets`. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** What was in use before each update, newest first, at most ten. */
  readonly previous?: readonly PreviousVersion[];
}

/** A version that was in use before. */
export interface PreviousVersion {
  readonly version?: string;
  readonly integrity?: string;
  /** The word of the command line that named it. */
  readonly word?: string;
  /** ISO time of the update. */
  readonly until: string;
}

/** A bundle that was fetched and checked, to be unpacked. It prints without its content. */
export class Bundle {
  /** Where it came from. */
  readonly url: string;
  readonly sha256: string;
  /** Where it is unpacked. */
  readonly folder: string;
  /** How many files it holds. */
  readonly count: number;
  readonly #files: readonly ZipFile[];

  constructor(url: string, sha256: string, folder: string, files: readonly ZipFile[]) {
    this.url = url;
    this.sha256 = sha256;
    this.folder = folder;
    this.count = files.length;
    this.#files = files;
  }

  /** Its files. */
  files(): readonly ZipFile[] {
    return this.#files;
  }
}

/** A repository that was cloned for a server, to be put in its place. */
export interface Checkout {
  /** Where it will be. */
  readonly path: string;
  /** Where it was cloned to. */
  readonly clonedTo: string;
  readonly url: string;
  readonly branch?: string;
  readonly commit: string;
  /** The commands, as words, that make a fresh checkout ready. */
  readonly steps: readonly (readonly string[])[];
}

/** What will be done. It can be printed as it is: secrets in it are references. */
export interface InstallPlan {
  readonly name: string;
  readonly title: string;
  readonly origin: Origin;
  readonly version?: string;
  readonly installation: {
    readonly key: string;
    readonly type: InstallationType;
    /** Why this one. */
    readonly reason: string;
    readonly description?: string;
    /** The others that `--method` could choose. */
    readonly others: readonly string[];
  };
  readonly arguments: readonly PlannedArgument[];
  /** The entry of `servers.json`. */
  readonly server: Server;
  /** Secret name → value. */
  readonly secrets: Readonly<Record<string, Hidden>>;
  readonly plainSecrets: boolean;
  readonly resolved: Resolved;
  readonly bundle?: Bundle;
  readonly checkout?: Checkout;
  /** Files that are written. */
  readonly writes: readonly string[];
  readonly replaces: boolean;
  readonly warnings: readonly string[];
  readonly manifest: Manifest;
}
