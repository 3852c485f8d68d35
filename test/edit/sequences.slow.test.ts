import { describe, it } from 'vitest';
import { checkDocuments } from './random-check.ts';
import { checkSequences } from './sequences.ts';

describe.each(['jsonc', 'yaml', 'toml'] as const)(
  '20,000 random sequences of edits of %s',
  (id) => {
    it.each([1, 2, 3, 4])(
      'stay valid, keep the rest, and are undone by a removal (%i of 4)',
      async (seed) => {
        await checkSequences(id, 5_000, seed);
      },
    );
  },
);

describe.each(['jsonc', 'yaml', 'toml'] as const)(
  'edits of 10,000 random documents of %s',
  (id) => {
    it('are not refused, and are undone by a removal', async () => {
      await checkDocuments(id, 10_000, 1);
    });
  },
);
