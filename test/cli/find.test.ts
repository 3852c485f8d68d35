import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { entry, npmEntry } from '../helpers/entries.ts';
import { EVERYTHING, machine, ok } from '../helpers/machine.ts';
import { serveOfficial } from '../helpers/official.ts';

async function home() {
  const made = await machine(['npx']);
  made.home.write('.config/mcpm/config.json', '{"registries": ["catalogue"]}');
  return made;
}

describe('mcpm search', () => {
  it('shows what fits in a table, best first', async () => {
    const { home: at } = await home();
    const { stdout } = await ok(runCli(at, 'search files --limit 2'));
    const [head, first] = stdout.split('\n');
    expect(head).toMatch(/^NAME +INSTALL BY +FROM +DESCRIPTION$/);
    expect(first).toMatch(/^filesystem +npm +catalogue +official /);
    expect(stdout).toMatch(/2 of \d+; --limit shows more/);
  });

  it('shows more of each when asked', async () => {
    const { home: at } = await home();
    const { stdout } = await ok(runCli(at, 'search filesystem --detailed --limit 1'));
    expect(stdout).toMatch(/categories +System Tools/);
    expect(stdout).toMatch(/tags +files, /);
  });

  it('prints data for programs', async () => {
    const { home: at } = await home();
    const { json } = await ok(runCli(at, 'search time --json --limit 1'));
    expect(json()).toMatchObject({
      query: 'time',
      servers: [{ name: 'time', source: 'catalogue', also: [], status: 'active' }],
      notes: [],
    });
  });

  it.each(['', ' ', 'a\u0007b'])(
    'refuses %j, which names nothing, before it looks',
    async (name) => {
      const { home: at } = await home();
      for (const command of ['info', 'install']) {
        const { exitCode, stderr } = await runCli(at, [command, name]);
        expect([exitCode, stderr]).toEqual([12, expect.stringContaining('names no server')]);
      }
    },
  );

  it('says when nothing fits', async () => {
    const { home: at } = await home();
    expect((await ok(runCli(at, 'search qqqqzzzz'))).stdout).toContain(
      'Nothing found for "qqqqzzzz"',
    );
  });

  it('tells on stderr which registry could not be asked', async () => {
    const { home: at } = await machine([], { MCPM_REGISTRY_URL: 'http://127.0.0.1:9' });
    const { stderr } = await ok(runCli(at, 'search x'));
    expect(stderr).toContain('registry: Cannot reach the registry registry');
    expect((await ok(runCli(at, 'search x --offline'))).stderr).toBe('');
  });
});

describe('mcpm info', () => {
  it('shows what a person decides on', async () => {
    const { home: at, env } = await home();
    const { stdout } = await ok(runCli(at, 'info everything', { env }));
    for (const line of [
      /^Everything {2}everything/,
      /source +catalogue:everything/,
      /npm +@modelcontextprotocol\/server-everything 2\.0\.0 \(also 1\.0\.0\)/,
      /publisher +Model Context Protocol/,
      /repository +https:\/\/github\.com\//,
      /licence +\S+/,
      /installed +no/,
      /npm +recommended +npx -y/,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  it('knows whether it is installed, and current', async () => {
    const { home: at, env } = await home();
    await ok(runCli(at, 'install everything@1.0.0 --alias ev', { env }));
    const old = await ok(runCli(at, 'info everything', { env }));
    expect(old.stdout).toMatch(/installed +ev 1\.0\.0, pinned, outdated/);
    await ok(runCli(at, 'install everything --alias ev --force', { env }));
    const { json } = await ok(runCli(at, 'info everything --json', { env }));
    expect(json()).toMatchObject({
      installed: [{ name: 'ev', version: '2.0.0', pinned: true, current: true }],
      versions: [{ of: 'npm', package: EVERYTHING, latest: '2.0.0', recent: ['2.0.0', '1.0.0'] }],
    });
  });

  it('goes by what the command says, also after MCPM v2 or a person wrote it anew', async () => {
    const { home: at, env } = await home();
    await ok(runCli(at, 'install everything@1.0.0', { env }));
    const record = at.read('.config/mcpm/resolved.json');
    const { everything } = JSON.parse(at.read('.config/mcpm/servers.json'));
    const { name, command, args, env: values, profile_tags } = everything;
    const asV2 = { name, profile_tags, command, args, env: values };
    at.write('.config/mcpm/servers.json', JSON.stringify({ everything: asV2 }));
    expect((await runCli(at, 'info everything', { env })).stdout).toMatch(/1\.0\.0, pinned, outd/);
    expect(at.read('.config/mcpm/resolved.json')).toBe(record);
    for (const [word, state] of [
      [`${EVERYTHING}@2.0.0`, /everything 2\.0\.0, pinned, current/],
      [EVERYTHING, /everything, floating$/m],
    ] as const) {
      const edited = { ...asV2, args: ['-y', word] };
      at.write('.config/mcpm/servers.json', JSON.stringify({ everything: edited }));
      expect((await runCli(at, 'info everything', { env })).stdout).toMatch(state);
    }
  });

  it('knows an installed server by the name it has here', async () => {
    const { home: at, env } = await home();
    await ok(runCli(at, 'install npm:acme-mcp@0.1.0 --alias mine', { env }));
    const { stdout } = await ok(runCli(at, 'info mine', { env }));
    expect(stdout).toMatch(/source +npm:acme-mcp@0\.1\.0/);
    expect(stdout).toMatch(/installed +mine 0\.1\.0, pinned, outdated/);
  });

  it('shows the arguments, and the versions of a registry', async () => {
    const old = npmEntry('com.acme/acme-mcp', 'Things', '0.1.0');
    const server = {
      ...npmEntry('com.acme/acme-mcp', 'Things', '0.2.0').server,
      packages: [
        {
          registryType: 'npm',
          identifier: 'acme-mcp',
          version: '0.2.0',
          transport: { type: 'stdio' },
          environmentVariables: [
            { name: 'LEVEL', description: 'How much', isRequired: true, choices: ['low', 'high'] },
            { name: 'KEY', description: 'Who you are', isSecret: true },
          ],
        },
      ],
    };
    const registry = await serveOfficial([entry(old.server, { isLatest: false }), entry(server)]);
    const { home: at, env } = await machine(['npx'], { MCPM_REGISTRY_URL: registry.url });
    const { stdout } = await ok(runCli(at, 'info com.acme/acme-mcp', { env }));
    expect(stdout).toMatch(/source +registry:com\.acme\/acme-mcp@0\.2\.0/);
    expect(stdout).toMatch(/registry +com\.acme\/acme-mcp 0\.2\.0 \(also 0\.1\.0\)/);
    expect(stdout).toContain('LEVEL required  How much (one of low, high)');
    expect(stdout).toContain('KEY  Who you are (secret)');
    expect(stdout).toMatch(/version +0\.2\.0 \(published 2026-01-01\)/);
    expect(stdout).toMatch(/publisher +acme\.com https:\/\/acme\.com/);
  });

  it('describes a package, and does without registries when told to', async () => {
    const { home: at, env, npm } = await home();
    expect((await ok(runCli(at, 'info npm:acme-mcp', { env }))).stdout).toContain(
      'The package acme-mcp',
    );
    npm.requests.length = 0;
    await ok(runCli(at, 'info everything --offline', { env }));
    expect(npm.requests).toEqual([]);
    expect((await runCli(at, 'info nope-nope', { env })).exitCode).toBe(10);
  });
});
