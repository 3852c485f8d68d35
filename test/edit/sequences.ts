/** Random sequences of edits over real-looking files, and what has to hold after each. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { applyChanges, type FormatId, formatOf, type TextFormat } from '../../src/edit/index.ts';

const folder = new URL('../fixtures/edit/', import.meta.url);
const ENDINGS: Record<FormatId, RegExp> = { jsonc: /\.jsonc?$/, yaml: /\.yaml$/, toml: /\.toml$/ };

/** The fixture files of a format: name → text. */
export function fixturesOf(id: FormatId): [string, string][] {
  const files = readdirSync(folder).filter((file) => ENDINGS[id].test(file));
  return files.sort().map((file) => [file, readFileSync(new URL(file, folder), 'utf8')]);
}

interface Place {
  readonly section: string;
  readonly list: boolean;
}

/** Where a fixture keeps its entries. */
function placeOf(file: string): Place {
  const list = /continue|empty-list|vibe/.test(file);
  if (file.endsWith('.toml')) return { section: 'mcp_servers', list };
  return { section: file.startsWith('goose') ? 'extensions' : 'mcpServers', list };
}

type Operation =
  | { readonly kind: 'set'; readonly name: string; readonly value: Record<string, unknown> }
  | { readonly kind: 'remove'; readonly name: string };

const text = fc.oneof(
  fc.constantFrom('', 'npx', 'C:\\Program Files\\x.exe', '/usr/bin/env', '# no', '${secret:A}'),
  fc.constantFrom(
    "it's",
    '"quoted"',
    'a: b',
    '- x',
    'yes',
    '1',
    'null',
    '{',
    '}, {',
    '//',
    'é漢🎉',
  ),
  fc.string({ maxLength: 12 }),
);
const names = ['mcpm_time', 'mcpm_profile_web', 'a', 'b c', 'dotted.name', 'docs', 'one', '日本'];
const value = fc.record(
  {
    command: text,
    args: fc.array(text, { maxLength: 4 }),
    env: fc.dictionary(fc.constantFrom('A', 'API_KEY', 'x.y', 'with space'), text, { maxKeys: 3 }),
    disabled: fc.boolean(),
    timeout: fc.integer({ min: 0, max: 5000 }),
    nested: fc.constantFrom([], {}, [{ x: 1 }], { deep: { er: [true] } }),
  },
  { requiredKeys: ['command'] },
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), name: fc.constantFrom(...names), value }),
  fc.record({ kind: fc.constant('remove' as const), name: fc.constantFrom(...names) }),
);
/** What a text may be turned into without changing what it means. */
const dress = fc.record({
  eol: fc.constantFrom('as it is', 'crlf', 'mixed'),
  bom: fc.boolean(),
  finalLineEnd: fc.boolean(),
});

type Dress = typeof dress extends fc.Arbitrary<infer T> ? T : never;

/** A fixture with other line ends, a byte-order mark, without its final line end. */
function dressed(source: string, { eol, bom, finalLineEnd }: Dress): string {
  let out = source.replace(/^\uFEFF/, '');
  if (!finalLineEnd && !/\|\+/.test(out)) out = out.replace(/\r?\n$/, '');
  if (eol === 'crlf') out = out.replace(/\r?\n/g, '\r\n');
  let count = 0;
  if (eol === 'mixed') out = out.replace(/\r?\n/g, () => (count++ % 3 === 1 ? '\r\n' : '\n'));
  return bom ? `\uFEFF${out}` : out;
}

/** Run the property `runs` times, from a seed, over the fixtures of a format. */
export async function checkSequences(id: FormatId, runs: number, seed: number): Promise<void> {
  const format = await formatOf(id);
  const fixtures = fixturesOf(id);
  fc.assert(
    fc.property(
      fc.constantFrom(...fixtures),
      dress,
      fc.array(operation, { minLength: 1, maxLength: 6 }),
      ([file, source], clothes, operations) => {
        checkSequence(format, file, dressed(source, clothes), operations);
      },
    ),
    { numRuns: runs, seed },
  );
}

function checkSequence(
  format: TextFormat,
  file: string,
  original: string,
  operations: readonly Operation[],
): void {
  const place = placeOf(file);
  const path = (name: string) =>
    place.list ? [place.section, { where: 'name', is: name }] : [place.section, name];
  const full = ({ name, value: fields }: Operation & { kind: 'set' }) =>
    place.list ? { name, ...fields } : fields;
  let current = original;
  for (const step of operations) {
    const before = current;
    const known = entry(format, before, place, step.name) !== undefined;
    if (step.kind === 'set') {
      current = format.set(before, path(step.name), full(step), file);
      expect(entry(format, current, place, step.name)).toEqual(full(step));
      if (!known) {
        keeps(format.id, before, current);
        const back = applyChanges(
          format,
          current,
          [{ path: path(step.name), value: undefined }],
          file,
          [before],
        );
        expect(back).toBe(before);
        if (hasEntries(format, before, place))
          expect(format.remove(current, path(step.name), file)).toBe(before);
      }
      expect(format.set(current, path(step.name), full(step), file)).toBe(current);
    } else {
      current = format.remove(before, path(step.name), file);
      expect(entry(format, current, place, step.name)).toBeUndefined();
      if (known) keeps(format.id, current, before);
      else expect(current).toBe(before);
    }
  }
}

let last: { source: string; model: unknown } | undefined;

function section(format: TextFormat, source: string, place: Place): unknown {
  if (last?.source !== source) last = { source, model: format.parse(source, 'f') };
  return (last.model as Record<string, unknown> | undefined)?.[place.section];
}

function hasEntries(format: TextFormat, source: string, place: Place): boolean {
  const value = section(format, source, place);
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function entry(format: TextFormat, source: string, place: Place, name: string): unknown {
  const value = section(format, source, place);
  if (Array.isArray(value)) return value.find((item) => item?.name === name);
  return (value as Record<string, unknown> | null | undefined)?.[name];
}

/**
 * `less` is in `more`: all its words, in order; and where the two differ is one place, in which `less` has nothing but
 * brackets, a comma or a comment (TOML tables of one entry may be scattered, so there the words have to do).
 */
function keeps(id: FormatId, less: string, more: string): void {
  const words = wordsOf(more);
  let at = 0;
  for (const word of wordsOf(less)) {
    at = words.indexOf(word, at) + 1;
    if (at === 0) expect(words).toContain(word);
  }
  if (id === 'toml') return;
  let start = 0;
  while (start < less.length && less[start] === more[start]) start++;
  let end = less.length;
  for (
    let other = more.length;
    end > start && other > start && less[end - 1] === more[other - 1];
  ) {
    end--;
    other--;
  }
  expect(less.slice(start, end)).toMatch(/^(null|~)?[\s{}[\],]*((\/\/|#|\/\*)[^\n]*)?\s*$/);
}

function wordsOf(source: string): string[] {
  return source
    .replaceAll(/\bnull\b/g, '')
    .split(/[\s,{}[\]]+/)
    .filter(Boolean);
}
