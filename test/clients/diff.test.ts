import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskerOf, unifiedDiff } from '../../src/clients/index.ts';
import { MASK } from '../../src/platform/redact.ts';

const same = (line: string) => line;

/** What the lines of a diff say about one side, hunk by hunk: where it begins and what stands there. */
function sides(diff: readonly { kind: string; text: string }[], sign: '-' | '+') {
  const hunks: { start: number; lines: string[] }[] = [];
  for (const { kind, text } of diff) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@$/.exec(text);
    if (kind === 'hunk' && header)
      hunks.push({ start: Number(sign === '-' ? header[1] : header[2]), lines: [] });
    else if (kind !== 'file' && (text.startsWith(sign) || text.startsWith(' ')))
      hunks.at(-1)?.lines.push(text.slice(1));
  }
  return hunks;
}

describe('unifiedDiff', () => {
  it('is what diff -u would say', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    const after = 'a\nb\nc\nX\ne\nf\ng\nh\ni\n';
    expect(unifiedDiff('f', before, after, same).map(({ text }) => text)).toEqual([
      '--- f',
      '+++ f',
      '@@ -1,8 +1,9 @@',
      ...[' a', ' b', ' c', '-d', '+X', ' e', ' f', ' g', ' h', '+i'],
    ]);
    expect(unifiedDiff('f', before, before, same)).toEqual([]);
  });

  it('tells a new file, a removed file, and a missing line end', () => {
    expect(unifiedDiff('f', undefined, 'a', same).map(({ text }) => text)).toEqual([
      '--- /dev/null',
      '+++ f',
      '@@ -0,0 +1 @@',
      '+a\n\\ No line end at the end of the file',
    ]);
    expect(unifiedDiff('f', 'a\n', undefined, same)[1]?.text).toBe('+++ /dev/null');
  });

  it('holds both texts around every change, at the lines it names', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '', ' '), { maxLength: 40 });
    fc.assert(
      fc.property(text, text, (old, fresh) => {
        const [before, after] = [old, fresh].map((lines) => lines.map((l) => `${l}\n`).join(''));
        const diff = unifiedDiff('f', before, after, same);
        for (const [sign, lines] of [
          ['-', old],
          ['+', fresh],
        ] as const) {
          for (const hunk of sides(diff, sign)) {
            const start = hunk.lines.length === 0 ? hunk.start : hunk.start - 1;
            expect(lines.slice(start, start + hunk.lines.length)).toEqual(hunk.lines);
          }
        }
        const count = (kind: string) => diff.filter((line) => line.kind === kind).length;
        expect(old.length - count('remove') + count('add')).toBe(fresh.length);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('maskerOf', () => {
  it('masks what is secret by name, by shape, behind a flag, and in headers', async () => {
    const config = {
      servers: {
        a: {
          env: { API_KEY: 'k1', LEVEL: 'info', OPAQUE: 'Zm9vYmFyMTIzNDU2Nzg5' },
          args: [
            '--token',
            'tok-value',
            '--password=pw-value',
            '--port',
            '8080',
            'sk-abcdefghijklmnop1234',
          ],
          headers: { Authorization: 'Bearer abcdef123456' },
          url: 'https://u:hunter2@host/',
        },
      },
    };
    const text = JSON.stringify(config, null, 1);
    const mask = await maskerOf('jsonc', 'f', [text, undefined]);
    const shown = text.split('\n').map(mask).join('\n');
    expect(shown).not.toMatch(/"k1"|Zm9v|tok-value|pw-value|sk-abc|abcdef123456|hunter2/);
    for (const plain of ['"info"', '"8080"', '"--token"', '"LEVEL"', '@host'])
      expect(shown).toContain(plain);
    expect(shown).toContain(MASK);
  });

  it('masks secrets in URLs, over several lines, and behind escapes', async () => {
    const json =
      '{"s":{"a":{"url":"https://x/mcp?api_key=q1q1q1&x=1"},"b":{"url":"https://x/s/p2p2p2p2p2p2p2p2p2p2/mcp"},"c":{"env":{"TOKEN":"\\u0065scaped3"}}}}';
    const inJson = await maskerOf('jsonc', 'f', [json]);
    expect(inJson(json)).toBe(
      `{"s":{"a":{"url":"https://x/mcp?api_key=${MASK}&x=1"},"b":{"url":"https://x/s/${MASK}/mcp"},"c":{"env":{"TOKEN":"${MASK}"}}}}`,
    );
    const yaml =
      "a:\n  env:\n    API_KEY: |\n      first4line\n      second5line\n    TOKEN: >-\n      folded6\n      over7lines\n    SECRET: 'it''s8'\n";
    const inYaml = await maskerOf('yaml', 'f', [yaml]);
    expect(yaml.split('\n').map(inYaml).join('\n')).not.toMatch(/[4-8]/);
    const toml = 'env = { KEY_TOKEN = """\nfirst4line\nsecond5line""" }\n';
    const inToml = await maskerOf('toml', 'f', [toml]);
    expect(toml.split('\n').map(inToml).join('\n')).not.toMatch(/[45]/);
  });

  it('does not mask every letter that a short secret consists of, nor references', async () => {
    const mask = await maskerOf('yaml', 'f', ['env:\n  TOKEN: a\n  KEY_TOKEN: ${secret:x}\n']);
    expect(mask('  TOKEN: a')).toBe(`  TOKEN: ${MASK}`);
    expect(mask('  name: banana')).toBe('  name: banana');
    expect(mask('  KEY_TOKEN: ${secret:x}')).toBe('  KEY_TOKEN: ${secret:x}');
  });
});
