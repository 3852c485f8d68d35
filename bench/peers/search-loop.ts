// Searches in one process, again and again:   node --import tsx search-loop.ts ROUNDS   → JSON: milliseconds of each
import { createContext } from '../../src/context.ts';
import { search } from '../../src/registry/registry.ts';

const QUERIES = ['weather', 'weathr', 'stock ticket', 'paym', 'music robot invoice', 'globex map'];
const ctx = createContext();
const times: number[] = [];
for (let round = 0; round < Number(process.argv[2]); round++) {
  for (const query of QUERIES) {
    const began = performance.now();
    await search(ctx, query, { limit: 20, offline: true });
    if (round > 0) times.push(performance.now() - began);
  }
}
console.log(JSON.stringify(times));
