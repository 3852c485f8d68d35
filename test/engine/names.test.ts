import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ToolNames } from '../../src/engine/names/tool-names.ts';
import { exposeUri, resolveUri } from '../../src/engine/names/uris.ts';
import { rawServer, serveOnStdio } from '../helpers/engine.ts';

test('a tool is called SERVER_name, also when the server has an underscore', () => {
  const names = new ToolNames(['git', 'git_hub']);
  expect(names.expose('git', 'status')).toBe('git_status');
  expect(names.expose('git_hub', 'status')).toBe('git_hub_status');
  expect(names.resolve('git_hub_status')).toEqual({ server: 'git_hub', name: 'status' });
  expect(new ToolNames(['git', 'git_hub']).resolve('git_hub_new')).toEqual({
    server: 'git_hub',
    name: 'new',
  });
});

test('two servers never share a name: the ambiguous one gets a stable hash', () => {
  const names = new ToolNames(['a', 'a_b']);
  const ours = names.expose('a', 'b_c');
  const theirs = names.expose('a_b', 'c');
  expect(theirs).toBe('a_b_c');
  expect(ours).toMatch(/^a_b_c_[0-9a-z]{8}$/);
  expect(names.resolve(ours)).toEqual({ server: 'a', name: 'b_c' });
  expect(new ToolNames(['a_b', 'a']).expose('a', 'b_c')).toBe(ours);
});

test('long and strange names become acceptable ones, the same in every run', () => {
  const long = 'x'.repeat(100);
  const names = new ToolNames(['srv', '@scope/srv.two']);
  expect(names.expose('srv', long)).toHaveLength(64);
  expect(names.expose('srv', long)).toBe(new ToolNames(['srv']).expose('srv', long));
  expect(names.expose('srv', 'a.b')).not.toBe(names.expose('srv', 'a/b'));
  expect(names.expose('@scope/srv.two', 'go')).toBe('_scope_srv_two_go');
  const alike = ['a.b', 'a b', 'a_b'];
  const exposed = (order: string[]) =>
    alike.map((server) => new ToolNames(order).expose(server, 'go'));
  expect(new Set(exposed(alike)).size).toBe(3);
  expect(exposed([...alike].reverse())).toEqual(exposed(alike));
  expect(exposed(alike)[2]).toBe('a_b_go');
});

test('any names of any servers map there and back, within what clients accept', () => {
  const name = fc.string({ minLength: 1, maxLength: 80 });
  const server = fc.stringMatching(/^[a-z][a-z_.-]{0,12}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(server, { minLength: 1, maxLength: 5 }),
      fc.array(name, { maxLength: 6 }),
      (servers, tools) => {
        const names = new ToolNames(servers);
        const seen = new Map<string, string>();
        for (const owner of servers) {
          for (const tool of tools) {
            const exposed = names.expose(owner, tool);
            expect(exposed).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
            expect(names.resolve(exposed)).toEqual({ server: owner, name: tool });
            const key = `${owner}\0${tool}`;
            expect(seen.get(exposed) ?? key).toBe(key);
            seen.set(exposed, key);
          }
        }
      },
    ),
  );
});

test('URIs of any form map there and back', () => {
  for (const uri of [
    'file:///a/b',
    'https://host/x?y#z',
    'memo://',
    'urn:isbn:1',
    'data:text/plain,a:b',
    '{scheme}://x/{y}',
    'plain',
  ]) {
    expect(resolveUri(exposeUri('my server', uri), ['other', 'my server'])).toEqual({
      server: 'my server',
      uri,
    });
  }
  expect(exposeUri('fs', 'file:///a')).toBe('file://fs//a');
  expect(resolveUri('file:///etc/passwd', ['my server'])).toBeUndefined();
});

test('a URI that a client normalised still finds its server, unless two are alike', () => {
  const written = new URL(exposeUri('GitHub', 'https://API.example.com/x')).href;
  expect(written).toBe('https://github/API.example.com/x');
  const uri = 'https://API.example.com/x';
  expect(resolveUri(written, ['files', 'GitHub'])).toEqual({ server: 'GitHub', uri });
  expect(resolveUri(written, ['github', 'GitHub'])).toEqual({ server: 'github', uri });
  expect(resolveUri(written, ['GITHUB', 'GitHub'])).toBeUndefined();
});

test('a shortened name can be called by a client that never listed', async () => {
  const tool = `very_${'long_'.repeat(14)}name`;
  const exposed = new ToolNames(['one', 'two']).expose('two', tool);
  const { client } = serveOnStdio([rawServer('one'), rawServer('two', '--tools', tool)]);
  await client.initialize();
  expect(await client.call(exposed)).toBe(`two:${tool}`);
});

test('tools of servers whose names begin alike are each called at their own, whoever starts first', async () => {
  const servers = () => [
    rawServer('a', '--tools', 'b_c'),
    rawServer('a_b', '--tools', 'c'),
    rawServer('a_b_c', '--tools', 'x_y'),
  ];
  const seen: Set<string>[] = [];
  for (const order of [servers(), servers().reverse()]) {
    const { client } = serveOnStdio(order);
    await client.initialize();
    const { result } = await client.request('tools/list');
    const names = result.tools.map(({ name }: { name: string }) => name) as string[];
    expect(new Set(names).size).toBe(names.length);
    seen.push(new Set(names));
    const hashed = new ToolNames(['a', 'a_b', 'a_b_c']).expose('a', 'b_c');
    expect(names).toContain(hashed);
    expect(hashed).toMatch(/^a_b_c_[0-9a-z]{8}$/);
    expect(await client.call(hashed)).toBe('a:b_c');
    expect(await client.call('a_b_c')).toBe('a_b:c');
    expect(await client.call('a_b_c_x_y')).toBe('a_b_c:x_y');
    expect(await client.call('a_b_echo', { text: 'two' })).toBe('two');
  }
  expect(seen[1]).toEqual(seen[0]);
});
