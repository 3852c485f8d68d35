import { describe, it } from 'vitest';
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
