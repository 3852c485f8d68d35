/** Package registries on loopback, with the pages of the real ones. */
import { sendJson, serve, type TestServer } from './http.ts';

/** Package → versions, oldest first; the last is the newest. */
export type Packages = Readonly<Record<string, readonly string[]>>;

/** An npm registry; `more` has further fields of single versions, by `NAME@VERSION`. */
export function serveNpm(
  packages: Packages,
  more: Readonly<Record<string, object>> = {},
): Promise<TestServer> {
  return serve((_request, response, url) => {
    const [name = '', wanted] = splitPath(url.pathname);
    const versions = packages[name];
    if (!versions) return sendJson(response, { error: 'Not found' }, {}, 404);
    const latest = versions.at(-1);
    const document = (version: string) => ({
      name,
      version,
      description: `The package ${name}`,
      license: 'MIT',
      bin: 'cli.js',
      repository: { type: 'git', url: `git+https://example.com/${name}.git` },
      dist: { integrity: integrityOf(name, version) },
      ...more[`${name}@${version}`],
    });
    if (wanted === undefined) {
      return sendJson(response, {
        name,
        'dist-tags': { latest },
        versions: Object.fromEntries(versions.map((version) => [version, document(version)])),
      });
    }
    const version = wanted === 'latest' ? latest : wanted;
    if (version === undefined || !versions.includes(version)) {
      return sendJson(response, `version not found: ${wanted}`, {}, 404);
    }
    return sendJson(response, document(version));
  });
}

/** The integrity that {@link serveNpm} gives a version. */
export function integrityOf(name: string, version: string): string {
  return `sha512-${Buffer.from(`${name}@${version}`).toString('base64')}`;
}

/** A Python package index. */
export function servePypi(packages: Packages): Promise<TestServer> {
  return serve((_request, response, url) => {
    const name = /^\/simple\/([^/]+)\/$/.exec(url.pathname)?.[1] ?? '';
    const versions = packages[name];
    if (!versions) return sendJson(response, { message: 'Not Found' }, {}, 404);
    const stem = name.replaceAll('-', '_');
    sendJson(
      response,
      {
        meta: { 'api-version': '1.1' },
        name,
        files: versions.flatMap((version) => [
          { filename: `${stem}-${version}.tar.gz`, hashes: { sha256: `${version}-source` } },
          {
            filename: `${stem}-${version}-py3-none-any.whl`,
            hashes: { sha256: `${version}-wheel` },
          },
        ]),
      },
      { 'content-type': 'application/vnd.pypi.simple.v1+json' },
    );
  });
}

function splitPath(path: string): string[] {
  const parts = path.slice(1).split('/').map(decodeURIComponent);
  const scoped = parts[0]?.startsWith('@') && !parts[0].includes('/');
  return scoped ? [`${parts[0]}/${parts[1]}`, ...parts.slice(2)] : parts;
}
