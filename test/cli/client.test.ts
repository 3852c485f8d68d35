import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { CURSOR, MINE, setUp } from '../helpers/clients.ts';

const SECRET =
  '{\n  "mcpServers": { "own": { "command": "x", "env": { "API_KEY": "hunter2-hunter2" } } }\n}\n';

describe('mcpm client ls', () => {
  it('shows detected clients: what is of mcpm, what is not, what is gone', async () => {
    const gone = { command: 'mcpm', args: ['run', 'gone'] };
    const text = JSON.stringify({ mcpServers: { own: { command: 'x' }, mcpm_gone: gone } });
    const { home } = setUp({ [CURSOR]: text, '.codeium/windsurf/mcp_config.json': '{' });
    await runCli(home, 'client edit cursor --add-server time --add-profile web');
    const { stdout, exitCode } = await runCli(home, 'client ls');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/cursor\s+Cursor\s+gone, time\s+web\s+1/);
    expect(stdout).toMatch(/windsurf\s+Windsurf.*mcp_config\.json:1:2/);
    expect(stdout).toContain('drift: cursor has mcpm_gone');
    expect(stdout).toContain('mcpm client edit cursor --remove-server gone');
    expect(stdout).not.toContain('zed');
    const verbose = await runCli(home, 'client list -v');
    expect(verbose.stdout).toContain(join(home.dir, CURSOR));
    expect(verbose.stdout).toMatch(/others\s+own/);
    const json = await runCli(home, 'client ls --all --json');
    const { clients } = json.json<{ clients: { client: string }[] }>();
    expect(clients.find(({ client }) => client === 'cursor')).toMatchObject({
      servers: ['gone', 'time'],
      drift: [{ entry: 'mcpm_gone', kind: 'server', name: 'gone' }],
      others: ['own'],
    });
    expect(clients.length).toBeGreaterThanOrEqual(34);
  });

  it('says what to do when no client is here', async () => {
    const { home } = setUp();
    const { stdout } = await runCli(home, 'client ls', { env: { PATH: '' } });
    expect(stdout).toContain('mcpm client ls --all');
  });
});

describe('mcpm client edit', () => {
  it('does the same by flags, by answers and as JSON', async () => {
    const results = [];
    for (const [line, options] of [
      ['client edit cursor --set-profiles web --set-servers time,docs', {}],
      ['client edit', { answers: ['cursor', ['web'], ['time', 'docs']] }],
      ['client edit cursor --set-profiles web --set-servers time --add-profile web --json', {}],
    ] as const) {
      const { home } = setUp({ [CURSOR]: MINE });
      const { exitCode, stdout } = await runCli(home, line, options);
      results.push({ exitCode, stdout, file: home.read(CURSOR).replaceAll(home.dir, '~') });
    }
    const [flags, answers, mixed] = results;
    expect(flags?.exitCode).toBe(0);
    expect(flags?.stdout).toContain('+ mcpm_profile_web');
    expect(flags?.stdout).toContain('time is there alone and in web');
    expect(answers?.file).toBe(flags?.file);
    expect(mixed?.exitCode).toBe(2);
    expect(mixed?.file).toBe(MINE);
  });

  it('leaves what stays picked as it is, and shows what is gone so that it can be taken out', async () => {
    const { home } = setUp();
    await runCli(home, 'client edit cursor --add-server docs --native');
    await runCli(home, 'client edit cursor --add-server time');
    const gone = '"mcpm_gone": { "command": "mcpm", "args": ["run", "gone"] }';
    const before = home.read(CURSOR).replace('"mcpServers": {', `"mcpServers": {\n    ${gone},`);
    home.write(CURSOR, before);
    const same = ['cursor', [], ['docs', 'time', 'gone']];
    expect((await runCli(home, 'client edit', { answers: same })).stdout).toContain('already');
    expect(home.read(CURSOR)).toBe(before);
    const { exitCode } = await runCli(home, 'client edit', {
      answers: ['cursor', ['web'], ['docs']],
    });
    expect(exitCode).toBe(0);
    const after = JSON.parse(home.read(CURSOR)).mcpServers;
    expect(Object.keys(after)).toEqual(['mcpm_docs', 'mcpm_profile_web']);
    expect(after.mcpm_docs).toEqual({ url: 'https://example.com/mcp' });
  });

  it('takes several flags in one call', async () => {
    const { home } = setUp();
    await runCli(home, 'client edit cursor --set-servers files,docs --add-profile web');
    const { stdout } = await runCli(
      home,
      'client edit cursor --add-server time --remove-server files --remove-profile web --json',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      client: 'cursor',
      changes: [
        { kind: 'remove', entry: 'mcpm_files' },
        { kind: 'remove', entry: 'mcpm_profile_web' },
        { kind: 'add', entry: 'mcpm_time' },
      ],
      selection: { servers: ['docs', 'time'], profiles: [] },
    });
  });

  it('names the command that undoes an edit of the very file', async () => {
    const { home } = setUp();
    const project = await runCli(home, 'client edit cursor --add-server time --scope project');
    expect(project.stdout).toContain('Undo it: mcpm client undo cursor --scope project');
    const other = await runCli(home, [
      'client',
      'edit',
      'cursor',
      '--add-server',
      'time',
      '--file',
      'x y.json',
    ]);
    expect(other.stdout).toContain('Undo it: mcpm client undo cursor --file "x y.json"');
  });

  it('takes an empty list for none', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    await runCli(home, 'client edit cursor --add-server time,docs');
    await runCli(home, 'client edit cursor --set-servers=');
    expect(home.read(CURSOR)).toBe(MINE);
  });

  it('shows a diff with secrets masked, and writes nothing, on --dry-run', async () => {
    const { home } = setUp({ [CURSOR]: SECRET });
    for (const line of [
      'client edit cursor --add-server time --dry-run',
      'client diff cursor --add-server time',
    ]) {
      const { stdout, exitCode } = await runCli(home, line, { env: { FORCE_COLOR: '1' } });
      expect(exitCode).toBe(0);
      expect(stdout).toContain('mcpm_time');
      expect(stdout).toContain('\u001b[32m+');
      expect(stdout).not.toContain('hunter2');
    }
    expect(home.read(CURSOR)).toBe(SECRET);
    const json = await runCli(home, 'client edit cursor --add-server time --dry-run --json');
    expect(json.stdout).not.toContain('hunter2');
    expect(json.json()).toMatchObject({ dryRun: true, changes: [{ entry: 'mcpm_time' }] });
  });

  it.each([
    ['client edit cursor', 2, '--add-server'],
    ['client edit', 2, 'a client'],
    ['client edit curser --add-server time', 10, 'Did you mean cursor?'],
    ['client edit cursor --add-server tiem', 10, 'Did you mean time?'],
    ['client edit cursor --set-profiles wbe', 10, 'Did you mean web?'],
    ['client edit cursor --add-server time --file x.json --scope project', 2, '--scope'],
    ['client edit cursor --add-servr time', 2, '--add-server'],
  ])('ends %j with %i and says what to do', async (line, exitCode, text) => {
    const { home } = setUp();
    const human = await runCli(home, line);
    expect(human).toMatchObject({ exitCode, stdout: '' });
    expect(human.stderr).toContain(text);
    expect((await runCli(home, `${line} --json`)).json()).toHaveProperty('error.code');
  });

  it('opens the file in the editor, and says when it does not parse afterwards', async () => {
    const { home } = setUp();
    const editor = home.write(
      'ed.mjs',
      "import fs from 'node:fs'; fs.writeFileSync(process.argv[2], '{ bad')",
    );
    const env = { EDITOR: `${process.execPath} ${editor}` };
    const { exitCode, stderr } = await runCli(home, 'client edit cursor -e', { env });
    expect(exitCode).toBe(20);
    expect(stderr).toContain(`${join(home.dir, CURSOR)}:1:3`);
  });
});

describe('mcpm client diff and undo', () => {
  it('show the last edit, and take it back byte for byte', async () => {
    const { home } = setUp({ [CURSOR]: SECRET });
    await runCli(home, 'client edit cursor --add-server time');
    const diff = await runCli(home, 'client diff cursor');
    expect(diff.stdout).toContain('+++ ');
    expect(diff.stdout).toContain('"mcpm_time"');
    expect(diff.stdout).not.toContain('hunter2');
    const dry = await runCli(home, 'client undo cursor --dry-run');
    expect(dry.stdout).toMatch(/^-.*"mcpm_time"/m);
    expect(home.read(CURSOR)).not.toBe(SECRET);
    const undone = await runCli(home, 'client undo cursor');
    expect(undone.stdout).toContain('is as it was before the edit of ');
    expect(undone).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Undone') });
    expect(home.read(CURSOR)).toBe(SECRET);
    expect((await runCli(home, 'client undo cursor')).exitCode).toBe(10);
    expect((await runCli(home, 'client diff cursor --json')).json()).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  });
});
