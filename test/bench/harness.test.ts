import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { byRound, fitPower, median, quantile } from '../../bench/lib/stats.mjs';
import { lineReader, readResponse } from '../../bench/load/frames.mjs';
import { bare, openWire, type WireAnswer } from '../../bench/load/wire.mjs';

test('the exponent of a power law is found, and nothing is claimed from two points', () => {
  const points = [1, 5, 20, 50].map((x) => [x, 3 * x ** 1.5] as const);
  const fit = fitPower(points);
  expect(fit?.exponent).toBeCloseTo(1.5);
  expect(fit?.r2).toBeCloseTo(1);
  expect(fitPower(points.slice(2))).toBeUndefined();
});

test('ratios are taken round by round, of the rounds that both have', () => {
  expect(byRound((a = 0, b = 1) => a / b, [2, 8, 5], [1, 2])).toEqual([2, 4]);
  expect(median([3, 1, 2])).toBe(2);
  expect(quantile([0, 10], 0.25)).toBe(2.5);
});

test('lines are found whatever the chunks, and answers are read by their ends alone', () => {
  const lines: string[] = [];
  const push = lineReader((line) => void lines.push(line.toString()));
  for (const chunk of ['a', 'b\nc\n', '', 'd\n']) push(Buffer.from(chunk));
  expect(lines).toEqual(['ab', 'c', 'd']);
  const big = 'x'.repeat(5_000);
  const read = (text: string) => readResponse(Buffer.from(text));
  expect(read(`{"id": 7,"result":{"text":"${big}"}}`)).toEqual({ id: 7, ok: true });
  expect(read(`{"result":{"text":"${big}"},"jsonrpc":"2.0","id":8}`)).toEqual({ id: 8, ok: true });
  expect(read('{"id":9,"error":{"code":-1,"message":""}}')).toEqual({ id: 9, ok: false });
  expect(read('{"id":1,"method":"ping"}')).toBeUndefined();
});

test('one connection carries whole, chunked and streamed answers one after the other', async () => {
  const server = createServer(async (request, response) => {
    if (request.url === '/whole') response.end('whole');
    else {
      for (const part of ['on', 'e two']) {
        response.write(part);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      response.end();
    }
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wire = openWire(url);
  onTestFinished(() => wire.close());
  const parts: string[] = [];
  const ask = (path: string, onData?: (chunk: Buffer) => void) =>
    new Promise<WireAnswer>((resolve, reject) => {
      wire.send([bare('GET', url + path)], resolve, reject, onData ? { onData } : {});
    });
  expect((await ask('/whole')).body.toString()).toBe('whole');
  expect((await ask('/chunks')).body.toString()).toBe('one two');
  const streamed = await ask('/chunks', (chunk) => void parts.push(chunk.toString()));
  expect([streamed.status, parts]).toEqual([200, ['on', 'e two']]);
  expect((await ask('/whole')).status).toBe(200);
});
