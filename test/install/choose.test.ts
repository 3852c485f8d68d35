import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { machine, manifest, ok, resolved, stored } from '../helpers/machine.ts';

describe('the way a server is installed', () => {
  const both = manifest(
    { args: ['-y', 'acme-mcp'] },
    {
      arguments: {},
      installations: {
        python: { type: 'python', command: 'python', args: ['-m', 'x'] },
        uvx: { type: 'uvx', command: 'uvx', args: ['acme-py'], recommended: true },
        npm: { type: 'npm', command: 'npx', args: ['-y', 'acme-mcp'] },
        remote: { type: 'http', url: 'https://acme.test/mcp' },
      },
    },
  );

  it.each([
    [['uvx', 'npx'], '', 'uvx', 'recommended'],
    [['npx', 'python'], '', 'npm', 'uvx is recommended, but uvx is not on the PATH'],
    [['python3'], '', 'remote', 'uvx is recommended, but uvx is not on the PATH'],
    [['npx'], '--method uvx', 'uvx', 'asked for'],
    [['python3'], '--method python', 'python', 'asked for'],
    [['npx'], '--method http', 'remote', 'asked for'],
  ])('with %j here and %j is %s: %s', async (programs, flags, key, reason) => {
    const { home, env } = await machine(programs);
    home.write('both.json', JSON.stringify(both));
    const { json } = await ok(
      runCli(home, `install ./both.json --dry-run --json ${flags}`, { env }),
    );
    const { plan } = json<{
      plan: { installation: object; warnings: string[]; server: { command?: string } };
    }>();
    expect(plan.installation).toMatchObject({ key, reason });
    if (key === 'uvx' && !programs.includes('uvx'))
      expect(plan.warnings.join()).toContain('pip install uv');
    else expect(plan.warnings).toEqual([]);
    if (key === 'python') expect(plan.server.command).toBe('python3');
  });

  it.each([
    ['bunx', 'bunx', ['acme-mcp@0.3.0']],
    ['pnpm dlx', 'pnpm', ['dlx', 'acme-mcp@0.3.0']],
    ['npx', 'npx', ['-y', 'acme-mcp@0.3.0']],
  ])('uses the setting node_executable = %s', async (setting, command, args) => {
    const { home, env } = await machine(['npx', 'bunx', 'pnpm']);
    home.write('.config/mcpm/config.json', JSON.stringify({ node_executable: setting }));
    home.write('one.json', JSON.stringify(manifest({ args: ['-y', 'acme-mcp'] })));
    await ok(runCli(home, 'install ./one.json', { env }));
    expect(stored(home)['three']).toMatchObject({ command, args });
  });

  it('stays possible when the registry cannot be asked, and says that the version is open', async () => {
    const { home, env } = await machine(['npx'], { npm_config_registry: 'http://127.0.0.1:9/' });
    const { stdout } = await ok(runCli(home, 'install everything', { env }));
    expect(stdout).toContain('was not settled: Cannot reach the npm registry');
    expect(resolved(home).everything).toMatchObject({ pinned: false });
  });
});
