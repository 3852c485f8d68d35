import { describe, expect, it } from 'vitest';
import { parseImage, VERSION_SOURCES } from '../../src/registry/index.ts';
import { comparePep440, isPrerelease } from '../../src/registry/versions/pep440.ts';
import { makeHome } from '../helpers/home.ts';
import { sendJson, serve } from '../helpers/http.ts';
import { integrityOf, serveNpm, servePypi } from '../helpers/packages.ts';

const { npm, pypi, oci } = VERSION_SOURCES;

describe('npm', () => {
  it.each([
    [undefined, '2.1.0'],
    ['latest', '2.1.0'],
    ['1.0.0', '1.0.0'],
    ['^1', '1.5.0'],
    ['1', '1.5.0'],
    ['>=1 <3', '2.1.0'],
  ])('resolves %j as npm does', async (wanted, version) => {
    const server = await serveNpm({ '@a/b': ['1.0.0', '1.5.0', '2.0.0-beta.1', '2.1.0'] });
    const { ctx } = makeHome({ env: { npm_config_registry: server.url } });
    expect(await npm.resolve(ctx, '@a/b', wanted)).toEqual({
      ecosystem: 'npm',
      package: '@a/b',
      version,
      integrity: integrityOf('@a/b', version),
      registry: `${server.url}/`,
      description: 'The package @a/b',
      license: 'MIT',
      programs: ['b'],
      repository: 'https://example.com/@a/b',
    });
  });

  it('asks the registry of the scope, with its credentials, before the general one', async () => {
    const general = await serveNpm({});
    const seen: (string | undefined)[] = [];
    const own = await serve((request, response) => {
      seen.push(request.headers.authorization);
      sendJson(response, { name: '@acme/x', version: '1.0.0', dist: {} });
    });
    const home = makeHome({ env: { NPM_CONFIG_REGISTRY: general.url, TOKEN: 't0ken' } });
    const host = own.url.replace('http:', '');
    home.write(
      '.npmrc',
      `; mine\n@acme:registry = ${own.url}/npm/\n${host}/:_authToken=\${TOKEN}\n`,
    );
    await npm.resolve(home.ctx, '@acme/x');
    expect(own.requests).toEqual(['GET /npm/@acme%2fx/latest']);
    expect(seen).toEqual(['Bearer t0ken']);
    await expect(npm.resolve(home.ctx, 'y')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(general.requests[0]).toBe('GET /y/latest');
  });

  it('reads the whole document where there is no page for a version', async () => {
    const server = await serve((_request, response, url) => {
      if (url.pathname !== '/a') return sendJson(response, {}, {}, 405);
      const versions = {
        '1.0.0': { name: 'a', version: '1.0.0', dist: { integrity: 'sha512-x' } },
      };
      sendJson(response, { 'dist-tags': { latest: '1.0.0' }, versions });
    });
    const { ctx } = makeHome({ env: { npm_config_registry: server.url } });
    expect(await npm.resolve(ctx, 'a')).toMatchObject({ version: '1.0.0', integrity: 'sha512-x' });
    expect(await npm.resolve(ctx, 'a', '1.0.0')).toMatchObject({ version: '1.0.0' });
  });

  it('names what there is when a version is missing', async () => {
    const server = await serveNpm({ a: ['1.0.0', '2.0.0'] });
    const { ctx } = makeHome({ env: { npm_config_registry: server.url } });
    await expect(npm.resolve(ctx, 'a', '9.9.9')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'a has no version 9.9.9 at npm',
      hint: 'Newest: 2.0.0; last published: 2.0.0, 1.0.0',
    });
  });
});

describe('PyPI', () => {
  const packages = { 'my-server': ['0.9', '0.10', '1.0rc1'] };

  it.each([
    ['pip’s variable', (url: string) => ({ PIP_INDEX_URL: `${url}/simple` })],
    [
      'uv’s variable',
      (url: string) => ({ UV_INDEX_URL: `${url}/simple/`, PIP_INDEX_URL: 'http://127.0.0.1:9' }),
    ],
  ])('asks the index of %s', async (_of, env) => {
    const server = await servePypi(packages);
    const { ctx } = makeHome({ env: env(server.url) });
    expect(await pypi.resolve(ctx, 'My_Server')).toMatchObject({
      version: '0.10',
      integrity: 'sha256:0.10-wheel',
      registry: `${server.url}/simple/`,
    });
    expect(await pypi.resolve(ctx, 'my-server', '1.0rc1')).toMatchObject({ version: '1.0rc1' });
    expect(await pypi.list(ctx, 'my-server')).toEqual({
      versions: ['0.9', '0.10', '1.0rc1'],
      latest: '0.10',
    });
  });

  it('asks the index of pip’s own file', async () => {
    const server = await servePypi(packages);
    const home = makeHome();
    home.write('.config/pip/pip.conf', `[global]\nindex-url = ${server.url}/simple\n`);
    expect((await pypi.resolve(home.ctx, 'my-server')).version).toBe('0.10');
  });

  it('passes over what was yanked', async () => {
    const server = await serve((_request, response) =>
      sendJson(response, {
        files: [
          { filename: 'a-1.0-py3-none-any.whl', hashes: {} },
          { filename: 'a-2.0-py3-none-any.whl', hashes: {}, yanked: 'broken' },
          { filename: 'a-2.0.tar.gz', hashes: {}, yanked: true },
        ],
      }),
    );
    const { ctx } = makeHome({ env: { PIP_INDEX_URL: server.url } });
    expect((await pypi.resolve(ctx, 'a')).version).toBe('1.0');
  });

  it('reads the pages of mirrors that have HTML alone', async () => {
    const hash = 'ab'.repeat(32);
    const server = await serve((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!DOCTYPE html><html><body>
        <a href="../a-1.0-py3-none-any.whl#sha256=${hash}" data-requires-python="&gt;=3">a-1.0-py3-none-any.whl</a><br>
        <a href="../a-1.1.tar.gz" data-yanked="">a-1.1.tar.gz</a></body></html>`);
    });
    const { ctx } = makeHome({ env: { PIP_INDEX_URL: server.url } });
    expect(await pypi.resolve(ctx, 'a')).toMatchObject({
      version: '1.0',
      integrity: `sha256:${hash}`,
    });
  });

  it('sends the credentials of the index’s address as a header', async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      seen.push(request.headers.authorization);
      sendJson(response, { files: [{ filename: 'a-1.0-py3-none-any.whl' }] });
    });
    const url = server.url.replace('http://', 'http://me:s%40x@');
    const found = await pypi.resolve(makeHome({ env: { PIP_INDEX_URL: url } }).ctx, 'a');
    expect(found.registry).toBe(`${server.url}/`);
    expect(seen).toEqual([`Basic ${Buffer.from('me:s@x').toString('base64')}`]);
  });

  it('orders versions as PEP 440 does', () => {
    const ordered = [
      '1.0.dev1',
      '1.0a1',
      '1.0a2.dev1',
      '1.0a2',
      '1.0b1',
      '1.0rc1',
      '1.0',
      '1.0.post1',
      '1.0.1',
      '1.1',
      '1!0.1',
    ];
    expect([...ordered].reverse().sort(comparePep440)).toEqual(ordered);
    expect(comparePep440('1.0', '1.0.0')).toBe(0);
    expect(ordered.filter((version) => !isPrerelease(version))).toEqual([
      '1.0',
      '1.0.post1',
      '1.0.1',
      '1.1',
      '1!0.1',
    ]);
  });
});

describe('images', () => {
  const DIGEST = `sha256:${'ab'.repeat(32)}`;

  /** A registry that wants a token first, as the public ones do. */
  async function serveImages() {
    const server = await serve((request, response, url) => {
      if (url.pathname === '/token')
        return sendJson(response, { token: `for ${url.searchParams.get('scope')}` });
      if (request.headers.authorization !== 'Bearer for repository:acme/time:pull') {
        const challenge = `Bearer realm="${server.url}/token",service="test",scope="repository:acme/time:pull"`;
        return sendJson(response, {}, { 'www-authenticate': challenge }, 401);
      }
      if (url.pathname === '/v2/acme/time/tags/list')
        return sendJson(response, { tags: ['latest', '1.10', '1.9', 'edge'] });
      const known = /^\/v2\/acme\/time\/manifests\/(latest|1\.9)$/.test(url.pathname);
      if (!known) return sendJson(response, {}, {}, 404);
      sendJson(response, {}, { 'docker-content-digest': DIGEST });
    });
    return { server, image: `${server.url.replace('http://', '')}/acme/time` };
  }

  it('are resolved to a digest, with an anonymous token where one is wanted', async () => {
    const { server, image } = await serveImages();
    const { ctx } = makeHome();
    expect(await oci.resolve(ctx, image)).toMatchObject({
      package: image,
      version: 'latest',
      integrity: DIGEST,
    });
    expect(await oci.resolve(ctx, `${image}:1.9`)).toMatchObject({ version: '1.9' });
    expect(server.requests[0]).toBe('HEAD /v2/acme/time/manifests/latest');
    expect((await oci.list(ctx, image)).latest).toBe('1.10');
    await expect(oci.resolve(ctx, image, '7')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are the ones that a digest names, whatever a tag points to by now', async () => {
    const DIGEST_NOW = `sha256:${'cd'.repeat(32)}`;
    const server = await serve((_request, response, url) => {
      const known = /^\/v2\/acme\/time\/manifests\/(latest|1\.9|sha256:(ab)+)$/.test(url.pathname);
      sendJson(
        response,
        {},
        known ? { 'docker-content-digest': DIGEST_NOW } : {},
        known ? 200 : 404,
      );
    });
    const { ctx } = makeHome();
    const image = `${server.url.replace('http://', '')}/acme/time`;
    for (const [name, wanted, version] of [
      [`${image}@${DIGEST}`, undefined, DIGEST],
      [`${image}:1.9@${DIGEST}`, undefined, '1.9'],
      [image, DIGEST, DIGEST],
    ] as const)
      expect(await oci.resolve(ctx, name, wanted)).toMatchObject({ version, integrity: DIGEST });
    expect(server.requests).toEqual(Array(3).fill(`HEAD /v2/acme/time/manifests/${DIGEST}`));
    const absent = `${image}@sha256:${'ef'.repeat(32)}`;
    await expect(oci.resolve(ctx, absent)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('have all their tags read, page by page', async () => {
    const server = await serve((_request, response, url) => {
      const isFirst = !url.searchParams.has('last');
      const link = '</v2/acme/time/tags/list?n=2&last=1.0>; rel="next"';
      sendJson(response, { tags: isFirst ? ['1.0'] : ['2.0'] }, isFirst ? { link } : {});
    });
    const { ctx } = makeHome();
    const { versions } = await oci.list(ctx, `${server.url.replace('http://', '')}/acme/time`);
    expect(versions).toEqual(['1.0', '2.0']);
    expect(server.requests[1]).toBe('GET /v2/acme/time/tags/list?n=2&last=1.0');
  });

  it.each([
    ['time', 'registry-1.docker.io', 'library/time', undefined],
    ['mcp/time:1', 'registry-1.docker.io', 'mcp/time', '1'],
    ['docker.io/mcp/time', 'registry-1.docker.io', 'mcp/time', undefined],
    ['ghcr.io/a/b/c:v1', 'ghcr.io', 'a/b/c', 'v1'],
    ['localhost:5000/a', 'localhost:5000', 'a', undefined],
  ])('are named as docker names them: %s', (name, host, repository, tag) => {
    expect(parseImage(name)).toMatchObject({ host, repository, tag });
  });
});
