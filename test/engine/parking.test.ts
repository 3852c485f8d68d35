import { expect, test, vi } from 'vitest';
import { ParkingLot } from '../../src/engine/eras/parking.ts';
import type { Guard } from '../../src/engine/index.ts';
import { connect, ENVELOPE } from '../helpers/any-client.ts';
import { rawServer, type Wire } from '../helpers/engine.ts';
import { HttpClient, messagesOf, serveOnHttp } from '../helpers/served.ts';

const params = { name: 'ask', arguments: { b: 1, a: 2 } };
const request = { method: 'tools/call', params, principal: undefined };

function lot(now = () => 0) {
  return new ParkingLot({ parkedMs: 1000 }, now);
}

test('a state brings back its call, whatever the order of the parameters and whatever is added', () => {
  const parking = lot();
  const call = { expire: () => {} };
  const state = parking.park(call, request);
  const again = {
    arguments: { a: 2, b: 1 },
    name: 'ask',
    inputResponses: {},
    requestState: state,
    _meta: { x: 1 },
  };
  expect(parking.claim(state, { ...request, params: again })).toBe(call);
  parking.close();
});

test('a state that is forged, used, expired or of another request is refused', () => {
  let now = 0;
  const parking = lot(() => now);
  const call = { expire: vi.fn() };
  const state = parking.park(call, request);
  const [body = '', mac = ''] = state.split('.');
  const other = JSON.parse(Buffer.from(body, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...other, expires: 9e15 })).toString('base64url');
  const claim =
    (text: unknown, other: object = {}) =>
    () =>
      parking.claim(text, { ...request, ...other });
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
  expect(lot().park(call, request)).not.toBe(state);
  expect(claim(lot().park(call, request))).toThrow('not one of ours');
  for (const other of [
    { params: { ...params, arguments: {} } },
    { method: 'prompts/get' },
    { principal: 'somebody else' },
  ])
    expect(claim(state, other)).toThrow('another request');
  expect(claim(state)()).toBe(call);
  expect(claim(state)).toThrow('used already');
  const late = parking.park(call, request);
  now = 2000;
  expect(claim(late)).toThrow('expired');
  parking.close();
  expect(call.expire).toHaveBeenCalled();
});

/** A client of the new era that calls a tool, of a server of the old one, which asks for roots. */
function asker(url: string, headers: Record<string, string> = {}) {
  const client = new HttpClient(url, headers);
  const params = { name: 'ask', arguments: { method: 'roots/list', params: {} } };
  return async (more: object = {}) => {
    const body = { ...params, ...more, _meta: ENVELOPE };
    const response = await client.post(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: body },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'ask' },
    );
    return (await messagesOf(response)).at(-1) as Wire;
  };
}

const inputResponses = { roots_list_1: { roots: [] } };

test('a state that was used, that has expired, or that is not ours is refused to the client that brings it', async () => {
  const { url } = await serveOnHttp([rawServer('one')], { settings: { parkedMs: 400 } });
  const call = asker(url);
  const { result } = await call();
  expect(result).toMatchObject({
    resultType: 'input_required',
    inputRequests: { roots_list_1: { method: 'roots/list' } },
  });
  const { requestState } = result;
  const answered = await call({ inputResponses, requestState });
  expect(answered.result.content[0].text).toBe('{"roots":[]}');
  const refused = async (state: string) => {
    const { error } = await call({ inputResponses, requestState: state });
    expect(error?.code).toBe(-32602);
    return error?.message;
  };
  expect(await refused(requestState)).toContain('used already');
  expect(await refused(`${requestState.slice(0, -4)}AAAA`)).toContain('not one of ours');
  const again = await call();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(await refused(again.result.requestState)).toMatch(/expired|has ended/);
});

test('a state is of no use to another principal', async () => {
  const guard: Guard = ({ headers }) => ({ allow: true, principal: String(headers['x-who']) });
  const { url } = await serveOnHttp([rawServer('one')], { http: { guard } });
  const ours = asker(url, { 'x-who': 'ada' });
  const theirs = asker(url, { 'x-who': 'eve' });
  const { requestState } = (await ours()).result;
  expect((await theirs({ inputResponses, requestState })).error?.message).toContain(
    'another request',
  );
  expect((await ours({ inputResponses, requestState })).result.content[0].text).toBe(
    '{"roots":[]}',
  );
});

test('calls at once of one client of the new era are each asked what a server of the old one asks', async () => {
  const client = await connect('modern', 'stdio', [rawServer('one')]);
  client.answers['elicitation/create'] = ({ message }) => ({
    action: 'accept',
    content: { message },
  });
  const asked = (message: string) =>
    client.request('tools/call', {
      name: 'ask',
      arguments: { method: 'elicitation/create', params: { message } },
    });
  const answers = await Promise.all(['a', 'b', 'c'].map(asked));
  expect(answers.map(({ result }) => JSON.parse(result.content[0].text).content.message)).toEqual([
    'a',
    'b',
    'c',
  ]);
});

test('a client of the new era that answers half is asked for the rest', async () => {
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
