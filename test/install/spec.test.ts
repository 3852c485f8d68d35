import { expect, it } from 'vitest';
import { splitWords } from '../../src/cli/words.ts';
import { findPackage } from '../../src/install/spec.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

it.each([
  ['npx -y pkg arg', 'npm', 'pkg', undefined, 'npx -y pkg@1.2.3 arg'],
  ['npx @a/b@latest', 'npm', '@a/b', 'latest', 'npx @a/b@1.2.3'],
  ['npx -y -p @a/b@^1 bin', 'npm', '@a/b', '^1', 'npx -y -p @a/b@1.2.3 bin'],
  ['npx --package=b --yes bin', 'npm', 'b', undefined, 'npx --package=b@1.2.3 --yes bin'],
  ['/usr/bin/npx pkg', 'npm', 'pkg', undefined, '/usr/bin/npx pkg@1.2.3'],
  ['bunx pkg', 'npm', 'pkg', undefined, 'bunx pkg@1.2.3'],
  ['pnpm dlx pkg@2', 'npm', 'pkg', '2', 'pnpm dlx pkg@1.2.3'],
  [
    'uvx mcp-server-time --tz x',
    'pypi',
    'mcp-server-time',
    undefined,
    'uvx mcp-server-time==1.2.3 --tz x',
  ],
  ['uvx --from a[x]==0.1 b', 'pypi', 'a', '0.1', 'uvx --from a[x]==1.2.3 b'],
  ['uvx --python 3.12 a@latest', 'pypi', 'a', 'latest', 'uvx --python 3.12 a==1.2.3'],
  ['uv tool run a', 'pypi', 'a', undefined, 'uv tool run a==1.2.3'],
  [
    'docker run -i --rm -e A=B -v x:/y mcp/time --z',
    'oci',
    'mcp/time',
    undefined,
    `docker run -i --rm -e A=B -v x:/y mcp/time:1.2.3@${DIGEST} --z`,
  ],
  [
    'docker run --mount type=bind,src=a,dst=b ghcr.io/a/b:v1',
    'oci',
    'ghcr.io/a/b',
    'v1',
    `docker run --mount type=bind,src=a,dst=b ghcr.io/a/b:1.2.3@${DIGEST}`,
  ],
  ['dnx Pkg@1.0.0 --yes', 'nuget', 'Pkg', '1.0.0', 'dnx Pkg@1.2.3 --yes'],
])(
  'finds the package of %j and writes a version into it',
  (line, ecosystem, name, wanted, pinned) => {
    const [command = '', ...args] = splitWords(line);
    const spec = findPackage(command, args);
    expect(spec).toMatchObject({ ecosystem, name, wanted });
    const word = spec?.write('1.2.3', DIGEST) ?? '';
    expect([command, ...args.map((one, at) => (at === spec?.at ? word : one))].join(' ')).toBe(
      pinned,
    );
  },
);

it.each([
  'npx -y git+https://example.com/a.git',
  'npx github:a/b',
  'npx ./local',
  'uvx --from git+https://example.com/a b',
  'node server.js',
  'python -m server',
])('finds no versioned package in %j', (line) => {
  const [command = '', ...args] = splitWords(line);
  expect(findPackage(command, args)).toBeUndefined();
});

it('knows a program by the end of its path, on Windows too', () => {
  const npx = String.raw`C:\Program Files\nodejs\npx.cmd`;
  expect(findPackage(npx, ['-y', 'pkg'])).toMatchObject({ ecosystem: 'npm', name: 'pkg', at: 1 });
  expect(findPackage('/opt/my npx tools/other', ['pkg'])).toBeUndefined();
});
