import { expect, it } from 'vitest';
import { didYouMean } from '../../src/platform/suggest.ts';

const KNOWN = ['time', 'filesystem', 'pi', 'amp', 'fetch', 'x'];

it.each([
  ['tmie', 'Did you mean time?'],
  ['fielsystem', 'Did you mean filesystem?'],
  ['system', 'Did you mean filesystem?'],
  ['pj', 'Did you mean pi?'],
  ['mpa', 'Did you mean amp?'],
])('a mistyped %j is known', (name, hint) => {
  expect(didYouMean(name, KNOWN, 'no')).toBe(hint);
});

it.each(['', '/', '..', 'a/b', 'ü', 'everythingx', 'nothing-like-it'])(
  '%j is near to nothing',
  (name) => {
    expect(didYouMean(name, KNOWN, 'no')).toBe('no');
  },
);
