/** How this very program is started again, also when it is used as a library in someone else's. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the program's file is from here: in the bundle (beside or above this part of it), and in the sources. */
const PLACES = ['./main.cjs', '../main.cjs', '../main.ts'];

/** The absolute path of the program's file, or `undefined` when it was bundled into something else. */
export function programFile(): string | undefined {
  return PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
}
