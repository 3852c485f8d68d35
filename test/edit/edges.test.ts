import { describe, expect, it } from 'vitest';
import { applyChanges, formatOf } from '../../src/edit/index.ts';

const jsonc = await formatOf('jsonc');
const yaml = await formatOf('yaml');
const toml = await formatOf('toml');
const entry = { command: '/x/mcpm', args: ['run', 'time'] };
const named = { name: 'mcpm_time', ...entry };
const inList = ['mcpServers', { where: 'name', is: 'mcpm_time' }];

function failure(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('jsonc', () => {
  it('adds behind the last entry, with its comment, indentation and trailing comma', () => {
    const text =
      '{\n\t"mcpServers": {\n\t\t"a": { "command": "a", "args": ["x"] }, // first\n\t},\n}\n';
    expect(jsonc.set(text, ['mcpServers', 'b'], entry, 'f')).toBe(
      '{\n\t"mcpServers": {\n\t\t"a": { "command": "a", "args": ["x"] }, // first\n\t\t"b": {\n\t\t\t"command": "/x/mcpm",\n\t\t\t"args": ["run", "time"]\n\t\t},\n\t},\n}\n',
    );
  });

  it('writes a file that is on one line on one line', () => {
    expect(jsonc.set('{"mcpServers":{}}', ['mcpServers', 'b'], entry, 'f')).toBe(
      '{"mcpServers":{"b":{"command":"/x/mcpm","args":["run","time"]}}}',
    );
  });

  it('changes single fields, and leaves the bytes of the others', () => {
    const text = '{ "s": { "a": {\n "command" : "old", // why\n "x":[ 1,2 ], "gone": 1 } } }';
    const after = jsonc.set(text, ['s', 'a'], { command: 'new', x: [1, 2] }, 'f');
    expect(after).toBe('{ "s": { "a": {\n "command" : "new", // why\n "x":[ 1,2 ] } } }');
  });

  it('picks an element of a list by a field', () => {
    const text = '{ "mcpServers": [{ "name": "a" }] }';
    const added = jsonc.set(text, inList, named, 'f');
    expect(jsonc.parse(added, 'f')).toEqual({ mcpServers: [{ name: 'a' }, named] });
    expect(jsonc.remove(added, inList, 'f')).toBe(text);
  });

  it('refuses a key that occurs twice on the way, and says so', () => {
    const text = '{ "mcpServers": { "a": 1 }, "mcpServers": { "b": 1 } }';
    expect(failure(() => jsonc.set(text, ['mcpServers', 'c'], entry, 'x.json'))).toMatchObject({
      code: 'EDIT_REFUSED',
      message: 'Cannot set "mcpServers.c" in x.json: the key "mcpServers" occurs twice there',
      hint: expect.stringContaining('by hand: {"command":"/x/mcpm"'),
    });
  });

  it('masks secrets in what it says to put there by hand', () => {
    const text = '{ "s": { "a": 1, "a": 2 } }';
    const secret = { env: { API_KEY: 'hunter2' }, headers: { Authorization: 'Bearer hunter2' } };
    const error = failure(() => jsonc.set(text, ['s', 'a'], secret, 'f'));
    expect(error).toMatchObject({ code: 'EDIT_REFUSED', hint: expect.stringContaining('API_KEY') });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('leaves duplicate keys elsewhere alone', () => {
    const text = '{ "x": 1, "x": 2, "mcpServers": { "a": {} } }';
    expect(jsonc.set(text, ['mcpServers', 'b'], {}, 'f')).toBe(
      '{ "x": 1, "x": 2, "mcpServers": { "a": {}, "b": {} } }',
    );
  });

  it('names file, line and column of what does not parse', () => {
    expect(failure(() => jsonc.remove('{\n  "a": 1\n  "b": 2\n}', ['a'], 'x.json'))).toMatchObject({
      code: 'CONFIG_SYNTAX',
      message: expect.stringMatching(/^x\.json:3:3: /),
      data: { file: 'x.json', line: 3, column: 3 },
    });
  });

  it('never throws a container of another kind away', () => {
    for (const text of ['{"mcpServers": []}', '{"mcpServers": "x"}', '[]', '3'])
      expect(failure(() => jsonc.set(text, ['mcpServers', 'a'], entry, 'f'))).toMatchObject({
        code: 'CONFIG_SHAPE',
      });
  });

  it('keeps keys that JavaScript treats as special', () => {
    const text = '{ "__proto__": { "x": 1 }, "mcpServers": { "constructor": { "command": "c" } } }';
    const after = jsonc.set(text, ['mcpServers', '__proto__'], { command: 'p' }, 'f');
    expect(after).toContain('"constructor": { "command": "c" }, "__proto__": { "command": "p" }');
    expect(jsonc.remove(after, ['mcpServers', '__proto__'], 'f')).toBe(text);
  });
});

describe('yaml', () => {
  it('opens a null or an empty section in block style', () => {
    const after =
      'a: 1\nmcpServers: # mine\n  - name: mcpm_time\n    command: /x/mcpm\n    args:\n      - run\n      - time\nb: 2\n';
    for (const nothing of ['', ' []', ' null', ' ~'])
      expect(yaml.set(`a: 1\nmcpServers:${nothing} # mine\nb: 2\n`, inList, named, 'f')).toBe(
        after,
      );
  });

  it('says that an emptied section is empty', () => {
    const text = 'servers: # mine\n  a:\n    x: 1\nb: 2\n';
    expect(yaml.remove(text, ['servers', 'a'], 'f')).toBe('servers: {} # mine\nb: 2\n');
  });

  it('takes comments that stand further in than an entry for its own', () => {
    const text =
      'servers:\n  a:\n    x: |\n      t\n  b:\n    x: 1\n      # of b\n    # of b too\n  # of c\n  c: {}\n';
    expect(yaml.remove(text, ['servers', 'b'], 'f')).toBe(
      'servers:\n  a:\n    x: |\n      t\n  # of c\n  c: {}\n',
    );
    const empty = 'servers:\n  # fill me\nb: 2\n';
    const after = yaml.set(empty, ['servers', 'a'], { x: 1 }, 'f');
    expect(after).toBe('servers:\n  # fill me\n  a:\n    x: 1\nb: 2\n');
  });

  it('writes an override beside a merge key, and refuses to take away what it brings', () => {
    const text = 'base: &base\n  a: {x: 1}\nservers:\n  <<: *base\n  b: {x: 2}\n';
    const path = ['servers', 'a'];
    expect(yaml.parse(text, 'f')).toMatchObject({ servers: { a: { x: 1 }, b: { x: 2 } } });
    expect(yaml.parse(yaml.set(text, ['servers', 'c'], { x: 3 }, 'f'), 'f')).toMatchObject({
      base: { a: { x: 1 } },
      servers: { a: { x: 1 }, c: { x: 3 } },
    });
    expect(failure(() => yaml.remove(text, path, 'f'))).toMatchObject({
      code: 'EDIT_REFUSED',
      message: expect.stringContaining('merge key'),
    });
  });

  it('does not write through an alias', () => {
    const text = 'base: &base\n  a: {x: 1}\nservers: *base\n';
    expect(failure(() => yaml.set(text, ['servers', 'b'], { x: 1 }, 'f'))).toMatchObject({
      code: 'EDIT_REFUSED',
      message: expect.stringContaining('alias'),
    });
  });

  it('refuses to take away an anchor that is used elsewhere', () => {
    const text = 'servers:\n  a: &a\n    x: 1\n  b: *a\n';
    expect(failure(() => yaml.remove(text, ['servers', 'a'], 'f'))).toMatchObject({
      code: 'EDIT_REFUSED',
    });
  });

  it.each([
    ['several documents', 'a: 1\n---\nb: 2\n', /^f:2:1: more than one document/],
    ['duplicate keys', 'a: 1\na: 2\n', /^f:2:1: /],
    ['tabs as indentation', 'a:\n\tb: 1\n', /^f:2:1: /],
  ])('names the place of %s', (_, text, message) => {
    expect(failure(() => yaml.set(text, ['x', 'y'], {}, 'f'))).toMatchObject({
      code: 'CONFIG_SYNTAX',
      message: expect.stringMatching(message),
    });
  });

  it('edits one document with markers and a directive', () => {
    const text = '%YAML 1.2\n---\na: 1\n...\n';
    const after = yaml.set(text, ['servers', 'b'], { x: 1 }, 'f');
    expect(after).toBe('%YAML 1.2\n---\na: 1\nservers:\n  b:\n    x: 1\n...\n');
  });

  it('keeps the trailing blank lines of a kept block scalar', () => {
    const text = 'servers:\n  a:\n    t: |+\n      x\n\n\n';
    const after = yaml.set(text, ['servers', 'b'], { x: 1 }, 'f');
    expect(yaml.parse(after, 'f')).toEqual({ servers: { a: { t: 'x\n\n\n' }, b: { x: 1 } } });
    expect(yaml.remove(after, ['servers', 'b'], 'f')).toBe(text);
  });
});

describe('toml', () => {
  it('adds a table behind the last one of its section', () => {
    const text = '[mcp_servers.a]\ncommand = "a" # c\n\n[z]\nx = 1\n';
    expect(toml.set(text, ['mcp_servers', 'b.c'], { ...entry, env: { K: 'v' } }, 'f')).toBe(
      '[mcp_servers.a]\ncommand = "a" # c\n\n[mcp_servers."b.c"]\ncommand = "/x/mcpm"\nargs = ["run", "time"]\n\n[mcp_servers."b.c".env]\nK = "v"\n\n[z]\nx = 1\n',
    );
  });

  it('takes all tables of an entry away, wherever they are', () => {
    const text = '[m.a]\nx = 1\n\n[z]\ny = 1\n\n[m.a.env]\nK = "v"\n\n[m.b]\nx = 2\n';
    expect(toml.remove(text, ['m', 'a'], 'f')).toBe('\n[z]\ny = 1\n\n[m.b]\nx = 2\n'.slice(1));
  });

  it('goes into an inline table, into dotted keys and into a list of tables', () => {
    expect(toml.set('m = { a = { x = 1 } } # c\n', ['m', 'b'], { x: 2 }, 'f')).toBe(
      'm = { a = { x = 1 }, b = { x = 2 } } # c\n',
    );
    expect(toml.set('m.a.x = 1\ny = 2\n', ['m', 'b'], { x: 2 }, 'f')).toBe(
      'm.a.x = 1\nm.b = { x = 2 }\ny = 2\n',
    );
    const list = [{ name: 'a' }].map((item) => ['m', { where: 'name', is: item.name }])[0] ?? [];
    expect(toml.set('[[m]]\nname = "b"\n', list, { name: 'a', env: { K: 'v' } }, 'f')).toBe(
      '[[m]]\nname = "b"\n\n[[m]]\nname = "a"\n\n[m.env]\nK = "v"\n',
    );
  });

  it('changes single fields of an entry in any form', () => {
    const value = { x: 2, y: 'n', env: { K: 'w' } };
    for (const text of [
      '[m.a] # h\nx = 1 # c\ngone = 1\n\n[m.a.env]\nK = "v" # k\n',
      'm = { a = { x = 1, gone = 1, env.K = "v" } }\n',
      '[m]\na.x = 1 # c\na.gone = 1\na.env = { K = "v" }\n',
    ]) {
      const after = toml.set(text, ['m', 'a'], value, 'f');
      expect(toml.parse(after, 'f')).toEqual({ m: { a: value } });
      for (const comment of text.match(/# \w/g) ?? []) expect(after).toContain(comment);
    }
  });

  it('names the place of what does not parse', () => {
    expect(failure(() => toml.set('a = 1\nb = @\n', ['x', 'y'], {}, 'f'))).toMatchObject({
      code: 'CONFIG_SYNTAX',
      message: expect.stringMatching(/^f:2:/),
    });
    expect(failure(() => toml.set('a = 1\na = 2\n', ['x', 'y'], {}, 'f'))).toMatchObject({
      code: 'CONFIG_SYNTAX',
      message: expect.stringMatching(/^f:2:/),
    });
  });
});

describe('applyChanges', () => {
  it('restores an earlier text when a removal leads back to it', () => {
    for (const former of ['', '{}\n', '{ "a": 1 }', '{\n  "mcpServers": {\n  }\n}\n']) {
      const changes = [
        { path: ['mcpServers', 'x'], value: entry },
        { path: ['mcpServers', 'y'], value: entry },
      ];
      const text = applyChanges(jsonc, former, changes, 'f');
      const back = changes.map(({ path }) => ({ path, value: undefined }));
      expect(applyChanges(jsonc, text, back, 'f', ['{}', former])).toBe(former);
    }
  });

  it('does not restore an earlier text that something else was added to since', () => {
    const path = ['mcpServers', 'x'];
    const text = jsonc.set('{ "a": 1, "mine": 2 }', path, entry, 'f');
    expect(applyChanges(jsonc, text, [{ path, value: undefined }], 'f', ['{ "a": 1 }'])).toBe(
      '{ "a": 1, "mine": 2, "mcpServers": {} }',
    );
  });
});
