// Writing files: one command that stores a server, one that edits a client; and updates a second through the library, over the number
// of servers that are stored.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toEnd } from '../lib/processes.mjs';
import { race, toRows } from '../lib/race.mjs';

const LOOP = fileURLToPath(new URL('../peers/store-loop.mjs', import.meta.url));
const COMMANDS = { store: 'mcpm new: store a server', client: 'mcpm client edit: edit a client' };
const KINDS = { servers: 'store updates', client: 'client edits' };
const SIZES = [10, 100, 1000];

export const suite = {
  id: 'edits',
  title: 'Store updates and client edits',
  needs: 'commands',
  async run({ contestants, world, rounds, seconds, log }) {
    const rows = [];
    for (const [id, label] of Object.entries(COMMANDS)) {
      log(label);
      const lanes = contestants
        .map((contestant) => ({
          contestant,
          command: contestant.commands(world.of(contestant))[id],
        }))
        .filter(({ command }) => command);
      const results = await race(lanes, rounds, async ({ command }) => ({
        time: (await toEnd(command)).time,
      }));
      rows.push(...toRows(results, { case: label, units: { time: 'ms' } }));
    }
    for (const [kind, label] of Object.entries(KINDS)) {
      for (const size of SIZES) {
        log(`${label}, ${size} servers`);
        const HOME = mkdtempSync(join(world.folder, 'edits-'));
        const env = { HOME, USERPROFILE: HOME };
        const argv = [world.node, LOOP, kind, `${size}`, `${2 * seconds}`];
        const lane = { contestant: contestants.find(({ kind: what }) => what === 'ours') };
        if (!lane.contestant) continue;
        const results = await race([lane], rounds, async () => {
          const rate = Number((await toEnd({ argv, env })).stdout);
          return { rate, time: 1000 / rate };
        });
        const about = { case: `${label} through the library, ${size} servers stored` };
        const series = [{ id: `servers stored, ${label}`, x: size }];
        rows.push(...toRows(results, { ...about, series, units: { rate: '/s', time: 'ms' } }));
      }
    }
    return { rows, figures: {} };
  },
};
