import { describe, expect, it } from 'vitest';
import { formatOf } from '../../src/edit/index.ts';
import { checkDocuments } from './random-check.ts';
import { checkSequences, fixturesOf } from './sequences.ts';

describe.each(['jsonc', 'yaml', 'toml'] as const)('random edits of %s', (id) => {
  it('stay valid, keep the rest, and are undone by a removal', async () => {
    await checkSequences(id, 150, 2026);
  });

  it('of random documents are not refused, and are undone by a removal', async () => {
    await checkDocuments(id, 300, 2026);
  });

  it('run over fixtures that parse', async () => {
    const format = await formatOf(id);
    for (const { file, text } of fixturesOf(id))
      expect(() => format.parse(text, file)).not.toThrow();
  });
});
