import { describe, expect, test } from 'vitest';
import {
  argumentHeaders,
  encodeHeader,
  mirroredArguments,
} from '../../../../src/engine/upstream/http/mirrored-headers.ts';

const schema = (properties: Record<string, unknown>) => ({ type: 'object', properties });
const on = (header: unknown, type = 'string') => ({ type, 'x-mcp-header': header });

describe('values of headers', () => {
  test.each([
    ['us-west1', 'us-west1'],
    ['us west 1', 'us west 1'],
    ['', ''],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
  ])('%j becomes %j', (value, header) => {
    expect(encodeHeader(value)).toBe(header);
  });
});

describe('mirrored arguments', () => {
  test('are found at any depth of properties, and read at their exact path', () => {
    const found = mirroredArguments(
      schema({
        a: schema({ b: on('B', 'integer') }),
        c: on('C', 'boolean'),
        d: { type: 'string' },
      }),
    );
    expect(found).toEqual([
      { path: ['a', 'b'], header: 'B' },
      { path: ['c'], header: 'C' },
    ]);
    if (typeof found === 'string') return;
    expect(argumentHeaders(found, { a: { b: 42 }, c: false, b: 'no' })).toEqual({
      'mcp-param-b': '42',
      'mcp-param-c': 'false',
    });
    expect(argumentHeaders(found, undefined)).toEqual({});
  });

  test('a property may be called x-mcp-header, and an annotation may stand in an example', () => {
    expect(
      mirroredArguments(schema({ 'x-mcp-header': { type: 'string', examples: [on('X')] } })),
    ).toEqual([]);
  });

  test.each([
    ['is empty', schema({ a: on('') })],
    ['is no string', schema({ a: on(3) })],
    ['has a space', schema({ a: on('a b') })],
    ['has a colon', schema({ a: on('a:b') })],
    ['is not ASCII', schema({ a: on('é') })],
    ['has a line end', schema({ a: on('a\r\nb') })],
    ['is twice there in another case', schema({ a: on('Ab'), b: on('aB') })],
    ['is on an object', schema({ a: on('A', 'object') })],
    ['is on a number', schema({ a: on('A', 'number') })],
    ['is below items', schema({ a: { type: 'array', items: on('A') } })],
    ['is below oneOf', { ...schema({}), oneOf: [schema({ a: on('A') })] }],
    ['is in a definition', { ...schema({}), $defs: { a: on('A') } }],
  ])('are refused when an annotation %s', (_name, bad) => {
    expect(mirroredArguments(bad)).toBeTypeOf('string');
  });
});
