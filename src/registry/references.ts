/** What a person may type to name a server: where to look, what for, and which version. */
import { isAbsolute } from 'node:path';

/** A reference, taken apart. */
export type Reference =
  /** A name, to be looked for in all sources or in one of them. */
  | {
      readonly kind: 'name';
      readonly source?: string;
      readonly name: string;
      readonly version?: string;
    }
  /** A package or image itself. */
  | { readonly kind: 'npm' | 'pypi' | 'oci'; readonly name: string; readonly version?: string }
  /** A repository: to be cloned. */
  | { readonly kind: 'git'; readonly url: string; readonly revision?: string }
  /** A bundle or a server manifest to download, or else the address of a running server. */
  | { readonly kind: 'url'; readonly url: string }
  /** A folder, a bundle or a manifest on this machine. */
  | { readonly kind: 'path'; readonly path: string };

/**
 * Take a reference apart. In order: `npm:`, `pypi:`, `oci:` (`docker:`); addresses (`git+…`, `….git`, a code host's repository page, then
 * any other `http(s):`); paths (absolute, `./`, `../`, `~/`, `file:`, `….mcpb`); `SOURCE:NAME`; a name. `@VERSION` may follow packages and
 * names.
 * @param sources the ids of the configured sources
 */
export function parseReference(text: string, sources: readonly string[]): Reference {
  const scheme = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text);
  const [, prefix = '', rest = ''] = scheme ?? [];
  if (prefix === 'npm' || prefix === 'pypi') return { kind: prefix, ...splitVersion(rest) };
  if (prefix === 'oci' || prefix === 'docker') return { kind: 'oci', name: rest };
  const git = gitReference(text);
  if (git) return git;
  if (/^https?:\/\//i.test(text)) return { kind: 'url', url: text };
  if (isPath(text)) return { kind: 'path', path: text.replace(/^file:(\/\/)?/, '') };
  if (sources.includes(prefix)) return { kind: 'name', source: prefix, ...splitVersion(rest) };
  return { kind: 'name', ...splitVersion(text) };
}

function splitVersion(text: string): { name: string; version?: string } {
  const at = text.lastIndexOf('@');
  const equals = text.indexOf('==');
  if (equals > 0) return { name: text.slice(0, equals), version: text.slice(equals + 2) };
  if (at < 1) return { name: text };
  const version = text.slice(at + 1);
  return version === '' ? { name: text.slice(0, at) } : { name: text.slice(0, at), version };
}

function gitReference(text: string): Reference | undefined {
  const [address = '', revision] = text.split('#');
  const url = address.replace(/^git\+(?=\w+:\/\/)/, '');
  const isGit =
    address !== url ||
    /^(git|ssh):\/\//.test(url) ||
    /^git@[\w.-]+:/.test(url) ||
    /^(https?|file):\/\/.*\.git$/.test(url) ||
    /^https:\/\/(github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)\/[^/]+\/[^/]+\/?$/.test(url);
  if (!isGit) return undefined;
  return { kind: 'git', url, ...(revision ? { revision } : {}) };
}

function isPath(text: string): boolean {
  return (
    /^(\.{1,2}([/\\]|$)|~[/\\]|file:)/.test(text) ||
    isAbsolute(text) ||
    /^[A-Za-z]:[/\\]/.test(text) ||
    /\.(mcpb|dxt)$/i.test(text)
  );
}
