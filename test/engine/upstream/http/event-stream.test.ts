import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  readEvents,
  type ServerSentEvent,
} from '../../../../src/engine/upstream/http/event-stream.ts';

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
  const found: ServerSentEvent[] = [];
  for await (const event of readEvents(chunks(), maxLength)) found.push(event);
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

test('refuses an event that is too long', async () => {
  await expect(read(`data: ${'x'.repeat(500)}\n\n`, [100], 200)).rejects.toThrow(RangeError);
});
