/** The built program against an authorization server that others wrote. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { LineClient, until } from '../../../helpers/engine.ts';
import { makeHome } from '../../../helpers/home.ts';
import { installFromNpm, installNode, root } from '../../../helpers/tools.ts';

const FIXTURE = fileURLToPath(new URL('../../../fixtures/mcp/oidc-server.mjs', import.meta.url));
/** What the authorization server needs. */
const NODE_VERSION = '24.21.0';
const VERSION = '9.13.3';

let node: string;
let provider: string;
beforeAll(async () => {
  node = await installNode(NODE_VERSION);
  const modules = await installFromNpm('oidc-provider', { 'oidc-provider': VERSION });
  provider = join(modules, 'oidc-provider/lib/index.js');
}, 180_000);

/** Start the server and its authorization server, whose access tokens live so many seconds. */
async function startGuarded(lifetime: number) {
  const child = spawn(node, [FIXTURE, provider, String(lifetime)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  const { url, issuer } = JSON.parse(line as string) as { url: string; issuer: string };
  const counts = async (): Promise<Record<string, number>> =>
    JSON.parse(await (await fetch(`${issuer}/counts`)).text());
  return { url, issuer, counts };
}

/** A machine with the server configured. */
function machine(url: string) {
  const home = makeHome();
  home.write(
    '.config/mcpm/servers.json',
    JSON.stringify({ far: { name: 'far', url, headers: {} } }),
  );
  const env = { ...process.env, HOME: home.dir, CI: 'true', MCPM_SECRETS_BACKEND: 'file' };
  const start = (...words: string[]) => {
    const child = spawn(process.execPath, [join(root, 'dist/main.cjs'), ...words], { env });
    onTestFinished(() => void child.kill('SIGKILL'));
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    return { child, stderr: () => errors };
  };
  const run = async () => {
    const { child } = start('run', 'far');
    const client = new LineClient((line) => child.stdin.write(line), child.stdout);
    return { client, opening: await client.initialize(), end: () => ended(child) };
  };
  /** Sign in; the person's browser is elsewhere, or on this machine. */
  const login = async (where: 'here' | 'elsewhere', ...words: string[]) => {
    const { child, stderr } = start('login', 'far', '--no-browser', ...words);
    await until(() => /http\S+\n/.test(stderr()), 20_000);
    const page = /http\S+/.exec(stderr())?.[0] ?? '';
    const back = await browse(page);
    if (where === 'here') await fetch(back);
    else child.stdin.write(`${back}\n`);
    const [status] = await once(child, 'exit');
    expect([status, stderr()]).toEqual([0, stderr()]);
  };
  return { home, run, login };
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  await once(child, 'exit');
}

/** A person with a browser: signs in, consents, and ends at the address of this program, which is not opened. */
async function browse(page: string): Promise<string> {
  const cookies = new Map<string, string>();
  let [url, body]: [string, URLSearchParams | undefined] = [page, undefined];
  for (let steps = 0; steps < 20; steps++) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const method = body ? 'POST' : 'GET';
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      method,
      ...(body && { body }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    const text = await response.text();
    if (location !== null) {
      [url, body] = [new URL(location, url).href, undefined];
      if (url.includes('/callback?')) return url;
    } else {
      const inputs = text.matchAll(/<input[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?/g);
      url = new URL(/<form[^>]*action="([^"]+)"/.exec(text)?.[1] ?? '', url).href;
      body = new URLSearchParams(
        Object.fromEntries([...inputs].map(([, name = '', value = 'ada']) => [name, value])),
      );
    }
  }
  throw new Error(`the browser ended at ${url}`);
}

test('signs in by registration and PKCE, keeps the tokens unreadable, and takes more scope when told to', async () => {
  const { url, counts } = await startGuarded(3600);
  const { home, run, login } = machine(url);
  const before = await run();
  expect(before.opening.error?.message).toBe('far wants you to sign in (mcpm login far)');
  await before.end();
  await login('here');
  const narrow = await run();
  expect(await narrow.client.call('read')).toBe('read as ada with read');
  await expect(narrow.client.call('write')).rejects.toThrow('mcpm login far --scope "read write"');
  await login('elsewhere', '--scope', 'read write');
  expect(await narrow.client.call('write')).toBe('write as ada with read write');
  await narrow.end();
  expect(await counts()).toMatchObject({ 'POST reg': 2, 'POST token authorization_code': 2 });
  const folder = home.ctx.paths.secretsDir;
  for (const name of readdirSync(folder).filter((one) => statSync(join(folder, one)).isFile())) {
    expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    expect(readFileSync(join(folder, name), 'utf8')).not.toContain('access_token');
  }
}, 60_000);

test('refreshes once for all processes, with refresh tokens that are good for one use', async () => {
  const { url, counts } = await startGuarded(33);
  const { run, login } = machine(url);
  await login('here');
  const runs = await Promise.all([run(), run()]);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  const answers = await Promise.all(
    runs.flatMap(({ client }) => [1, 2, 3, 4].map(() => client.call('read'))),
  );
  expect(new Set(answers)).toEqual(new Set(['read as ada with read']));
  expect(await counts()).toMatchObject({
    'POST token authorization_code': 1,
    'POST token refresh_token': 1,
  });
  await Promise.all(runs.map(({ end }) => end()));
}, 60_000);
