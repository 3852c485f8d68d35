/** The formats by name; a parser is loaded only when its format is asked for. */
import { formatFrom } from './driver.ts';
import type { FormatId, Splicer, TextFormat } from './types.ts';

const SPLICERS = {
  jsonc: () => import('./jsonc.ts').then(({ jsonc }) => jsonc),
  yaml: () => import('./yaml.ts').then(({ yaml }) => yaml),
  toml: () => import('./toml.ts').then(({ toml }) => toml),
} satisfies Record<FormatId, () => Promise<Splicer>>;

/** The format of an id. */
export async function formatOf(id: FormatId): Promise<TextFormat> {
  return formatFrom(await SPLICERS[id]());
}
