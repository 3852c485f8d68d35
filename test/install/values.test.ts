import { expect, it } from 'vitest';
import { parseEnvFile } from '../../src/install/env-file.ts';
import { templateOf } from '../../src/install/template.ts';
import { gather, questionsOf, variablesFor } from '../../src/install/values.ts';
import type { Argument } from '../../src/registry/index.ts';

function questions(argument: Partial<Argument>, name = 'api-key') {
  const declared = { [name]: { description: 'd', required: true, ...argument } };
  return questionsOf(
    templateOf({ type: 'npm', command: 'npx', args: [`\${${name}}`] }, declared),
    declared,
  );
}

const EMPTY = { server: 'my-srv', flags: [], file: {}, env: {} };

it('looks for a value in flags, then the file, then the environment from special to general, then the default', () => {
  const env = { MCPM_SERVER_MY_SRV_API_KEY: '1', MCPM_ARG_API_KEY: '2', API_KEY: '3' };
  const asked = questions({ default: '4' });
  const from = (given: object) => gather(asked, { ...EMPTY, ...given }).get('api-key');
  expect(variablesFor('my-srv', 'api-key')).toEqual([
    'MCPM_SERVER_MY_SRV_API_KEY',
    'MCPM_ARG_API_KEY',
    'api-key',
    'API_KEY',
  ]);
  expect(from({ flags: [['api-key', 'f']], file: { API_KEY: 'e' }, env })).toMatchObject({
    values: ['f'],
    from: 'flag',
  });
  expect(from({ file: { API_KEY: 'e' }, env })).toMatchObject({ values: ['e'], from: 'file' });
  expect(from({ env })).toMatchObject({ values: ['1'], variable: 'MCPM_SERVER_MY_SRV_API_KEY' });
  expect(from({ env: { ...env, MCPM_SERVER_MY_SRV_API_KEY: undefined } })).toMatchObject({
    values: ['2'],
  });
  expect(from({ env: { API_KEY: '3' } })).toMatchObject({ values: ['3'], from: 'environment' });
  expect(from({ env: { API_KEY: '' } })).toMatchObject({ values: ['4'], from: 'default' });
});

it('takes the last of several flags, or all of them for a repeated argument', () => {
  const flags = [
    ['api-key', 'a'],
    ['api-key', 'b'],
  ] as const;
  const values = (argument: Partial<Argument>) =>
    gather(questions(argument), { ...EMPTY, flags }).get('api-key')?.values;
  expect(values({})).toEqual(['b']);
  expect(values({ repeated: true })).toEqual(['a', 'b']);
});

it('takes an empty flag for no value, whatever else there is', () => {
  const given = { ...EMPTY, flags: [['api-key', '']] as const, env: { API_KEY: 'e' } };
  expect(gather(questions({ default: 'd' }), given).has('api-key')).toBe(false);
});

it.each<[argument: Partial<Argument>, value: string, complaint: string]>([
  [{ choices: ['a', 'b'] }, 'c', 'must be one of a, b'],
  [{ format: 'number' }, '1x', 'must be a number'],
  [{ format: 'boolean' }, 'yes', 'must be true or false'],
])('refuses a value that does not fit %j', (argument, value, complaint) => {
  const given = { ...EMPTY, env: { API_KEY: value } };
  expect(() => gather(questions(argument), given)).toThrow(`api-key: ${complaint}`);
});

it('takes a reference to a variable as it is', () => {
  const flags = [['api-key', '${LATER}']] as const;
  expect(
    gather(questions({ format: 'number' }), { ...EMPTY, flags }).get('api-key')?.values,
  ).toEqual(['${LATER}']);
});

it('hides what the manifest or the name calls a secret', () => {
  expect(questions({})[0]?.secret).toBe(true);
  expect(questions({ secret: false })[0]?.secret).toBe(false);
  expect(questions({ secret: true }, 'DIR')[0]?.secret).toBe(true);
  expect(questions({ format: 'number' }, 'MAX_TOKENS')[0]?.secret).toBe(false);
});

it('requires what no manifest describes', () => {
  const template = templateOf({ type: 'npm', command: 'npx', env: { A: '${B}' } }, {});
  expect(questionsOf(template, {})).toMatchObject([{ name: 'B', argument: { required: true } }]);
});

it('reads environment files as dotenv does', () => {
  const text = [
    '\uFEFF# comment',
    'A=1 # not part of it',
    "export B='x # $y \\n'",
    'C="two\\nlines"',
    'D="real',
    'newline"',
    '',
    'E=',
    '  F = spaced  \r',
    'G=a#b=c',
  ].join('\n');
  expect(parseEnvFile(text, 'f')).toEqual({
    A: '1',
    B: 'x # $y \\n',
    C: 'two\nlines',
    D: 'real\nnewline',
    E: '',
    F: 'spaced',
    G: 'a#b=c',
  });
});

it('names the line of an environment file that is none', () => {
  expect(() => parseEnvFile('A=1\nnonsense\n', 'my.env')).toThrow(
    'my.env:2:1: expected NAME=value',
  );
});
