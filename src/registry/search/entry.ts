/** What the index keeps of a server: enough to find it, filter it, show it in a list, and know it again in another registry. */
import type { InstallationType, Manifest, ManifestStatus } from '../manifest.ts';
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

/** Packages, images and addresses by which the same server is recognised in another registry. */
function identitiesOf(manifest: Manifest): string[] {
  const ids = Object.values(manifest.installations).flatMap((one) => {
    if (one.url !== undefined) return [`url:${one.url.replace(/\/+$/, '')}`];
    const known = one.package ?? packageIn(one.args ?? []);
    if (!known) return [];
    const kind = one.type === 'python' ? 'uvx' : one.type;
    return [`${kind}:${kind === 'docker' ? withoutTag(known) : known}`];
  });
  return [...new Set(ids)];
}

/** The package among the words of `npx -y PACKAGE …` and `uvx PACKAGE …`. */
function packageIn(args: readonly unknown[]): string | undefined {
  const words = args.filter((word): word is string => typeof word === 'string');
  const from = words.indexOf('--from');
  const found = from < 0 ? words.find((word) => !word.startsWith('-')) : words[from + 1];
  if (found === undefined || /[\s${}\\:]|^[./]|^run$/.test(found)) return undefined;
  return found.replace(/(?<=.)@[^/]*$/, '').replace(/[=<>~!].*$/, '');
}
