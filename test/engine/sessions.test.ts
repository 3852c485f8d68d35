import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAlive, rawServer, until, type Wire } from '../helpers/engine.ts';
import { eventsOf, HttpClient, serveOnHttp } from '../helpers/served.ts';

test('fifty interleaved sessions: no id, progress token or answer reaches another', async () => {
  const { url } = await serveOnHttp([rawServer('one'), rawServer('two')]);
  const clients = Array.from({ length: 50 }, () => new HttpClient(url));
  await Promise.all(clients.map((client) => client.initialize()));
  const step = fc.record({
    client: fc.nat(49),
    server: fc.constantFrom('one', 'two'),
    what: fc.constantFrom('echo', 'progress'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 120 }), async (steps) => {
      await Promise.all(
        steps.map(async ({ client: index, server, what }, number) => {
          const client = clients[index] as HttpClient;
          const mine = `${index}/${number}`;
          // The same ids and tokens in every session, on purpose.
          const response = await client.post({
            jsonrpc: '2.0',
            id: number,
            method: 'tools/call',
            params: {
              name: `${server}_${what}`,
              arguments: what === 'echo' ? { text: mine } : { steps: 2 },
              _meta: { progressToken: number },
            },
          });
          const messages: Wire[] = [];
          if (response.headers.get('content-type')?.includes('event-stream')) {
            for await (const message of eventsOf(response)) messages.push(message);
          } else messages.push((await response.json()) as Wire);
          const answer = messages.at(-1);
          expect(answer?.id).toBe(number);
          expect(answer?.result.content[0].text).toBe(what === 'echo' ? mine : 'done');
          expect(messages.slice(0, -1).map(({ params }) => params.progressToken)).toEqual(
            what === 'echo' ? [] : [number, number],
          );
        }),
      );
    }),
    { numRuns: 4 },
  );
}, 30_000);

test('clients that look alike share one process; with isolation "session" each has its own, which ends with it', async () => {
  const shared = await serveOnHttp([rawServer('one')]);
  const isolated = await serveOnHttp([{ ...rawServer('one'), isolation: 'session' }]);
  const pidsOf = async (url: string) => {
    const clients = [new HttpClient(url), new HttpClient(url)];
    for (const client of clients) await client.initialize();
    return { clients, pids: await Promise.all(clients.map((client) => client.call('pid'))) };
  };
  expect(new Set((await pidsOf(shared.url)).pids).size).toBe(1);
  const { clients, pids } = await pidsOf(isolated.url);
  expect(new Set(pids).size).toBe(2);
  const [first] = clients;
  await fetch(isolated.url, {
    method: 'DELETE',
    headers: { 'mcp-session-id': first?.session ?? '' },
  });
  await until(() => !isAlive(Number(pids[0])));
  expect(isAlive(Number(pids[1]))).toBe(true);
});

test('a client that can do more gets a process that was told so', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const [plain, able] = [new HttpClient(url), new HttpClient(url)];
  able.answers['roots/list'] = () => ({ roots: [] });
  await plain.initialize();
  await able.initialize({ capabilities: { roots: {} } });
  expect(await able.call('ask', { method: 'roots/list' })).toBe('{"roots":[]}');
  expect(await able.call('pid')).not.toBe(await plain.call('pid'));
});

test('a question that could be for either of two clients is shown to neither', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const clients = [new HttpClient(url), new HttpClient(url)];
  for (const client of clients) {
    client.answers['elicitation/create'] = () => ({ action: 'accept' });
    await client.initialize({ capabilities: { elicitation: {} } });
  }
  const [first, second] = clients as [HttpClient, HttpClient];
  const slow = first.call('slow', { ms: 300 });
  const asked = await second.call('ask', {
    method: 'elicitation/create',
    params: { message: 'secret?' },
  });
  expect(asked).toContain('cannot be told which');
  await slow;
  expect([...first.received, ...second.received]).toEqual([]);
});

test('clients of the old transport are served at /sse, several at once', async () => {
  const { endpoint } = await serveOnHttp([rawServer('one')], { sse: true });
  const open = async () => {
    const response = await fetch(endpoint.url);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    const read = async (test: (text: string) => boolean) => {
      while (!test(text)) text += new TextDecoder().decode((await reader.read()).value);
      return text;
    };
    const path = /data: (\S+)/.exec(await read((so_far) => so_far.includes('\n\n')))?.[1] ?? '';
    const post = (message: object) =>
      fetch(new URL(path, endpoint.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      });
    return { read, post, close: () => reader.cancel() };
  };
  const clients = [await open(), await open()];
  for (const [index, { read, post }] of clients.entries()) {
    await post({ id: 0, method: 'tools/list' });
    expect(await read((text) => text.includes('"id":0'))).toContain('initialize comes first');
    expect(
      (
        await post({
          id: 1,
          method: 'initialize',
          params: {
            protocolVersion: '2024-11-05',
            capabilities: {},
            clientInfo: { name: 't', version: '1' },
          },
        })
      ).status,
    ).toBe(202);
    await read((text) => text.includes('"serverInfo"'));
    await post({
      id: 2,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: `for ${index}` } },
    });
    expect(await read((text) => text.includes('"id":2'))).toContain(`for ${index}`);
    // Carriage returns between the tokens of a message are line ends to a reader of events.
    await post({ id: 3, method: 'tools/call', params: { name: 'returns' } });
    expect(await read((text) => text.endsWith('x"}]}}\n\n'))).not.toContain('\r');
  }
  for (const { close } of clients) await close();
});
