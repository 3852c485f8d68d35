import { expect, it } from 'vitest';
import { apply, plan } from '../../src/install/index.ts';
import { openSecrets } from '../../src/secrets/index.ts';
import { runCli } from '../helpers/cli.ts';
import { makeHome } from '../helpers/home.ts';

const MANIFEST = {
  name: 'vault',
  display_name: 'Vault',
  description: 'd',
  arguments: {
    API_KEY: { description: 'the key', required: true },
    PIN: { description: 'a pin', secret: true },
    REGION: { description: 'where' },
  },
  installations: {
    node: {
      type: 'custom',
      command: 'node',
      args: ['server.js', '--pin', '${PIN}'],
      env: { KEY: 'Key ${API_KEY}', REGION: '${REGION}' },
    },
    remote: {
      type: 'http',
      url: 'https://acme.test/mcp?key=${API_KEY}',
      headers: { Authorization: 'Bearer ${API_KEY}' },
    },
  },
};

const SET = ['--set', 'API_KEY=k3y-value', '--set', 'PIN=p1n-value', '--set', 'REGION=eu'];

function home() {
  const made = makeHome();
  made.write('vault.json', JSON.stringify(MANIFEST));
  return made;
}

it('keeps secrets in the store, and refers to them from the configuration', async () => {
  const made = home();
  const { exitCode, stdout, stderr } = await runCli(made, ['install', './vault.json', ...SET]);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('Secrets are in an encrypted file');
  const text = made.read('.config/mcpm/servers.json');
  expect(JSON.parse(text).vault).toMatchObject({
    args: ['server.js', '--pin', '${secret:vault/PIN}'],
    env: { KEY: 'Key ${secret:vault/API_KEY}', REGION: 'eu' },
  });
  const secrets = await openSecrets(made.ctx);
  expect(await secrets.get('vault/API_KEY')).toBe('k3y-value');
  expect(await secrets.get('vault/PIN')).toBe('p1n-value');
});

it('stores them readable when told to', async () => {
  const made = home();
  const line = [
    'install',
    './vault.json',
    '--plain-secrets',
    '--method',
    'remote',
    '--set',
    'API_KEY=k3y',
  ];
  const { stdout } = await runCli(made, line);
  expect(stdout).toContain('Secrets are readable in servers.json');
  expect(JSON.parse(made.read('.config/mcpm/servers.json')).vault).toMatchObject({
    url: 'https://acme.test/mcp?key=k3y',
    headers: { Authorization: 'Bearer k3y' },
  });
});

it.each([
  ['install ./vault.json --dry-run'],
  ['install ./vault.json --dry-run --json'],
  ['install ./vault.json --dry-run --plain-secrets --json'],
  ['install ./vault.json --plain-secrets --json'],
])('never shows one: %s', async (line) => {
  const { stdout, stderr } = await runCli(home(), [...line.split(' '), ...SET]);
  expect(stdout + stderr).toContain('vault');
  expect(stdout + stderr).not.toMatch(/k3y-value|p1n-value/);
});

it('asks for them hidden, and not again for what is given', async () => {
  const made = home();
  const answers = ['k3y-value', '', '', true];
  const { exitCode, stderr } = await runCli(made, 'install ./vault.json', { answers });
  expect(exitCode, stderr).toBe(0);
  expect(stderr).not.toContain('k3y-value');
  expect(JSON.parse(made.read('.config/mcpm/servers.json')).vault).toMatchObject({
    args: ['server.js'],
    env: { KEY: 'Key ${secret:vault/API_KEY}' },
  });
});

it('keeps the default of a secret that nobody enters', async () => {
  const made = home();
  const PIN = { ...MANIFEST.arguments.PIN, default: '0000', required: true };
  const manifest = { ...MANIFEST, arguments: { ...MANIFEST.arguments, PIN } };
  made.write('vault.json', JSON.stringify(manifest));
  const answers = ['k3y-value', '', '', true];
  const { exitCode, stderr } = await runCli(made, 'install ./vault.json', { answers });
  expect(exitCode, stderr).toBe(0);
  expect(await (await openSecrets(made.ctx)).get('vault/PIN')).toBe('0000');
});

it('stores none when the server cannot be stored', async () => {
  const made = home();
  made.write('.config/mcpm/resolved.json', '{');
  const broken = await runCli(made, ['install', './vault.json', ...SET]);
  expect(broken.exitCode).toBe(20);
  made.write('.config/mcpm/resolved.json', '{}');
  const planned = await plan(made.ctx, {
    reference: './vault.json',
    set: [['API_KEY', 'k3y-value']],
  });
  await runCli(made, 'new vault --command x');
  await expect(apply(made.ctx, planned)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await (await openSecrets(made.ctx)).list()).toEqual([]);
  expect(made.read('.config/mcpm/resolved.json')).toBe('{}');
});

it('has the old values when a server cannot be replaced', async () => {
  const made = home();
  await runCli(made, ['install', './vault.json', ...SET]);
  const planned = await plan(made.ctx, {
    reference: './vault.json',
    set: [['API_KEY', 'new-value']],
    replace: true,
  });
  made.write('.config/mcpm/servers.json', '{');
  await expect(apply(made.ctx, planned)).rejects.toMatchObject({ code: 'CONFIG_SYNTAX' });
  expect(await (await openSecrets(made.ctx)).get('vault/API_KEY')).toBe('k3y-value');
});

it('forgets those that a replaced server leaves behind', async () => {
  const made = home();
  await runCli(made, ['install', './vault.json', ...SET]);
  const again = ['install', './vault.json', '--set', 'API_KEY=other', '--force'];
  await runCli(made, again);
  const secrets = await openSecrets(made.ctx);
  expect(await secrets.list()).toEqual(['vault/API_KEY']);
  await runCli(made, [...again, '--plain-secrets']);
  expect(await secrets.list()).toEqual([]);
});

it('leaves a reference as it is', async () => {
  const made = home();
  await runCli(made, ['install', './vault.json', '--set', 'API_KEY=${MY_KEY}']);
  expect(JSON.parse(made.read('.config/mcpm/servers.json')).vault.env.KEY).toBe('Key ${MY_KEY}');
});

it('forgets them, and all else, with the server; and follows it to a new name', async () => {
  const made = home();
  await runCli(made, ['install', './vault.json', ...SET]);
  await runCli(made, 'edit vault --name safe');
  expect(Object.keys(JSON.parse(made.read('.config/mcpm/resolved.json')))).toEqual(['safe']);
  await runCli(made, 'uninstall safe --yes');
  const secrets = await openSecrets(made.ctx);
  expect(await secrets.list()).toEqual([]);
  expect(JSON.parse(made.read('.config/mcpm/resolved.json'))).toEqual({});
  expect(JSON.parse(made.read('.config/mcpm/sources.json'))).toEqual({});
});
