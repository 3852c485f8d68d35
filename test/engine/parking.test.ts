import { expect, test, vi } from 'vitest';
import { ParkingLot } from '../../src/engine/eras/parking.ts';
import { connect } from '../helpers/any-client.ts';
import { rawServer } from '../helpers/engine.ts';

const request = { name: 'ask', arguments: { b: 1, a: 2 } };

function lot(now = () => 0) {
  return new ParkingLot({ parkedMs: 1000 }, now);
}

test('a state brings back its call, whatever the order of the parameters and whatever is added', () => {
  const parking = lot();
  const call = { expire: () => {} };
  const state = parking.park(call, 'tools/call', request);
  const again = {
    arguments: { a: 2, b: 1 },
    name: 'ask',
    inputResponses: {},
    requestState: state,
    _meta: { x: 1 },
  };
  expect(parking.claim(state, 'tools/call', again)).toBe(call);
  parking.close();
});

test('a state that is forged, used, expired or of another request is refused', () => {
  let now = 0;
  const parking = lot(() => now);
  const call = { expire: vi.fn() };
  const state = parking.park(call, 'tools/call', request);
  const [body = '', mac = ''] = state.split('.');
  const other = JSON.parse(Buffer.from(body, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...other, expires: 9e15 })).toString('base64url');
  const claim =
    (text: unknown, params: object = request) =>
    () =>
      parking.claim(text, 'tools/call', params as never);
  for (const text of [
    `${forged}.${mac}`,
    `${body}.`,
    `${body}.${mac}.x`,
    body,
    '',
    undefined,
    7,
    `${body}.${'A'.repeat(mac.length)}`,
  ]) {
    expect(claim(text)).toThrow('not one of ours');
  }
  expect(lot().park(call, 'tools/call', request)).not.toBe(state);
  expect(claim(lot().park(call, 'tools/call', request))).toThrow('not one of ours');
  expect(claim(state, { ...request, arguments: {} })).toThrow('another request');
  expect(claim(state)()).toBe(call);
  expect(claim(state)).toThrow('used already');
  const late = parking.park(call, 'tools/call', request);
  now = 2000;
  expect(claim(late)).toThrow('expired');
  parking.close();
  expect(call.expire).toHaveBeenCalled();
});

test('a client of the new era cannot use a state twice, and one that answers half is asked for the rest', async () => {
  const client = await connect('modern', 'stdio', [rawServer('one')]);
  const params = { name: 'ask', arguments: { method: 'roots/list', params: {} } };
  let asked = 0;
  client.answers['roots/list'] = () => {
    asked++;
    return asked === 1 ? undefined : { roots: [] };
  };
  const { result } = await client.request('tools/call', params);
  expect(result.content[0].text).toBe('{"roots":[]}');
  expect(asked).toBe(2);
});
