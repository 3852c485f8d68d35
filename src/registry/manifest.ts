/**
 * What a registry says about one server. A superset of the mcpm.sh registry's manifest (one JSON a server), so that manifests of either
 * kind, entries of the official registry and bundles all become this one shape.
 */

/** The ways a server can be installed. */
export type InstallationType =
  | 'npm'
  | 'uvx'
  | 'docker'
  | 'python'
  | 'nuget'
  | 'mcpb'
  | 'custom'
  | 'cli'
  | 'http'
  | 'sse';

/** What a value must look like. `filepath` and `directory` are shown and completed as paths; all values are text in the end. */
export type ArgumentFormat = 'string' | 'number' | 'boolean' | 'filepath' | 'directory';

/** One value that an installation asks for, named by `${NAME}` in its args, env, url or headers. */
export interface Argument {
  readonly description: string;
  readonly required?: boolean;
  /** A value that shows the expected form. Never used by itself. */
  readonly example?: string;
  /** Hidden at the prompt, kept in the secret store. When absent, the name decides (`…_TOKEN`, `…_PASSWORD` …). */
  readonly secret?: boolean;
  /** The only values that are accepted. */
  readonly choices?: readonly string[];
  /** Used when nothing else gives a value. */
  readonly default?: string;
  readonly format?: ArgumentFormat;
  /** Takes several values; an {@link OptionalArgs} that uses it is repeated for each. */
  readonly repeated?: boolean;
}

/** Words of a command line that appear only when every `${NAME}` in them has a value; once per value of a repeated argument. */
export interface OptionalArgs {
  readonly words: readonly string[];
  /** The argument that has to be `true` for words without a reference of their own. */
  readonly when?: string;
}

/** One way to run a server: a command with its arguments and environment, a URL with headers, or a bundle (`package`, its URL) to unpack. */
export interface Installation {
  readonly type: InstallationType;
  readonly command?: string;
  readonly args?: readonly (string | OptionalArgs)[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The package's name at npm, PyPI or NuGet, the image reference, or the URL of a bundle. */
  readonly package?: string;
  /** The exact version of `package` that this installation is for, when the manifest fixes one. */
  readonly version?: string;
  /** Expected SHA-256 of the bundle, hexadecimal. */
  readonly sha256?: string;
  readonly description?: string;
  readonly recommended?: boolean;
}

/** A tool, prompt or resource, as announced by the author. */
export interface Capability {
  readonly name: string;
  readonly description?: string;
}

/** An example of use, for the person. */
export interface Example {
  readonly title?: string;
  readonly description?: string;
  readonly prompt?: string;
}

/** Whether a registry still stands by an entry (official registry API, `status`). */
export type ManifestStatus = 'active' | 'deprecated' | 'deleted';

/** Where a manifest was found. Set by the source that read it, never by the file. */
export interface Origin {
  /** The source's id in the settings (`official`, `mcpm`, `catalogue` …), or the kind of a direct reference (`npm`, `pypi`, `oci`, `git`, `file` …). */
  readonly source: string;
  /** A reference that finds exactly this again: `official:io.github.x/y@1.2.0`, `npm:pkg@1.0.0`. */
  readonly reference: string;
  /** The page or file it was read from. */
  readonly url?: string;
  /** Other sources that have the same server. */
  readonly also?: readonly string[];
}

/** What a registry says about one server. */
export interface Manifest {
  /** The name it is installed under: letters, digits, `-`, `_`, `.`, and at most one `/`. */
  readonly name: string;
  /** The title shown to people. */
  readonly display_name: string;
  readonly description: string;
  /** The version this manifest describes, when it is for one. */
  readonly version?: string;
  readonly repository?: { readonly type?: string; readonly url: string };
  readonly homepage?: string;
  /** SPDX expression, or what the author wrote. */
  readonly license?: string;
  readonly author?: { readonly name: string; readonly email?: string; readonly url?: string };
  readonly categories?: readonly string[];
  readonly tags?: readonly string[];
  readonly arguments?: Readonly<Record<string, Argument>>;
  /** At least one, in order of preference after the one that is `recommended`. */
  readonly installations: Readonly<Record<string, Installation>>;
  readonly tools?: readonly Capability[];
  readonly prompts?: readonly Capability[];
  readonly resources?: readonly Capability[];
  readonly examples?: readonly Example[];
  /** Published by the vendor of what it connects to. */
  readonly is_official?: boolean;
  /** No longer maintained. */
  readonly is_archived?: boolean;
  readonly docker_url?: string;
  readonly status?: ManifestStatus;
  /** Why it is deprecated, in the registry's words. */
  readonly status_message?: string;
  readonly published_at?: string;
  readonly updated_at?: string;
  readonly origin?: Origin;
}
