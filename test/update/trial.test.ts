import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { makeHome } from '../helpers/home.ts';
import { serveNpm } from '../helpers/packages.ts';

/** Stands in for npx: the package's version decides what the "server" does. */
const LAUNCHER = `
const version = process.argv.at(-1).split('@').at(-1);
if (version === '2.0.0') { console.error('cannot find module'); process.exit(3); }
process.stdin.on('data', (chunk) => {
  const { id } = JSON.parse(String(chunk));
  const answer = version === '3.0.0'
    ? { error: { code: -32603, message: 'no licence' } }
    : { result: { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 's', version } } };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
});
process.stdin.on('end', () => process.exit());
`;

async function machine() {
  const npm = await serveNpm({ acme: ['1.0.0', '1.1.0', '2.0.0', '3.0.0'] });
  const home = makeHome({ env: { npm_config_registry: `${npm.url}/` } });
  const npx = home.write('bin/npx', `#!${process.execPath}\n${LAUNCHER}`);
  chmodSync(npx, 0o755);
  const server = { name: 's', profile_tags: [], command: npx, args: ['acme@1.0.0'], env: {} };
  home.write('.config/mcpm/servers.json', JSON.stringify({ s: server }));
  const args = () => JSON.parse(home.read('.config/mcpm/servers.json')).s.args;
  return { home, args };
}

describe.skipIf(process.platform === 'win32')('mcpm update --try', () => {
  it('stores a version that answers', async () => {
    const { home, args } = await machine();
    const result = await runCli(home, 'update s --to 1.1.0 --try');
    expect(result.exitCode, result.stderr).toBe(0);
    expect(args()).toEqual(['acme@1.1.0']);
  });

  it.each([
    ['ends at once', '2.0.0', 'cannot find module'],
    ['refuses the session', '3.0.0', 'no licence'],
  ])('keeps the old one when the new one %s, and says why', async (_, version, why) => {
    const { home, args } = await machine();
    const result = await runCli(home, `update s --to ${version} --try`);
    expect(result.exitCode).toBeGreaterThanOrEqual(50);
    expect(result.stderr).toContain(why);
    expect(args()).toEqual(['acme@1.0.0']);
  });
});
