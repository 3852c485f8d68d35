/** From a reference to a manifest that can be installed under a name: fetched, opened, cloned where needed. */
import { basename, join, resolve as resolvePath } from 'node:path';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { readBytes, whatIs } from '../platform/bytes.ts';
import { removeTree } from '../platform/files.ts';
import { readJson } from '../platform/json.ts';
import {
  type Manifest,
  manifestsIn,
  parse,
  type Reference,
  remoteManifest,
  requestJson,
  resolve,
  withoutCredentials,
} from '../registry/index.ts';
import { bundleManifest, downloadBundle, openBundle } from './bundle.ts';
import { clone } from './clone.ts';
import { folderServer } from './folder.ts';
import { Bundle, type Checkout } from './types.ts';

/** What a reference leads to. What depends on where it is put is made for a name. */
export interface Located {
  /** Good for choosing a name, and for showing. */
  readonly manifest: Manifest;
  /** A folder that was made to look into; whoever does not install from it removes it. */
  readonly temporary?: string;
  /** For the name it is installed under. */
  place(name: string): Promise<Placed>;
}

/** What a reference leads to, and whether it says which version. */
export interface LocatedReference extends Located {
  readonly namesVersion: boolean;
}

/** A manifest whose paths are final, and what has to be put there. */
export interface Placed {
  readonly manifest: Manifest;
  readonly bundle?: Bundle;
  readonly checkout?: Checkout;
  /** Things to do by hand before it can start. */
  readonly warnings?: readonly string[];
}

/** How each kind of reference is followed. */
const KINDS: {
  readonly [K in Reference['kind']]: (
    ctx: Context,
    reference: Extract<Reference, { kind: K }>,
  ) => Promise<Located>;
} = {
  name: async (ctx, reference) => fixed(await resolve(ctx, reference)),
  npm: async (ctx, reference) => fixed(await resolve(ctx, reference)),
  pypi: async (ctx, reference) => fixed(await resolve(ctx, reference)),
  oci: async (ctx, reference) => fixed(await resolve(ctx, reference)),
  url: (ctx, { url }) => atAddress(ctx, url),
  path: (ctx, { path }) => onDisk(ctx, path),
  git: (ctx, { url, revision }) => inRepository(ctx, url, revision),
};

/**
 * Follow a reference.
 * @throws McpmError `NOT_FOUND`, `INVALID_INPUT`, `INTEGRITY`, `NETWORK`, `REGISTRY`, `CONFIG_SHAPE`, `CONFIG_SYNTAX`
 */
export async function locate(ctx: Context, text: string): Promise<LocatedReference> {
  const reference = await parse(ctx, text);
  const located = await KINDS[reference.kind](ctx, reference as never);
  return { ...located, namesVersion: 'version' in reference };
}

function fixed(manifest: Manifest): Located {
  return { manifest, place: async () => ({ manifest }) };
}

async function atAddress(ctx: Context, url: string): Promise<Located> {
  const { pathname } = new URL(url);
  const plain = withoutCredentials(url);
  if (/\.(mcpb|dxt)$/i.test(pathname)) {
    return bundleAt(ctx, await downloadBundle(ctx, url), plain, undefined);
  }
  if (!/\.json$/i.test(pathname)) return fixed(remoteManifest(url));
  const { json } = await requestJson(ctx, { url, what: `the host of ${plain}` });
  return only(json, plain);
}

async function onDisk(ctx: Context, given: string): Promise<Located> {
  const path = resolvePath(ctx.cwd, given.replace(/^~(?=$|[/\\])/, ctx.home));
  const kind = await whatIs(path);
  if (kind === undefined) {
    throw new McpmError('NOT_FOUND', `There is no ${path}`, { data: { path } });
  }
  if (kind === 'folder') {
    const { manifest, steps } = await folderServer(ctx, path);
    const lines = steps.map((step) => step.join(' ')).join(' && ');
    const warnings = lines === '' ? [] : [`It is not ready to start; run in ${path}: ${lines}`];
    const found = { ...manifest, origin: { source: 'folder', reference: path, url: path } };
    return { manifest: found, place: async () => ({ manifest: found, warnings }) };
  }
  if (path.toLowerCase().endsWith('.json')) return only(await readJson(path), path);
  return bundleAt(ctx, (await readBytes(path)) ?? new Uint8Array(), path, undefined);
}

/** The one manifest of a document. */
async function only(json: unknown, where: string): Promise<Located> {
  const { manifests } = await manifestsIn(json, where);
  const [manifest, ...others] = manifests;
  if (!manifest || others.length > 0) {
    const names = manifests.map(({ name }) => name).slice(0, 20);
    throw new McpmError(
      'INVALID_INPUT',
      `${where} describes ${manifests.length} servers, not one`,
      {
        hint: `Make it a source to install from it: mcpm config set --key registries --value ${where}`,
        data: { names },
      },
    );
  }
  return fixed({ ...manifest, origin: { source: 'file', reference: where, url: where } });
}

/**
 * A bundle whose bytes are here.
 * @param sha256 what its bytes must hash to, where that is known
 * @throws McpmError `INTEGRITY`, `CONFIG_SHAPE`, `CONFIG_SYNTAX`, `INVALID_INPUT`
 */
export async function bundleAt(
  ctx: Context,
  bytes: Uint8Array,
  where: string,
  sha256: string | undefined,
): Promise<Located> {
  const open = await openBundle(bytes, basename(where), sha256);
  const paths = new Set(open.files.map(({ path }) => path));
  const at = (folder: string): Manifest => ({
    ...bundleManifest(ctx, open.json, folder, (path) => paths.has(path), where),
    origin: { source: 'bundle', reference: where, url: where },
  });
  return {
    manifest: at('${__dirname}'),
    async place(name) {
      const folder = join(ctx.paths.serversDir, name, `bundle-${open.sha256.slice(0, 12)}`);
      return { manifest: at(folder), bundle: new Bundle(where, open.sha256, folder, open.files) };
    },
  };
}

async function inRepository(
  ctx: Context,
  address: string,
  revision: string | undefined,
): Promise<Located> {
  const { folder, commit, branch, ...cloned } = await clone(ctx, address, revision);
  const url = withoutCredentials(cloned.url);
  const reference = `git+${url}${revision === undefined ? '' : `#${revision}`}`.replace(
    /^git\+(git@|git\+)/,
    '$1',
  );
  const origin = { source: 'git', reference, url };
  const { manifest } = await folderServer(ctx, folder, folder, url).catch(
    async (error: unknown) => {
      await removeTree(folder);
      throw error;
    },
  );
  return {
    manifest: { ...manifest, origin },
    temporary: folder,
    async place(name) {
      const path = join(ctx.paths.serversDir, name, 'checkout');
      const placed = await folderServer(ctx, folder, path);
      return {
        manifest: { ...placed.manifest, origin },
        checkout: {
          path,
          clonedTo: folder,
          url,
          commit,
          ...(branch === undefined ? {} : { branch }),
          steps: placed.steps,
        },
      };
    },
  };
}
