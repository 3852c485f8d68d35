/** What a person may type to name a server: where to look, what for, and which version. */
import { isAbsolute } from 'node:path';
import { McpmError } from '../errors.ts';
import { isImageDigest } from './versions/image-name.ts';

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
 * Take a reference apart. In order: `npm:`, `pypi:`, `oci:` (`docker:`); addresses (`git+…`, `….git`, the page of a repository or of a
 * package, then any other `http(s):`); paths (absolute, `./`, `../`, `~/`, `file:`, `….mcpb`); `SOURCE:NAME`; a name. `@VERSION` may follow packages and
 * names.
 * @param sources the ids of the configured sources
 * @throws McpmError `INVALID_INPUT` for a text that can name nothing
 */
export function parseReference(text: string, sources: readonly string[]): Reference {
  if (text.trim() === '') throw unusable(text, 'it is empty');
  if (/\p{Cc}/u.test(text)) throw unusable(text, 'it contains a control character');
  const scheme = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text);
  const [, prefix = '', rest = ''] = scheme ?? [];
  if (prefix === 'npm' || prefix === 'pypi') return { kind: prefix, ...named(text, rest) };
  if (prefix === 'oci' || prefix === 'docker') return { kind: 'oci', ...image(text, rest) };
  const git = gitReference(text);
  if (git) return git;
  if (/^https?:/i.test(text)) return packagePage(text) ?? { kind: 'url', url: address(text) };
  if (isPath(text)) return { kind: 'path', path: text.replace(/^file:(\/\/)?/, '') };
  if (sources.includes(prefix)) return { kind: 'name', source: prefix, ...named(text, rest) };
  if (scheme) throw unusable(text, `there is no source called ${prefix}`, sources);
  return { kind: 'name', ...named(text, text) };
}

/** @throws McpmError `INVALID_INPUT` when nothing is named */
function named(text: string, rest: string): { name: string; version?: string } {
  const split = splitVersion(rest);
  if (/^[^\s:]+$/.test(split.name)) return split;
  throw unusable(text, split.name === '' ? 'it names nothing' : 'no name has blanks or colons');
}

/** A tag may be given as a version; a digest is part of the image's name. */
function image(text: string, rest: string): { name: string; version?: string } {
  const [, name = '', version] = /^([^@]*)(?:@(.*))?$/s.exec(rest) ?? [];
  if (!/^[^\s]+$/.test(name)) throw unusable(text, 'it names no image');
  if (!version || isImageDigest(version)) return { name: version ? rest : name };
  return { name, version };
}

function address(text: string): string {
  if (!URL.canParse(text)) throw unusable(text, 'it is no address');
  const repository = /^(https:\/\/[^/]+\/[^/]+\/[^/]+)\/(?:-\/)?(?:tree|blob|src\/branch)\//.exec(
    text,
  )?.[1];
  if (repository === undefined) return text;
  throw new McpmError('INVALID_INPUT', `${text} is a page of a repository, not a server`, {
    hint: `Install the repository, ${repository}, or look for what it publishes: mcpm search`,
    data: { reference: text },
  });
}

/** The page of a package at npm or PyPI stands for the package. */
function packagePage(text: string): Reference | undefined {
  const [, npm, npmVersion] =
    /^https:\/\/(?:www\.)?npmjs\.com\/package\/((?:@[^/?#]+\/)?[^/?#]+)(?:\/v\/([^/?#]+))?/.exec(
      text,
    ) ?? [];
  const [, pypi, pypiVersion] =
    /^https:\/\/pypi\.org\/project\/([^/?#]+)(?:\/([^/?#]+))?/.exec(text) ?? [];
  const [kind, name, version] =
    npm === undefined
      ? (['pypi', pypi, pypiVersion] as const)
      : (['npm', npm, npmVersion] as const);
  return name === undefined
    ? undefined
    : { kind, name, ...(version === undefined ? {} : { version }) };
}

function unusable(text: string, reason: string, sources: readonly string[] = []): McpmError {
  const prefixes = [...sources, 'npm', 'pypi', 'oci'].map((one) => `${one}:`).join(', ');
  return new McpmError('INVALID_INPUT', `${JSON.stringify(text)} names no server: ${reason}`, {
    hint: `A name, ${prefixes} before one, an address, a path, or a repository. Search: mcpm search`,
    data: { reference: text },
  });
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
