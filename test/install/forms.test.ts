import { expect, it } from 'vitest';
import { fill } from '../../src/install/fill.ts';
import { templateOf } from '../../src/install/template.ts';
import type { Argument, Installation } from '../../src/registry/index.ts';

const NAME: Record<string, Argument> = { NAME: { description: 'a value', required: true } };
const OPTIONAL: Record<string, Argument> = { NAME: { description: 'a value' } };
const VALUE = new Map([['NAME', ['v 1; $(x)']]]);
const NOTHING = new Map<string, readonly string[]>();

function filled(
  installation: Partial<Installation>,
  declared: Record<string, Argument>,
  values: ReadonlyMap<string, readonly string[]>,
) {
  const template = templateOf({ type: 'npm', command: 'npx', ...installation }, declared);
  const { args, env, url, headers } = fill(template, values);
  return { args, env, url, headers, names: template.names };
}

it.each<[form: string, installation: Partial<Installation>, expected: object]>([
  [
    '${NAME} as a word',
    { args: ['-y', 'p', '${NAME}'] },
    { args: ['-y', 'p', 'v 1; $(x)'], names: ['NAME'] },
  ],
  [
    'every ${NAME} of a word, not only the first',
    { args: ['src=${NAME},dst=${NAME}'] },
    { args: ['src=v 1; $(x),dst=v 1; $(x)'] },
  ],
  [
    '${NAME} in several places',
    { args: ['${NAME}'], env: { A: 'x-${NAME}' }, url: 'http://h/${NAME}' },
    { args: ['v 1; $(x)'], env: { A: 'x-v 1; $(x)' }, url: 'http://h/v 1; $(x)' },
  ],
  [
    '${NAME} in a header',
    { headers: { Authorization: 'Bearer ${NAME}' } },
    {
      headers: { Authorization: 'Bearer v 1; $(x)' },
    },
  ],
  ['NAME=your-name', { args: ['-e', 'NAME=your-name'] }, { args: ['-e', 'NAME=v 1; $(x)'] }],
  ['--NAME=your-name', { args: ['--NAME=your-name'] }, { args: ['--NAME=v 1; $(x)'] }],
  ['--NAME value', { args: ['--NAME', 'your-name'] }, { args: ['--NAME', 'v 1; $(x)'] }],
  ['-NAME value', { args: ['-NAME', 'your-name'] }, { args: ['-NAME', 'v 1; $(x)'] }],
  [
    'a placeholder word under the name',
    { env: { NAME: 'YOUR_NAME' } },
    { env: { NAME: 'v 1; $(x)' } },
  ],
  [
    'another reference under the name',
    { env: { NAME: '${4OTHER}' } },
    { env: { NAME: 'v 1; $(x)' }, names: ['NAME'] },
  ],
  [
    'a placeholder behind a flag that is spelt another way',
    { args: ['--na-me', '<key>', '--other', '<key>'] },
    { args: ['--na-me', 'v 1; $(x)', '--other', '<key>'] },
  ],
  [
    'a placeholder that says the name',
    { env: { ACME_NAME: 'YOUR_NAME', OTHER: 'YOUR_OTHER' }, args: ['a=<your-name>', 'your name'] },
    { env: { ACME_NAME: 'v 1; $(x)', OTHER: 'YOUR_OTHER' }, args: ['a=v 1; $(x)', 'v 1; $(x)'] },
  ],
  [
    'docker -e NAME alone',
    { type: 'docker', command: 'docker', args: ['run', '-e', 'NAME', 'img'] },
    { args: ['run', '-e', 'NAME', 'img'], env: { NAME: 'v 1; $(x)' } },
  ],
  [
    'docker -e ${NAME}',
    { type: 'docker', command: 'docker', args: ['run', '-e', '${NAME}', 'img'] },
    { args: ['run', '-e', 'NAME', 'img'], env: { NAME: 'v 1; $(x)' } },
  ],
])('puts the value in for %s', (_form, installation, expected) => {
  expect(filled(installation, NAME, VALUE)).toMatchObject(expected);
});

it.each<[what: string, installation: Partial<Installation>, expected: object]>([
  ['the word', { args: ['-y', 'p', '${NAME}'] }, { args: ['-y', 'p'] }],
  ['the flag before it', { args: ['p', '--dir', '${NAME}', 'x'] }, { args: ['p', 'x'] }],
  ['the flag with it', { args: ['p', '--dir=${NAME}'] }, { args: ['p'] }],
  ['a switch stays', { args: ['-y', '${NAME}'] }, { args: ['-y'] }],
  ['the variable', { env: { A: 'x${NAME}', B: '1' } }, { env: { B: '1' } }],
  ['the header', { headers: { A: 'Bearer ${NAME}' } }, { headers: {} }],
  ['its place in the address', { url: 'http://h/?k=${NAME}' }, { url: 'http://h/?k=' }],
  ['a group of words', { args: ['p', { words: ['--a', '${NAME}', 'b'] }] }, { args: ['p'] }],
])('takes away %s when an optional value is not given', (_what, installation, expected) => {
  expect(filled(installation, OPTIONAL, NOTHING)).toMatchObject(expected);
});

it('repeats a group for each value, and a lone word as many words', () => {
  const many = new Map([['NAME', ['a', 'b']]]);
  expect(filled({ args: [{ words: ['-v', '${NAME}:/x'] }, '${NAME}'] }, NAME, many).args).toEqual([
    '-v',
    'a:/x',
    '-v',
    'b:/x',
    'a',
    'b',
  ]);
});

it('asks only for what the installation refers to', () => {
  const declared = { ...NAME, OTHER: { description: 'not used here' } };
  expect(filled({ args: ['${NAME}'] }, declared, VALUE).names).toEqual(['NAME']);
});

it('keeps a usable value that stood in the place of an argument as its default', () => {
  const template = (env: Record<string, string>) =>
    templateOf({ type: 'npm', command: 'npx', env }, NAME).fallbacks;
  expect(template({ NAME: 'https://eu.example.com' })).toEqual({ NAME: 'https://eu.example.com' });
  for (const word of ['<your name>', 'YOUR_NAME', 'your-name', '[NOT GIVEN]', 'xxx', '...', '']) {
    expect(template({ NAME: word }), word).toEqual({});
  }
});

it('leaves references to stored secrets alone', () => {
  expect(filled({ env: { A: '${secret:x}' } }, NAME, VALUE)).toMatchObject({
    env: { A: '${secret:x}' },
    names: [],
  });
});
