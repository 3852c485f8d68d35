import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Prompts } from '../../src/cli/prompts/types.ts';
import { createContext } from '../../src/context.ts';
import {
  type AuthorizationServerOptions,
  startAuthorizationServer,
  startProtected,
} from '../helpers/authorization-server.ts';
import { runCli } from '../helpers/cli.ts';
import { until } from '../helpers/engine.ts';
import { collect, makeHome } from '../helpers/home.ts';
import { root } from '../helpers/tools.ts';

const BROWSER = `${process.execPath} ${root}test/fixtures/mcp/browser.mjs`;

const world = async (
  options: AuthorizationServerOptions = {},
  env: Record<string, string> = {},
) => {
  const as = await startAuthorizationServer(options);
  const { url } = await startProtected(() => as);
  const home = makeHome({ env: { MCPM_SECRETS_BACKEND: 'file', ...env } });
  await runCli(home, `new far --type remote --url ${url}`);
  await runCli(home, 'new near --type stdio --command node');
  return { as, home };
};

describe('mcpm login', () => {
  test('signs in with the browser', async () => {
    const { as, home } = await world({}, { BROWSER });
    const { exitCode, stdout } = await runCli(home, 'login far');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`Signed in to far at ${as.issuer} for read.\n`);
  });

  test('says in JSON where and for how long, and no token', async () => {
    const { as, home } = await world({}, { BROWSER });
    const result = await runCli(home, 'login far --json');
    expect(result.json()).toEqual({
      server: 'far',
      issuer: as.issuer,
      scope: 'read',
      expires: '2026-01-02T04:04:05.000Z',
      refreshable: true,
    });
    expect(result.stdout + result.stderr).not.toMatch(/[ar]t-[0-9a-f]/);
  });

  test('takes the pasted address where there is no browser', async () => {
    const { as, home } = await world();
    const err = collect();
    const ctx = createContext({ ...home.ctx, stderr: err.stream, terminal: {} });
    const text = async () => {
      const [page = ''] = /http\S+/.exec(err.text()) ?? [];
      const { headers } = await fetch(page, { redirect: 'manual' });
      return headers.get('location') ?? '';
    };
    const prompts = { text } as unknown as Prompts;
    expect(await runProgram(ctx, ['login', 'far', '--no-browser'], { prompts })).toBe(0);
    expect(err.text()).toContain('Sign in to far at this address:');
    expect(as.count.token).toBe(1);
  });

  test('takes the address from stdin where there is no terminal, and no scope is missing', async () => {
    const { as, home } = await world();
    const err = collect();
    const stdin = new PassThrough();
    const ctx = createContext({ ...home.ctx, stdin, stderr: err.stream });
    const done = runProgram(ctx, ['login', 'far', '--no-browser', '--scope', 'write admin'], {});
    await until(() => /http\S+\n/.test(err.text()));
    const [page = ''] = /http\S+/.exec(err.text()) ?? [];
    const { headers } = await fetch(page, { redirect: 'manual' });
    stdin.write(`${headers.get('location')}\n`);
    expect(await done).toBe(0);
    expect(as.count.token).toBe(1);
    expect(as.asked).toEqual(['read write admin']);
  });

  test('refuses a server that runs here', async () => {
    const { home } = await world();
    const { exitCode, stderr } = await runCli(home, 'login near');
    expect(exitCode).toBe(12);
    expect(stderr).toContain('near is not a remote server');
  });

  test('fails with its own exit status when the person says no', async () => {
    const { home } = await world({ refuse: true }, { BROWSER });
    const { exitCode, stderr } = await runCli(home, 'login far');
    expect(exitCode).toBe(40);
    expect(stderr).toContain('Cannot sign in to far: the authorization server refused');
  });
});

describe('mcpm logout', () => {
  test('forgets the sign-in, once', async () => {
    const { home } = await world({}, { BROWSER });
    await runCli(home, 'login far');
    expect((await runCli(home, 'logout far')).stdout).toBe('Signed out of far.\n');
    expect((await runCli(home, 'logout far --json')).json()).toEqual({
      server: 'far',
      forgotten: false,
    });
  });
});
