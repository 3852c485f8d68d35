/** The built program shares a real server through a relay and through an sshd; a real client uses it. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate } from '../../src/share/certificate.ts';
import {
  everythingServer,
  inspect,
  makeProgramHome,
  type ProgramHome,
  startProgram,
} from './program.ts';
import { until } from './relay/world.ts';

const now = new Date();
const authority = createCertificate({ names: ['Test CA'], days: 2, now, authority: true });
const leaf = createCertificate({
  names: ['localhost', '127.0.0.1'],
  days: 2,
  now,
  issuer: authority,
});

interface Ready {
  readonly url: string;
  readonly token: { readonly id: string; readonly value: string };
}

async function makeHome() {
  const home = makeProgramHome({ everything: await everythingServer() });
  const ca = home.write('ca.pem', authority.cert);
  const tls = [
    '--tls-cert',
    home.write('cert.pem', leaf.cert),
    '--tls-key',
    home.write('key.pem', leaf.key),
  ];
  return { home, ca, tls };
}

/** Start a relay and share through it. */
async function shareThroughRelay(words: readonly string[]) {
  const { home, ca, tls } = await makeHome();
  const relay = startProgram(home, [
    'relay',
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--rate',
    '5000',
    '--visitor-rate',
    '5000',
    ...tls,
  ]);
  const { port, created } = (await relay.line('ready')) as unknown as {
    port: number;
    created: { token: string }[];
  };
  const env = {
    MCPM_RELAY_ADDRESS: `localhost:${port}`,
    MCPM_RELAY_TOKEN: created[0]?.token ?? '',
    MCPM_RELAY_CA: ca,
  };
  const share = startProgram(home, [...words, '--port', '0'], env);
  const ready = (await share.line('ready')) as unknown as Ready;
  return { home, ca, relay, port, tls, share, ready };
}

const withToken = (token: string) => ['--header', `Authorization: Bearer ${token}`];

async function useWithInspector({ url, token }: Ready, ca: string) {
  const listed = await inspect(url, ca, ['--method', 'tools/list', ...withToken(token.value)]);
  expect(listed.stdout, listed.stderr).toContain('"echo"');
  const called = await inspect(url, ca, [
    '--method',
    'tools/call',
    '--tool-name',
    'echo',
    '--tool-arg',
    'message=through the tunnel',
    ...withToken(token.value),
  ]);
  expect(called.stdout, called.stderr).toContain('through the tunnel');
  const refused = await inspect(url, ca, ['--method', 'tools/list', ...withToken('mcpms_wrong')]);
  expect(refused.status).not.toBe(0);
}

describe('mcpm share', () => {
  it('is reached through a relay by the Inspector, and ends within two seconds', async () => {
    const { home, ca, share, ready } = await shareThroughRelay(['share', 'everything']);
    expect(ready.url).toMatch(/^https:\/\/localhost:\d+\/t\/[0-9a-f]{32}\/mcp$/);
    await useWithInspector(ready, ca);
    const listed = startProgram(home, ['share', 'revoke', ready.token.id]);
    await new Promise((resolve) => listed.child.once('exit', resolve));
    const revoked = await inspect(ready.url, ca, [
      '--method',
      'tools/list',
      ...withToken(ready.token.value),
    ]);
    expect(revoked.status).not.toBe(0);
    expect(await share.stop()).toBeLessThan(2_000);
    expect(share.lines.at(-1)).toEqual({ event: 'ended', reason: 'SIGINT' });
  });

  it('shares a profile, and comes back under its URL when the relay is started again', async () => {
    const { home, ca, relay, port, tls, share, ready } = await shareThroughRelay([
      'profile',
      'share',
      'all',
    ]);
    await relay.stop('SIGTERM');
    await share.line('disconnected');
    const again = startProgram(home, [
      'relay',
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      ...tls,
    ]);
    await again.line('ready');
    const began = Date.now();
    const back = await share.line('reconnected', 3_000);
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(back['url']).toBe(ready.url);
    const listed = await inspect(ready.url, ca, [
      '--method',
      'tools/list',
      ...withToken(ready.token.value),
    ]);
    expect(listed.stdout, listed.stderr).toContain('"echo"');
  });

  it('is given up by a relay when its machine stands still, and gives up a relay that does', async () => {
    const [still, left] = await Promise.all([
      shareThroughRelay(['share', 'everything']),
      shareThroughRelay(['share', 'everything']),
    ]);
    still.share.child.kill('SIGSTOP');
    left.relay.child.kill('SIGSTOP');
    try {
      // A ping at most 20 s later, and 10 s to answer it.
      await Promise.all([
        still.relay.line('disconnected', 40_000),
        left.share.line('disconnected', 40_000),
      ]);
      const visitor = await inspect(still.ready.url, still.ca, [
        '--method',
        'tools/list',
        ...withToken(still.ready.token.value),
      ]);
      expect(visitor.stderr).toMatch(/503|away|not connected/i);
    } finally {
      still.share.child.kill('SIGCONT');
      left.relay.child.kill('SIGCONT');
    }
    await Promise.all([still, left].map(({ share }) => share.line('reconnected', 10_000)));
    await useWithInspector(still.ready, still.ca);
  });

  it('serves HTTP+SSE through a relay when asked, below its path', async () => {
    const { ca, ready } = await shareThroughRelay(['share', 'everything', '--sse']);
    expect(ready.url).toMatch(/\/t\/[0-9a-f]{32}\/sse$/);
    await useWithInspector(ready, ca);
  });

  it.skipIf(!haveSshd())(
    'is reached through an sshd by the Inspector, TLS all the way',
    async () => {
      const { home, ca, tls } = await makeHome();
      const ssh = await startSshd(home);
      const share = startProgram(
        home,
        ['share', 'everything', '--provider', 'ssh', '--port', String(await freePort()), ...tls],
        ssh,
      );
      const ready = (await share.line('ready')) as unknown as Ready;
      expect(ready.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/mcp$/);
      await useWithInspector(ready, ca);
      expect(await share.stop()).toBeLessThan(2_000);
    },
  );
});

/** Debian's sshd; installed when we may. Without it the test is not shown. */
function haveSshd(): boolean {
  const there = () => existsSync('/usr/sbin/sshd');
  if (!there() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const quiet = {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    } as const;
    try {
      execFileSync('apt-get', ['update', '-qq'], quiet);
      execFileSync(
        'apt-get',
        ['install', '-y', '-qq', '--no-install-recommends', 'openssh-server'],
        quiet,
      );
    } catch {
      // Offline: not shown.
    }
  }
  if (!there()) console.warn('no sshd here: sharing through ssh is not shown');
  return there();
}

/** An sshd of the test's own on a free port; the settings that reach it. */
async function startSshd(home: ProgramHome): Promise<Record<string, string>> {
  const key = (name: string) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home.dir, name)]);
    return join(home.dir, name);
  };
  const [host, user] = [key('host'), key('user')];
  const port = await freePort();
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const config = home.write(
    'sshd_config',
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${host}`,
      `AuthorizedKeysFile ${user}.pub`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'PermitRootLogin prohibit-password',
      'AllowTcpForwarding remote',
      '',
    ].join('\n'),
  );
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: 'ignore' });
  onTestFinished(() => void sshd.kill());
  await until(() => sshd.exitCode === null);
  await reachable(port);
  return {
    MCPM_SSH_ADDRESS: `${process.env.USER ?? 'root'}@127.0.0.1:${port}`,
    MCPM_SSH_OPTIONS: `-F none -i ${user} -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=${home.dir}/known`,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function reachable(port: number): Promise<void> {
  const { connect } = await import('node:net');
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('sshd did not listen');
}
