import { expect, it } from 'vitest';
import { templateOf } from '../../src/install/template.ts';
import { questionsOf } from '../../src/install/values.ts';
import { parseManifest } from '../../src/registry/manifest-schema.ts';
import { manifestOf } from '../../src/registry/official/convert.ts';

const SERVER = { name: 'io.github.acme/files', description: 'd', version: '1.2.3' };
const NPM = { registryType: 'npm', identifier: '@a/b' };

function convert(item: object) {
  const manifest = manifestOf({ ...SERVER, ...item }, undefined, 'here');
  return parseManifest(JSON.parse(JSON.stringify(manifest)), 'it');
}

it('keeps what is said about an input', () => {
  const manifest = convert({
    packages: [
      {
        ...NPM,
        transport: { type: 'stdio' },
        environmentVariables: [
          {
            name: 'KEY',
            description: 'the key',
            isRequired: true,
            isSecret: true,
            placeholder: 'abc',
          },
          { name: 'LEVEL', choices: ['a', 'b'], default: 'a' },
          { name: 'COUNT', format: 'number', default: 3 },
          { name: 'FILE', format: 'filepath' },
        ],
      },
    ],
  });
  expect(manifest.arguments).toEqual({
    KEY: { description: 'the key', required: true, secret: true, example: 'abc' },
    LEVEL: { description: '', choices: ['a', 'b'], default: 'a' },
    COUNT: { description: '', format: 'number', default: '3' },
    FILE: { description: '', format: 'filepath' },
  });
});

it('tells apart inputs of the same name that mean different things', () => {
  const variable = (host: object) => ({ name: 'A', value: '{host}', variables: { host } });
  const manifest = convert({
    packages: [
      { ...NPM, environmentVariables: [variable({ description: 'one' })] },
      { ...NPM, environmentVariables: [variable({ description: 'two' })] },
      { ...NPM, environmentVariables: [variable({ description: 'one' })] },
    ],
  });
  expect(Object.values(manifest.installations).map(({ env }) => env)).toEqual([
    { A: '${host}' },
    { A: '${A.host}' },
    { A: '${host}' },
  ]);
});

it('reaches remotes, with secrets in their headers and variables in their addresses', () => {
  const manifest = convert({
    remotes: [
      {
        type: 'streamable-http',
        url: 'https://{tenant}.acme.test/mcp',
        variables: { tenant: { isRequired: true } },
        headers: [
          {
            name: 'Authorization',
            value: 'Bearer {token}',
            variables: { token: { isSecret: true, isRequired: true } },
          },
          { name: 'X-Region', choices: ['eu', 'us'] },
        ],
      },
      { type: 'sse', url: 'https://acme.test/sse' },
    ],
  });
  expect(manifest.installations).toEqual({
    remote: {
      type: 'http',
      url: 'https://${tenant}.acme.test/mcp',
      headers: { Authorization: 'Bearer ${token}', 'X-Region': '${X-Region}' },
    },
    'remote-2': { type: 'sse', url: 'https://acme.test/sse', headers: {} },
  });
  const { remote } = manifest.installations;
  if (!remote) throw new Error('no remote');
  const template = templateOf(remote, manifest.arguments ?? {});
  expect(questionsOf(template, manifest.arguments ?? {})).toMatchObject([
    { name: 'tenant', argument: { required: true } },
    { name: 'token', secret: true },
    { name: 'X-Region', argument: { choices: ['eu', 'us'] } },
  ]);
});

it('finds values of an environment in the address of a package', () => {
  const manifest = convert({
    packages: [
      {
        registryType: 'npm',
        identifier: 'x',
        transport: { type: 'streamable-http', url: 'http://127.0.0.1:{PORT}/{path}' },
        environmentVariables: [{ name: 'PORT', default: '80' }],
      },
    ],
  });
  expect(manifest.installations['npm']?.url).toBe('http://127.0.0.1:${PORT}/{path}');
});

it('says how a package that serves HTTP itself is started', () => {
  const manifest = convert({
    packages: [
      {
        registryType: 'oci',
        identifier: 'a/b:1',
        transport: { type: 'streamable-http', url: 'http://localhost:5000' },
      },
    ],
  });
  expect(manifest.installations).toEqual({
    oci: {
      type: 'http',
      url: 'http://localhost:5000',
      headers: {},
      description: 'It serves HTTP itself; start it first: docker run -i --rm a/b:1',
    },
  });
});

it.each([
  [{}, 'lists no way to run it'],
  [{ packages: [{ registryType: 'cargo', identifier: 'x' }] }, 'lists no way to run it'],
  [{ packages: 'x' }, 'is no server.json: packages'],
])('refuses %j', (item, complaint) => {
  expect(() => convert(item)).toThrow(complaint);
});

it.each([
  ['io.github.acme/x', { name: 'acme', url: 'https://github.com/acme' }],
  ['com.acme.tools/x', { name: 'tools.acme.com', url: 'https://tools.acme.com' }],
])('names who owns the namespace of %s', (name, author) => {
  expect(
    manifestOf({ ...SERVER, name, remotes: [{ type: 'sse', url: 'https://h' }] }, undefined, '')
      .author,
  ).toEqual(author);
});

it('is read in the spelling of schema 2025-07-09, too', () => {
  const older = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-07-09/server.schema.json',
    name: 'com.acme/files',
    description: 'Files',
    version: '1.0.0',
    website_url: 'https://acme.test',
    packages: [
      {
        registry_type: 'npm',
        identifier: 'acme-files',
        version: '1.2.0',
        package_arguments: [
          { type: 'positional', value_hint: 'root_dir', is_required: true, format: 'filepath' },
          { type: 'named', name: '--tag', value: '{a_b}', variables: { a_b: { is_secret: true } } },
        ],
        environment_variables: [{ name: 'API_KEY', is_required: true, is_secret: true }],
      },
    ],
  };
  const manifest = manifestOf(older, undefined, 'x');
  expect(manifest.homepage).toBe('https://acme.test');
  expect(manifest.arguments).toMatchObject({
    root_dir: { required: true, format: 'filepath' },
    a_b: { secret: true },
    API_KEY: { required: true, secret: true },
  });
  expect(manifest.installations['npm']).toMatchObject({
    args: ['-y', 'acme-files@1.2.0', '${root_dir}', { words: ['--tag', '${a_b}'] }],
    env: { API_KEY: '${API_KEY}' },
  });
});
