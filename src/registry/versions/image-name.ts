/** The names of container images. */

/** An image reference, taken apart. */
export interface ImageName {
  /** Host and port of the registry's API. */
  readonly host: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** `[HOST/]NAME[:TAG][@DIGEST]`, with docker's defaults. */
export function parseImage(reference: string): ImageName {
  const [named = '', digest] = reference.split('@');
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const path = tagged ? named.slice(0, colon) : named;
  const [first = '', ...rest] = path.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const isHub = !hasHost || first === 'docker.io' || first === 'index.docker.io';
  const name = hasHost ? rest.join('/') : path;
  return {
    host: isHub ? 'registry-1.docker.io' : first,
    repository: isHub && !name.includes('/') ? `library/${name}` : name,
    tag: tagged ? named.slice(colon + 1) : undefined,
    digest,
  };
}

/** Whether a text is a digest (`sha256:…`) rather than a tag. */
export function isImageDigest(text: string): boolean {
  return /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-f]{32,}$/i.test(text);
}

/** An image reference without its tag and digest. */
export function withoutTag(reference: string): string {
  const [named = ''] = reference.split('@');
  const colon = named.lastIndexOf(':');
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
}
