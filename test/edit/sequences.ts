/** Random sequences of edits over real-looking files, and what has to hold after each. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { CLIENT_KEYS, CLIENTS } from '../../src/clients/index.ts';
import {
  applyChanges,
  type FormatId,
  formatOf,
  type Path,
  type TextFormat,
} from '../../src/edit/index.ts';
import { readFixture } from '../clients/fixtures.ts';

const folder = new URL('../fixtures/edit/', import.meta.url);
const ENDINGS: Record<FormatId, RegExp> = { jsonc: /\.jsonc?$/, yaml: /\.yaml$/, toml: /\.toml$/ };

/** A file to edit, and where it keeps its entries. */
interface Fixture {
  readonly file: string;
  readonly text: string;
  /** Keys from the root. */
  readonly section: readonly string[];
  readonly list: boolean;
}

/** The files of a format: those of every client as it writes them, and shapes that are hard to edit. */
export function fixturesOf(id: FormatId): Fixture[] {
  const clients = CLIENT_KEYS.map((key) => CLIENTS[key]).filter(({ format }) => format === id);
  const own = clients.map(({ key, section, members }) => ({
    file: key,
    text: readFixture(key).before,
    section,
    list: members !== 'map',
  }));
  const hard = readdirSync(folder).filter((file) => ENDINGS[id].test(file));
  return [...own, ...hard.sort().map((file) => hardFixture(file))];
}

function hardFixture(file: string): Fixture {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const list = /continue|empty-list|vibe/.test(file);
  const map = file.startsWith('goose') ? 'extensions' : 'mcpServers';
  return { file, text, section: [file.endsWith('.toml') ? 'mcp_servers' : map], list };
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
      (fixture, clothes, operations) => {
        checkSequence(format, fixture, dressed(fixture.text, clothes), operations);
      },
    ),
    { numRuns: runs, seed },
  );
}

function checkSequence(
  format: TextFormat,
  place: Fixture,
  original: string,
  operations: readonly Operation[],
): void {
  let current = original;
  for (const step of operations)
    current =
      step.kind === 'set'
        ? checkSet(format, place, current, step)
        : checkRemove(format, place, current, step.name);
}

/** Put an entry there and return the text: nothing else may differ, and the way back has to lead to the same bytes. */
function checkSet(
  format: TextFormat,
  place: Fixture,
  before: string,
  { name, value: fields }: Operation & { kind: 'set' },
): string {
  const { file } = place;
  const path = pathOf(place, name);
  const wanted = place.list ? { name, ...fields } : fields;
  const without = (text: string) => format.remove(text, path, file);
  const known = entry(format, before, place, name) !== undefined;
  const after = format.set(before, path, wanted, file);
  expect(entry(format, after, place, name)).toEqual(wanted);
  expect(format.set(after, path, wanted, file)).toBe(after);
  if (known) {
    expect(without(after)).toBe(without(before));
    return after;
  }
  keeps('splice', before, after);
  expect(applyChanges(format, after, [{ path, value: undefined }], file, [before])).toBe(before);
  if (hasEntries(format, before, place)) expect(without(after)).toBe(before);
  return after;
}

/** Take an entry away and return the text. */
function checkRemove(format: TextFormat, place: Fixture, before: string, name: string): string {
  const known = entry(format, before, place, name) !== undefined;
  const after = format.remove(before, pathOf(place, name), place.file);
  expect(entry(format, after, place, name)).toBeUndefined();
  if (known) keeps(format.id === 'toml' ? 'words' : 'splice', after, before);
  else expect(after).toBe(before);
  return after;
}

function pathOf({ section: keys, list }: Fixture, name: string): Path {
  return [...keys, list ? { where: 'name', is: name } : name];
}

let last: { source: string; model: unknown } | undefined;

function section(format: TextFormat, source: string, place: Fixture): unknown {
  if (last?.source !== source) last = { source, model: format.parse(source, 'f') };
  return place.section.reduce<unknown>(
    (at, key) => (at as Record<string, unknown> | undefined)?.[key],
    last.model,
  );
}

function hasEntries(format: TextFormat, source: string, place: Fixture): boolean {
  const value = section(format, source, place);
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function entry(format: TextFormat, source: string, place: Fixture, name: string): unknown {
  const value = section(format, source, place);
  if (Array.isArray(value)) return value.find((item) => item?.name === name);
  return (value as Record<string, unknown> | null | undefined)?.[name];
}

/**
 * `less` is in `more`: all its words, in order; and where the two differ is one place, in which `less` has nothing but
 * brackets, a comma or a comment (TOML tables of one entry may be scattered, so after a removal the words have to do).
 */
function keeps(how: 'splice' | 'words', less: string, more: string): void {
  const words = wordsOf(more);
  let at = 0;
  for (const word of wordsOf(less)) {
    at = words.indexOf(word, at) + 1;
    if (at === 0) expect(words).toContain(word);
  }
  if (how === 'words') return;
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
