import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Oversized } from '../../../../src/engine/frames/collector.ts';
import { readEvents } from '../../../../src/engine/upstream/http/event-stream.ts';

const endsOf = ({ length, head, tail }: Oversized) =>
  [length, head.toString().slice(0, 3), tail.toString().slice(-3)].join(' ');

const read = async (text: string, cuts: readonly number[] = [], maxLength?: number) => {
  const bytes = Buffer.from(text);
  const at = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  async function* chunks() {
    for (let i = 1; i < at.length; i++) yield bytes.subarray(at[i - 1], at[i]);
  }
  const found: object[] = [];
  for await (const event of readEvents(chunks(), maxLength)) {
    const { data } = event;
    const shown = Buffer.isBuffer(data) ? data.toString() : data && endsOf(data);
    found.push(shown === undefined ? event : { ...event, data: shown });
  }
  return found;
};

test('reads events, ids, retry times and data of several lines, and skips comments', async () => {
  expect(
    await read(
      ': hi\n\nid: 7\nretry: 40\ndata:\n\nevent: endpoint\r\ndata: /a\r\ndata:b\r\n\r\ndata: lost',
    ),
  ).toEqual([
    { event: 'message', data: '', id: '7', retry: 40 },
    { event: 'endpoint', data: '/a\nb' },
  ]);
});

test('reads the same however the bytes are cut', async () => {
  const text = 'id: ä\r\ndata: {"x":"漢字"}\r\n\r\ndata: 1\ndata: 2\n\nevent: e\rdata: 🙂\r\r';
  const whole = await read(text);
  expect(whole).toHaveLength(3);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 12 }), async (cuts) => {
      expect(await read(text, cuts)).toEqual(whole);
    }),
  );
});

test('keeps the ends alone of an event that is too long, and reads on', async () => {
  const long = `id: 1\ndata: abc${'x'.repeat(500)}end\n\n`;
  const lines = `data: def${'y'.repeat(150)}\ndata: ${'z'.repeat(150)}end\n\n`;
  for (const cuts of [[], [100], [3, 50, 400], [517, 600, 700, 800]])
    expect(await read(`${long}${lines}data: next\n\n`, cuts, 200)).toEqual([
      { event: 'message', id: '1', data: expect.stringMatching(/^5\d\d abc end$/) },
      { event: 'message', data: '307 def end' },
      { event: 'message', data: 'next' },
    ]);
});

test('skips a byte order mark', async () => {
  expect(await read('\uFEFFdata: 1\n\n', [1])).toEqual([{ event: 'message', data: '1' }]);
});
