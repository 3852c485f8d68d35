// Who takes part: rows of peers/, installed; those that can't be are kept with the reason.
import { resolve } from 'node:path';
import { PEERS } from '../peers/index.mjs';
import { install } from '../peers/install.mjs';

/** Every contestant that was chosen, with `installed` or `missing` (why not). */
export function prepare({ peers, cache, refresh, offline }, log) {
  const unknown = (peers ?? []).filter((id) => PEERS.every((peer) => peer.id !== id));
  if (unknown.length > 0) throw new Error(`no contestant ${unknown.join(', ')}; see --list`);
  const chosen = PEERS.filter(({ id, kind }) => !peers || kind === 'floor' || peers.includes(id));
  return chosen.map((peer) => {
    if (!peer.source) return { ...peer, installed: { version: peer.version?.() } };
    try {
      log(`peer ${peer.title}`);
      return {
        ...peer,
        installed: install(peer.source, { cache: resolve(cache), refresh, offline }),
      };
    } catch (error) {
      return { ...peer, missing: error.message };
    }
  });
}
