/** What the index keeps of a server: enough to find it, filter it, show it in a list, and know it again in another registry. */
import type { Installation, InstallationType, Manifest, ManifestStatus } from '../manifest.ts';
import { withoutTag } from '../versions/image-name.ts';

/** One server in a list of results. */
export interface Entry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly version?: string;
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  /** The kinds of its installations, the preferred one first. */
  readonly types: readonly InstallationType[];
  readonly official: boolean;
  readonly archived: boolean;
  readonly status: ManifestStatus;
  /** What it is in any registry: its packages, images and addresses. */
  readonly ids: readonly string[];
}

/** The fields that are searched, with what a match in each is worth. */
export const FIELDS = [
  { weight: 5, text: (manifest: Manifest) => shortName(manifest.name) },
  { weight: 1.5, text: (manifest: Manifest) => ownerOf(manifest.name) },
  { weight: 3, text: (manifest: Manifest) => manifest.display_name },
  { weight: 2.5, text: (manifest: Manifest) => (manifest.tags ?? []).join(' ') },
  { weight: 1.5, text: (manifest: Manifest) => (manifest.categories ?? []).join(' ') },
  {
    weight: 0.8,
    text: (manifest: Manifest) => (manifest.tools ?? []).map(({ name }) => name).join(' '),
  },
  { weight: 1, text: (manifest: Manifest) => manifest.description },
  { weight: 1.5, text: (manifest: Manifest) => packageNamesOf(manifest).join(' ') },
] as const;

/** The owner in a namespace: `io.github.acme/x` → `acme`, `com.acme/x` → `acme`, `@acme/x` → `acme`. */
function ownerOf(name: string): string {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? '' : name.slice(0, slash).replace(/^(io\.github|[a-z]{2,3})\.|^@/, '');
}

/** A name without its namespace. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The entry of a manifest. */
export function entryOf(manifest: Manifest): Entry {
  const installations = Object.values(manifest.installations);
  const types = installations
    .toSorted((a, b) => Number(b.recommended ?? false) - Number(a.recommended ?? false))
    .map(({ type }) => type);
  return {
    name: manifest.name,
    title: manifest.display_name,
    description: manifest.description,
    ...(manifest.version === undefined ? {} : { version: manifest.version }),
    categories: manifest.categories ?? [],
    tags: manifest.tags ?? [],
    types: [...new Set(types)],
    official: manifest.is_official ?? false,
    archived: manifest.is_archived ?? false,
    status: manifest.status ?? 'active',
    ids: identitiesOf(manifest),
  };
}

/** The names of its packages and images: what people know a server by who have used it without a registry. */
function packageNamesOf(manifest: Manifest): string[] {
  return identitiesOf(manifest)
    .filter((id) => !id.startsWith('url:'))
    .map(nameIn);
}

/** What an identity names, without its kind. */
export function nameIn(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

/** Packages, images and addresses by which the same server is recognised in another registry. */
function identitiesOf(manifest: Manifest): string[] {
  return [
    ...new Set(Object.values(manifest.installations).flatMap((one) => identityOf(one) ?? [])),
  ];
}

function identityOf({ type, url, args = [], package: named }: Installation): string | undefined {
  const address = url ?? addressIn(args);
  if (address !== undefined)
    return isElsewhere(address) ? `url:${address.replace(/\/+$/, '')}` : undefined;
  // Commands of other types name files of one machine.
  const known = named ?? (type === 'npm' || type === 'uvx' ? packageIn(args) : undefined);
  if (!known) return undefined;
  if (type === 'docker') return `docker:${withoutTag(known)}`;
  return `${type === 'python' ? 'uvx' : type}:${known}`;
}

/** What a bridge such as `npx mcp-remote https://…` connects to: that, and not the bridge, is the server. */
function addressIn(args: readonly unknown[]): string | undefined {
  return args.find(
    (word, at): word is string =>
      /^https?:\/\/[^$]*$/.test(String(word)) && !String(args[at - 1]).startsWith('-'),
  );
}

/** An address that names one server. That of a port of this machine is everybody's. */
function isElsewhere(url: string): boolean {
  return !/^https?:\/\/(localhost|127\.|0\.0\.0\.0|\[::1?\])/.test(url);
}

/** The package among the words of `npx -y PACKAGE …` and `uvx PACKAGE …`. */
function packageIn(args: readonly unknown[]): string | undefined {
  const words = args.filter((word): word is string => typeof word === 'string');
  const from = words.indexOf('--from');
  const found = from < 0 ? words.find((word) => !word.startsWith('-')) : words[from + 1];
  if (found === undefined || /[\s${}\\:]|^[./]|^run$/.test(found)) return undefined;
  return found.replace(/(?<=.)@[^/]*$/, '').replace(/[=<>~!].*$/, '');
}
