import { describe, it } from 'vitest';
import { checkSequences } from './sequences.ts';

describe.each(['jsonc', 'yaml', 'toml'] as const)(
  '20,000 random sequences of edits of %s',
  (id) => {
    it('stay valid, keep unrelated lines, and are undone by a removal', async () => {
      await checkSequences(id, 20_000);
    });
  },
);
