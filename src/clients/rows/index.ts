/** Every client, by key. To add one: `npm run new:client -- <key>`. */
import type { ClientKey } from '../keys.ts';
import type { ClientRow } from '../types.ts';
import { claudeDesktop } from './claude-desktop.ts';
import { cursor } from './cursor.ts';
import { windsurf } from './windsurf.ts';

/** The rows; the compiler checks that none is missing. */
export const CLIENTS = {
  'claude-desktop': claudeDesktop,
  cursor,
  windsurf,
} as const satisfies Record<ClientKey, ClientRow>;
