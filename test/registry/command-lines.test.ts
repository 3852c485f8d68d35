import { expect, it } from 'vitest';
import { fill } from '../../src/install/fill.ts';
import { templateOf } from '../../src/install/template.ts';
import { parseManifest } from '../../src/registry/manifest-schema.ts';
import { manifestOf } from '../../src/registry/official/convert.ts';

const SERVER = { name: 'io.github.acme/files', description: 'd', version: '1.2.3' };

function convert(item: object) {
  const manifest = manifestOf({ ...SERVER, ...item }, undefined, 'here');
  return parseManifest(JSON.parse(JSON.stringify(manifest)), 'it');
}

/** The command line of the first installation, with these values. */
function line(item: object, values: Record<string, string | string[]> = {}): string {
  const manifest = convert({
    packages: [{ transport: { type: 'stdio' }, version: '1.0.0', ...item }],
  });
  const [installation] = Object.values(manifest.installations);
  if (!installation) throw new Error('no installation');
  const template = templateOf(installation, manifest.arguments ?? {});
  const filled = fill(
    template,
    new Map(Object.entries(values).map(([key, value]) => [key, [value].flat()])),
  );
  return [
    filled.command,
    ...filled.args,
    ...Object.entries(filled.env).map(([key, value]) => `${key}=${value}`),
  ].join(' ');
}

const NPM = { registryType: 'npm', identifier: '@a/b' };

it.each<[what: string, item: object, expected: string, values?: Record<string, string | string[]>]>(
  [
    ['npm', NPM, 'npx -y @a/b@1.0.0'],
    ['npm by bunx', { ...NPM, runtimeHint: 'bunx' }, 'bunx @a/b@1.0.0'],
    [
      'npm from another registry',
      { ...NPM, registryBaseUrl: 'https://npm.acme.test' },
      'npx -y --registry https://npm.acme.test @a/b@1.0.0',
    ],
    ['pypi', { registryType: 'pypi', identifier: 'a-b' }, 'uvx a-b==1.0.0'],
    ['nuget', { registryType: 'nuget', identifier: 'A.B' }, 'dnx A.B@1.0.0 --yes'],
    [
      'nuget with arguments',
      {
        registryType: 'nuget',
        identifier: 'A.B',
        packageArguments: [{ type: 'positional', value: 'start' }],
      },
      'dnx A.B@1.0.0 --yes -- start',
    ],
    [
      'oci with its tag',
      { registryType: 'oci', identifier: 'ghcr.io/a/b:2', version: undefined },
      'docker run -i --rm ghcr.io/a/b:2',
    ],
    [
      'oci of older schemas',
      { registryType: 'oci', registryBaseUrl: 'https://ghcr.io', identifier: 'a/b' },
      'docker run -i --rm ghcr.io/a/b:1.0.0',
    ],
    [
      'oci at Docker Hub',
      { registryType: 'oci', registryBaseUrl: 'https://docker.io', identifier: 'a/b' },
      'docker run -i --rm a/b:1.0.0',
    ],
    [
      'oci with an environment',
      {
        registryType: 'oci',
        identifier: 'a/b:1',
        environmentVariables: [{ name: 'KEY', isRequired: true }],
      },
      'docker run -i --rm -e KEY a/b:1 KEY=k',
      { KEY: 'k' },
    ],
    [
      'runtime arguments before, package arguments after',
      {
        ...NPM,
        runtimeArguments: [{ type: 'named', name: '--prefer-offline' }],
        packageArguments: [{ type: 'positional', value: 'serve' }],
      },
      'npx -y --prefer-offline @a/b@1.0.0 serve',
    ],
    [
      'a positional value',
      { ...NPM, packageArguments: [{ type: 'positional', valueHint: 'dir', isRequired: true }] },
      'npx -y @a/b@1.0.0 /x y',
      { dir: '/x y' },
    ],
    [
      'a repeated positional value',
      { ...NPM, packageArguments: [{ type: 'positional', valueHint: 'dir', isRepeated: true }] },
      'npx -y @a/b@1.0.0 /x /y',
      { dir: ['/x', '/y'] },
    ],
    [
      'an optional positional without a value',
      { ...NPM, packageArguments: [{ type: 'positional', valueHint: 'dir' }] },
      'npx -y @a/b@1.0.0',
    ],
    [
      'a named value',
      { ...NPM, packageArguments: [{ type: 'named', name: '--port', default: '80' }] },
      'npx -y @a/b@1.0.0 --port 80',
      { port: '80' },
    ],
    [
      'an optional named without a value',
      { ...NPM, packageArguments: [{ type: 'named', name: '--port', description: 'p' }] },
      'npx -y @a/b@1.0.0',
    ],
    [
      'a repeated named value',
      {
        registryType: 'oci',
        identifier: 'a/b:1',
        runtimeArguments: [{ type: 'named', name: '-v', isRepeated: true, isRequired: true }],
      },
      'docker run -i --rm -v a:b -v c:d a/b:1',
      { v: ['a:b', 'c:d'] },
    ],
    [
      'variables in a fixed value',
      {
        registryType: 'oci',
        identifier: 'a/b:1',
        runtimeArguments: [
          {
            type: 'named',
            name: '--mount',
            value: 'type=bind,src={source},dst={target}',
            variables: { source: { isRequired: true }, target: { default: '/t' } },
          },
        ],
      },
      'docker run -i --rm --mount type=bind,src=/s,dst=/t a/b:1',
      { source: '/s', target: '/t' },
    ],
    [
      'braces that are no variables',
      { ...NPM, packageArguments: [{ type: 'positional', value: '{"a": {b}}' }] },
      'npx -y @a/b@1.0.0 {"a": {b}}',
    ],
    [
      'a switch',
      { ...NPM, packageArguments: [{ type: 'named', name: '--debug' }] },
      'npx -y @a/b@1.0.0 --debug',
    ],
    [
      'a switch that is on',
      {
        ...NPM,
        packageArguments: [{ type: 'named', name: '--debug', format: 'boolean', description: 'd' }],
      },
      'npx -y @a/b@1.0.0 --debug',
      { debug: 'true' },
    ],
    [
      'a switch that is off',
      {
        ...NPM,
        packageArguments: [{ type: 'named', name: '--debug', format: 'boolean', description: 'd' }],
      },
      'npx -y @a/b@1.0.0',
      { debug: 'false' },
    ],
    [
      'words that repeat the package',
      {
        ...NPM,
        runtimeArguments: [
          { type: 'positional', value: '-y' },
          { type: 'positional', value: '@a/b' },
        ],
      },
      'npx -y @a/b@1.0.0',
    ],
    [
      'an environment with a fixed value',
      {
        ...NPM,
        environmentVariables: [
          { name: 'MODE', value: 'stdio' },
          { name: 'URL', value: 'https://{host}/x', variables: { host: {} } },
        ],
      },
      'npx -y @a/b@1.0.0 MODE=stdio URL=https://h/x',
      { host: 'h' },
    ],
    [
      'an optional variable without a value',
      { ...NPM, environmentVariables: [{ name: 'MODE' }] },
      'npx -y @a/b@1.0.0',
    ],
    [
      'a value that a shell would run',
      { ...NPM, packageArguments: [{ type: 'positional', valueHint: 'x', isRequired: true }] },
      'npx -y @a/b@1.0.0 ;rm -rf $(HOME)',
      { x: ';rm -rf $(HOME)' },
    ],
  ],
)('starts %s', (_what, item, expected, values) => {
  expect(line(item, values)).toBe(expected);
});
