import { describe, expect, test } from 'vitest';
import { signOut } from '../../../../src/engine/upstream/oauth/oauth.ts';
import { startAuthorizationServer, startProtected } from '../../../helpers/authorization-server.ts';
import { home, remote } from './world.ts';

describe('tokens', () => {
  test('are refreshed once, however many requests find them ended, in however many processes', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(() => as);
    const here = home();
    const [one, two] = await Promise.all([remote(here, url), remote(here, url)]);
    await one.ask('first');
    await two.ask('first');
    as.expire();
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) => (n % 2 ? one : two).ask(`m${n}`)),
    );
    expect(answers.every(({ result }) => result?.granted === 'read')).toBe(true);
    expect(as.count).toMatchObject({ authorize: 1, refresh: 1 });
  });

  test('are refreshed before they end', async () => {
    const as = await startAuthorizationServer({ tokenLifetime: 10 });
    const { url, received } = await startProtected(() => as);
    const far = await remote(home(), url);
    await far.ask('a');
    const calls = () => received.filter(({ method }) => method === 'POST').length;
    const before = calls();
    await far.ask('b');
    expect(as.count.refresh).toBeGreaterThan(0);
    expect(calls()).toBe(before + 1);
  });

  test('that cannot be refreshed any more lead to a new sign-in', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(() => as);
    const far = await remote(home(), url);
    await far.ask('a');
    as.expire();
    as.revoke();
    expect((await far.ask('b')).result).toEqual({ granted: 'read' });
    expect(as.count).toMatchObject({ register: 1, authorize: 2 });
  });

  test('are widened when the server asks for more scope, keeping what was granted', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(
      () => as,
      (method) => (method === 'tools/call' ? 'write' : 'read'),
    );
    const far = await remote(home(), url);
    await far.ask('tools/list');
    expect((await far.ask('tools/call')).result).toEqual({ granted: 'read write' });
    expect((await far.ask('tools/list')).result).toEqual({ granted: 'read write' });
    expect(as.asked).toEqual(['read', 'read write']);
  });

  test('that lack scope where nobody can sign in are told how to get it', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(
      () => as,
      (method) => (method === 'tools/call' ? 'write' : 'read'),
    );
    const here = home();
    await (await remote(here, url)).ask('tools/list');
    const unattended = await remote(here, url, { signIn: undefined });
    const { error } = await unattended.ask('tools/call');
    expect(error?.message).toBe('far wants more rights (mcpm login far --scope "read write")');
    expect((await unattended.ask('tools/list')).result).toEqual({ granted: 'read' });
  });

  test('survive an authorization server that is down when they are to be refreshed', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(() => as);
    const far = await remote(home(), url);
    await far.ask('a');
    as.expire();
    as.fail(503);
    const { error } = await far.ask('b');
    expect(error?.message).toMatch(/^Cannot sign in to far|^far: /);
    as.fail(undefined);
    expect((await far.ask('c')).result).toEqual({ granted: 'read' });
    expect(as.count).toMatchObject({ authorize: 1, refresh: 1 });
  });

  test('are forgotten on signing out', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(() => as);
    const here = home();
    await (await remote(here, url)).ask('a');
    const server = { name: 'far', profile_tags: [], url, headers: {} };
    expect(await signOut(here.ctx, server)).toBe(true);
    expect(await signOut(here.ctx, server)).toBe(false);
    await (await remote(here, url)).ask('b');
    expect(as.count.authorize).toBe(2);
  });
});
