/** What has to hold of an edit of any document. */
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  applyChanges,
  type FormatId,
  formatOf,
  type Path,
  type TextFormat,
} from '../../src/edit/index.ts';
import { McpmError } from '../../src/errors.ts';
import { documentsOf } from './random-documents.ts';

/** Add, replace or remove one entry in `runs` random documents. */
export async function checkDocuments(id: FormatId, runs: number, seed: number): Promise<void> {
  const format = await formatOf(id);
  const name = fc.constantFrom('a', 'b c', 'mcpm_x', 'new', 'd');
  const property = fc.property(documentsOf(id), name, (text, entry) => check(format, text, entry));
  fc.assert(property, { numRuns: runs, seed });
}

function check(format: TextFormat, text: string, name: string): void {
  const model = parsed(format, text);
  if (model === undefined) return;
  const section: unknown = model.servers;
  const list = Array.isArray(section) || ((section ?? null) === null && name === 'd');
  const path: Path = list ? ['servers', { where: 'name', is: name }] : ['servers', name];
  const value = { ...(list ? { name } : {}), command: '/x', args: ['run'], env: { A: '1' } };
  const had = format.remove(text, path, 'f') !== text;
  let after: string;
  try {
    after = format.set(text, path, value, 'f');
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_SHAPE' });
    return;
  }
  if (had) return;
  const back = [{ path, value: undefined }];
  expect(applyChanges(format, after, back, 'f', [text])).toBe(text);
  const others = typeof section === 'object' && section !== null && Object.keys(section).length > 0;
  if (others) expect(format.remove(after, path, 'f')).toBe(text);
}

/** The model of a document; none for one that does not parse, or whose removals may touch a kept block scalar. */
function parsed(format: TextFormat, text: string): Record<string, unknown> | undefined {
  try {
    if (text.includes('|+')) return undefined;
    return (format.parse(text, 'f') ?? {}) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof McpmError && error.code === 'CONFIG_SYNTAX') return undefined;
    throw error;
  }
}
