import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, type Frame, headOf, withId } from '../../src/engine/frames/frame.ts';
import { LineReader } from '../../src/engine/frames/line-reader.ts';
import { isUnreadable, parse } from '../../src/engine/frames/parse.ts';
import { idFromEnds, scan } from '../../src/engine/frames/scan.ts';
import { withParam, withResultMembers } from '../../src/engine/frames/splice.ts';
import { isWellFormed } from '../../src/engine/frames/well-formed.ts';
import { WireIds } from '../../src/engine/router/wire-ids.ts';

const frameOf = (value: unknown, depth = 100): Frame =>
  parse(Buffer.from(JSON.stringify(value)), depth) as Frame;

test('lines come out whole, however the stream was cut, and nothing is added to them', () => {
  const line = fc.string({ maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, ''));
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 10 }),
      fc.array(fc.nat(20), { maxLength: 30 }),
      (lines, cuts) => {
        const seen: string[] = [];
        const reader = new LineReader(1000, {
          onLine: (bytes) => seen.push(bytes.toString()),
          onOversized: () => {},
        });
        let rest = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        for (const cut of cuts) {
          reader.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        reader.push(rest);
        expect(seen).toEqual(lines.filter((text) => text !== ''));
      },
    ),
  );
});

test('a line beyond the limit is skipped, its ends are told, and the next line is whole', () => {
  const seen: string[] = [];
  const oversized: [number, string, string][] = [];
  const reader = new LineReader(100, {
    onLine: (bytes) => seen.push(bytes.toString()),
    onOversized: ({ length, head, tail }) =>
      void oversized.push([length, head.toString().slice(0, 3), tail.toString().slice(-4)]),
  });
  for (const part of ['abc', 'x'.repeat(200), 'y'.repeat(50_000), 'end\nok\n'])
    reader.push(Buffer.from(part));
  expect(seen).toEqual(['ok']);
  expect(oversized).toEqual([[50_207, 'abc', 'end\n']]);
});

test('the id of a message that was too large to keep is found at either end', () => {
  const id = (head: string, tail = '') => idFromEnds(Buffer.from(head), Buffer.from(tail));
  expect(id('{"jsonrpc":"2.0","id":7,"result":{"a"')).toBe(7);
  expect(id('{"id":"x\\"y","jsonrpc":"2.0"')).toBe('x"y');
  expect(id('{"result":{"id":1', 'xx"}]},"jsonrpc":"2.0","id":9}\n')).toBe(9);
  expect(id('{"result":{', '"}},"id":4,"jsonrpc":"2.0"}')).toBe(4);
  expect(id('{"result":{"id":1,', '"id":1}}')).toBeUndefined();
});

test('a scan finds what parsing finds, for any message', () => {
  const message = fc.record(
    { id: fc.oneof(fc.integer(), fc.string()), method: fc.string(), params: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(message, fc.constantFrom(undefined, 2), (value, indent) => {
      const found = scan(Buffer.from(JSON.stringify(value, null, indent)));
      expect(found).toMatchObject({ sound: true, id: value.id, method: value.method });
    }),
  );
  for (const broken of ['{"a":', '[1]', '{"a":"', '{}x', ''])
    expect(scan(Buffer.from(broken)).sound).toBe(false);
});

test('an id is replaced in the bytes of a long answer, wherever its writer put it', () => {
  const text = 'é"\\'.repeat(1000);
  for (const value of [
    { jsonrpc: '2.0', id: 'a"é', result: { text } },
    { result: { text }, jsonrpc: '2.0', id: 17 },
    { result: { text, id: 17 }, id: 17, jsonrpc: '2.0' },
    { id: 17, result: { text }, jsonrpc: '2.0' },
    { jsonrpc: '2.0', id: 17, result: { text: text.repeat(200) } },
  ]) {
    const changed = withId(frameOf(value), 'new');
    expect(JSON.parse(bytesOf(changed).toString())).toEqual({ ...value, id: 'new' });
    expect(headOf(changed).id).toBe('new');
  }
});

test('what is well formed is told as parsing tells it, for any JSON and any that was tampered with', () => {
  const tampered = fc
    .tuple(
      fc.jsonValue({ maxDepth: 4 }),
      fc.constantFrom(undefined, 1),
      fc.array(
        fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...'{}[],:"\\ \n\t0-1.eE+truefalsn\u0001u')),
        { maxLength: 2 },
      ),
    )
    .map(([value, indent, edits]) => {
      let text = JSON.stringify(value, null, indent);
      for (const [where, cut, put] of edits) {
        const at = where % (text.length + 1);
        text = text.slice(0, at) + put + text.slice(at + cut);
      }
      return text;
    });
  const parses = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(tampered, (text) => {
      expect([text, isWellFormed(Buffer.from(text), 20)]).toEqual([text, parses(text)]);
    }),
    { numRuns: 3_000 },
  );
  for (const text of ['', '"\\u12g4"', '"\\x"', '01', '-', '1.', '[1,]', '{"a":1,}', '"', '"\\'])
    expect([text, isWellFormed(Buffer.from(text), 20)]).toEqual([text, false]);
});

test('a large message that only looks like JSON is no JSON', () => {
  const padding = 'x'.repeat(300_000);
  const why = (inside: string) => {
    const parsed = parse(Buffer.from(`{"jsonrpc":"2.0","id":7,"result":{"a":[${inside}]}}`), 100);
    return isUnreadable(parsed) ? [parsed.why, parsed.head?.id] : headOf(parsed as Frame).id;
  };
  expect(why(`"${padding}"`)).toBe(7);
  expect(why(`oops "${padding}"`)).toEqual(['not-json', 7]);
  expect(why(`"${padding}\u0001"`)).toEqual(['not-json', 7]);
});

test('what is no message is told apart from what nests too deeply', () => {
  const why = (text: string) => {
    const parsed = parse(Buffer.from(text), 100);
    return isUnreadable(parsed) ? parsed.why : 'fine';
  };
  expect(why('{oops')).toBe('not-json');
  expect(why('{"hello":1}')).toBe('not-a-message');
  expect(why('[]')).toBe('not-a-message');
  expect(why(`{"id":1,"result":${'['.repeat(200)}${']'.repeat(200)}}`)).toBe('too-deep');
  expect(why(`{"id":1,"result":${'['.repeat(90)}${']'.repeat(90)}}`)).toBe('fine');
});

test('the result of a large answer gets members without being parsed, and keeps those it has', () => {
  const text = 'x'.repeat(300_000);
  for (const result of [{ text }, { ttlMs: 5, text }, {}]) {
    for (const answer of [
      { jsonrpc: '2.0', id: 'é', result, more: { result: text } },
      { more: { result: text }, result, id: 7, jsonrpc: '2.0' },
    ]) {
      const frame = withResultMembers(frameOf(answer), { ttlMs: 0, resultType: 'complete' });
      const wanted = { ...answer, result: { ttlMs: 0, resultType: 'complete', ...result } };
      expect(JSON.parse(bytesOf(frame).toString())).toEqual(wanted);
      expect(JSON.parse(bytesOf(withId(frame, 'mine')).toString())).toEqual({
        ...wanted,
        id: 'mine',
      });
    }
  }
  const failed = frameOf({ jsonrpc: '2.0', id: 1, error: { code: 1, message: text } });
  expect(withResultMembers(failed, { resultType: 'complete' })).toBe(failed);
});

/** Requests as libraries write them, and as nobody does: members in any order, texts that look like members, nests before the parameters. */
const spelled = fc
  .record({
    name: fc.oneof(fc.constantFrom('a_b', 'é', 'q"', '\\', '"params":{"name":"a_b"'), fc.string()),
    decoy: fc.constantFrom(1, 'a_b', '{', ',"params":{"name":"a_b"', { params: { name: 'a_b' } }),
    order: fc.shuffledSubarray(['jsonrpc', 'id', 'method', 'params', 'decoy'], { minLength: 5 }),
    first: fc.constantFrom('name', 'arguments', '_meta'),
    indent: fc.constantFrom(0, 1),
    end: fc.constantFrom('', '\n', '\r\n'),
  })
  .map(({ name, decoy, order, first, indent, end }) => {
    const inner = { name, arguments: { name }, _meta: { name: decoy } };
    const params = { [first]: inner[first as keyof typeof inner], ...inner };
    const all: Record<string, unknown> = { jsonrpc: '2.0', id: decoy, method: 'x', params, decoy };
    const value = Object.fromEntries(order.map((key) => [key, all[key]]));
    return { value, text: JSON.stringify(value, null, indent).replaceAll('\n', ' '), end };
  });

test('a parameter is changed in the bytes or not at all, and nothing beside it', () => {
  fc.assert(
    fc.property(spelled, fc.oneof(fc.string(), fc.constant('b')), ({ value, text, end }, to) => {
      const line = Buffer.from(text + end);
      const bytes = line.subarray(0, line.length - end.length);
      const frame = withParam(parse(bytes, 100, end ? line : undefined) as Frame, 'name', to);
      const wanted = { ...value, params: { ...(value['params'] as object), name: to } };
      expect(frame.message).toEqual(wanted);
      expect(JSON.parse(bytesOf(frame).toString())).toEqual(wanted);
      if (frame.line) expect(frame.line.toString()).toBe(bytesOf(frame).toString() + end);
    }),
    { numRuns: 2000 },
  );
  const usual = '{"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"a_b","n":1.0}}';
  const changed = withParam(parse(Buffer.from(usual), 100) as Frame, 'name', 'b');
  expect(changed.bytes?.toString()).toBe(usual.replace('a_b', 'b'));
});

test('no two requests to a server have one id, and a client that counts keeps its own', () => {
  const id = fc.oneof(
    fc.integer(),
    fc.nat(50),
    fc.double(),
    fc.string(),
    fc.constant(1_000_000_000),
  );
  fc.assert(
    fc.property(fc.array(fc.option(id), { maxLength: 100 }), (asked) => {
      const ids = new WireIds();
      const given = asked.map((one) => (one === null ? ids.make() : ids.keepOrMake(one)));
      expect(new Set(given).size).toBe(given.length);
      expect(given.every(Number.isSafeInteger)).toBe(true);
    }),
  );
  const ids = new WireIds();
  expect([0, 1, 2, 7].map((one) => ids.keepOrMake(one))).toEqual([0, 1, 2, 7]);
});
