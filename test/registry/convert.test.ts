import { expect, it } from 'vitest';
import { fill } from '../../src/install/fill.ts';
import { templateOf } from '../../src/install/template.ts';
import { questionsOf } from '../../src/install/values.ts';
import { parseManifest } from '../../src/registry/manifest-schema.ts';
import { manifestOf } from '../../src/registry/official/convert.ts';

const SERVER = { name: 'io.github.acme/files', description: 'd', version: '1.2.3' };

function convert(item: object) {
  const manifest = manifestOf({ ...SERVER, ...item }, undefined, 'here');
  return parseManifest(JSON.parse(JSON.stringify(manifest)), 'it');
}

/** The command line of the first installation, with these values. */
function line(item: object, values: Record<string, string | string[]> = {}): string {
  const manifest = convert({ packages: [{ transport: { type: 'stdio' }, version: '1.0.0', ...item }] });
  const [installation] = Object.values(manifest.installations);
  if (!installation) throw new Error('no installation');
  const template = templateOf(installation, manifest.arguments ?? {});
  const filled = fill(template, new Map(Object.entries(values).map(([key, value]) => [key, [value].flat()])));
  return [filled.command, ...filled.args, ...Object.entries(filled.env).map(([key, value]) => `${key}=${value}`)].join(' ');
}

const NPM = { registryType: 'npm', identifier: '@a/b' };

it.each<[what: string, item: object, expected: string, values?: Record<string, string | string[]>]>([
  ['npm', NPM, 'npx -y @a/b@1.0.0'],
  ['npm by bunx', { ...NPM, runtimeHint: 'bunx' }, 'bunx @a/b@1.0.0'],
  ['npm from another registry', { ...NPM, registryBaseUrl: 'https://npm.acme.test' }, 'npx -y --registry https://npm.acme.test @a/b@1.0.0'],
  ['pypi', { registryType: 'pypi', identifier: 'a-b' }, 'uvx a-b==1.0.0'],
  ['nuget', { registryType: 'nuget', identifier: 'A.B' }, 'dnx A.B@1.0.0 --yes'],
  ['nuget with arguments', { registryType: 'nuget', identifier: 'A.B', packageArguments: [{ type: 'positional', value: 'start' }] }, 'dnx A.B@1.0.0 --yes -- start'],
  ['oci with its tag', { registryType: 'oci', identifier: 'ghcr.io/a/b:2', version: undefined }, 'docker run -i --rm ghcr.io/a/b:2'],
  ['oci of older schemas', { registryType: 'oci', registryBaseUrl: 'https://ghcr.io', identifier: 'a/b' }, 'docker run -i --rm ghcr.io/a/b:1.0.0'],
  ['oci at Docker Hub', { registryType: 'oci', registryBaseUrl: 'https://docker.io', identifier: 'a/b' }, 'docker run -i --rm a/b:1.0.0'],
  [
    'oci with an environment',
    { registryType: 'oci', identifier: 'a/b:1', environmentVariables: [{ name: 'KEY', isRequired: true }] },
    'docker run -i --rm -e KEY a/b:1 KEY=k',
    { KEY: 'k' },
  ],
  [
    'runtime arguments before, package arguments after',
    { ...NPM, runtimeArguments: [{ type: 'named', name: '--prefer-offline' }], packageArguments: [{ type: 'positional', value: 'serve' }] },
    'npx -y --prefer-offline @a/b@1.0.0 serve',
  ],
  ['a positional value', { ...NPM, packageArguments: [{ type: 'positional', valueHint: 'dir', isRequired: true }] }, 'npx -y @a/b@1.0.0 /x y', { dir: '/x y' }],
  ['a repeated positional value', { ...NPM, packageArguments: [{ type: 'positional', valueHint: 'dir', isRepeated: true }] }, 'npx -y @a/b@1.0.0 /x /y', { dir: ['/x', '/y'] }],
  ['an optional positional without a value', { ...NPM, packageArguments: [{ type: 'positional', valueHint: 'dir' }] }, 'npx -y @a/b@1.0.0'],
  ['a named value', { ...NPM, packageArguments: [{ type: 'named', name: '--port', default: '80' }] }, 'npx -y @a/b@1.0.0 --port 80', { port: '80' }],
  ['an optional named without a value', { ...NPM, packageArguments: [{ type: 'named', name: '--port', description: 'p' }] }, 'npx -y @a/b@1.0.0'],
  ['a repeated named value', { registryType: 'oci', identifier: 'a/b:1', runtimeArguments: [{ type: 'named', name: '-v', isRepeated: true, isRequired: true }] }, 'docker run -i --rm -v a:b -v c:d a/b:1', { v: ['a:b', 'c:d'] }],
  [
    'variables in a fixed value',
    {
      registryType: 'oci',
      identifier: 'a/b:1',
      runtimeArguments: [{ type: 'named', name: '--mount', value: 'type=bind,src={source},dst={target}', variables: { source: { isRequired: true }, target: { default: '/t' } } }],
    },
    'docker run -i --rm --mount type=bind,src=/s,dst=/t a/b:1',
    { source: '/s', target: '/t' },
  ],
  ['braces that are no variables', { ...NPM, packageArguments: [{ type: 'positional', value: '{"a": {b}}' }] }, 'npx -y @a/b@1.0.0 {"a": {b}}'],
  ['a switch', { ...NPM, packageArguments: [{ type: 'named', name: '--debug' }] }, 'npx -y @a/b@1.0.0 --debug'],
  ['a switch that is on', { ...NPM, packageArguments: [{ type: 'named', name: '--debug', format: 'boolean', description: 'd' }] }, 'npx -y @a/b@1.0.0 --debug', { debug: 'true' }],
  ['a switch that is off', { ...NPM, packageArguments: [{ type: 'named', name: '--debug', format: 'boolean', description: 'd' }] }, 'npx -y @a/b@1.0.0', { debug: 'false' }],
  ['words that repeat the package', { ...NPM, runtimeArguments: [{ type: 'positional', value: '-y' }, { type: 'positional', value: '@a/b' }] }, 'npx -y @a/b@1.0.0'],
  ['an environment with a fixed value', { ...NPM, environmentVariables: [{ name: 'MODE', value: 'stdio' }, { name: 'URL', value: 'https://{host}/x', variables: { host: {} } }] }, 'npx -y @a/b@1.0.0 MODE=stdio URL=https://h/x', { host: 'h' }],
  ['an optional variable without a value', { ...NPM, environmentVariables: [{ name: 'MODE' }] }, 'npx -y @a/b@1.0.0'],
  ['a value that a shell would run', { ...NPM, packageArguments: [{ type: 'positional', valueHint: 'x', isRequired: true }] }, 'npx -y @a/b@1.0.0 ;rm -rf $(HOME)', { x: ';rm -rf $(HOME)' }],
])('starts %s', (_what, item, expected, values) => {
  expect(line(item, values)).toBe(expected);
});

it('keeps what is said about an input', () => {
  const manifest = convert({
    packages: [
      {
        ...NPM,
        transport: { type: 'stdio' },
        environmentVariables: [
          { name: 'KEY', description: 'the key', isRequired: true, isSecret: true, placeholder: 'abc' },
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
          { name: 'Authorization', value: 'Bearer {token}', variables: { token: { isSecret: true, isRequired: true } } },
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

it('says how a package that serves HTTP itself is started', () => {
  const manifest = convert({
    packages: [{ registryType: 'oci', identifier: 'a/b:1', transport: { type: 'streamable-http', url: 'http://localhost:5000' } }],
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
  expect(manifestOf({ ...SERVER, name, remotes: [{ type: 'sse', url: 'https://h' }] }, undefined, '').author).toEqual(author);
});
