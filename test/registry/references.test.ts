import { expect, it } from 'vitest';
import { parseReference } from '../../src/registry/references.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

it.each([
  ['files', { kind: 'name', name: 'files' }],
  ['files@1.2', { kind: 'name', name: 'files', version: '1.2' }],
  ['io.github.acme/files@1', { kind: 'name', name: 'io.github.acme/files', version: '1' }],
  [
    'official:io.github.acme/x@1',
    { kind: 'name', source: 'official', name: 'io.github.acme/x', version: '1' },
  ],
  ['npm:@acme/x', { kind: 'npm', name: '@acme/x' }],
  ['npm:@acme/x@^1', { kind: 'npm', name: '@acme/x', version: '^1' }],
  ['pypi:x==1', { kind: 'pypi', name: 'x', version: '1' }],
  ['oci:localhost:5000/x:1', { kind: 'oci', name: 'localhost:5000/x:1' }],
  ['docker:x@1', { kind: 'oci', name: 'x', version: '1' }],
  [`oci:x@${DIGEST}`, { kind: 'oci', name: `x@${DIGEST}` }],
  ['https://www.npmjs.com/package/@acme/x', { kind: 'npm', name: '@acme/x' }],
  ['https://www.npmjs.com/package/x/v/1.0.0', { kind: 'npm', name: 'x', version: '1.0.0' }],
  ['https://pypi.org/project/x/', { kind: 'pypi', name: 'x' }],
  ['https://pypi.org/project/x/1.0/#files', { kind: 'pypi', name: 'x', version: '1.0' }],
  ['https://github.com/acme/x', { kind: 'git', url: 'https://github.com/acme/x' }],
  ['git@host.test:acme/x.git', { kind: 'git', url: 'git@host.test:acme/x.git' }],
  ['git+ssh://git@host.test/x#v1', { kind: 'git', url: 'ssh://git@host.test/x', revision: 'v1' }],
  ['https://gitlab.com/api/v4/mcp', { kind: 'url', url: 'https://gitlab.com/api/v4/mcp' }],
  ['./x', { kind: 'path', path: './x' }],
  ['..', { kind: 'path', path: '..' }],
  ['x.mcpb', { kind: 'path', path: 'x.mcpb' }],
  ['file:///srv/x', { kind: 'path', path: '/srv/x' }],
  ['C:\\srv\\x', { kind: 'path', path: 'C:\\srv\\x' }],
])('%s is taken apart', (text, expected) => {
  expect(parseReference(text, ['official'])).toEqual(expected);
});

it('sends from a page of a repository to the repository', () => {
  const page = 'https://github.com/acme/servers/tree/main/src/files';
  expect(() => parseReference(page, [])).toThrow('is a page of a repository, not a server');
});
