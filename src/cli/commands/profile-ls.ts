import { readServers } from '../../config/index.ts';
import { listProfiles } from '../../profiles/index.ts';
import { command } from '../command.ts';
import { flag } from '../flags.ts';
import { details, shown } from './ls.ts';

export const profileLsCommand = command({
  brief: 'List the profiles',
  flags: { verbose: flag.boolean('Show the servers of each', { alias: 'v' }) },
  async run(ctx, { verbose }) {
    const profiles = await listProfiles(ctx);
    if (!verbose) return { profiles };
    const servers = Object.values(await readServers(ctx)).map(shown);
    return { profiles, servers };
  },
  view({ profiles, servers }, ui) {
    if (profiles.length === 0) return 'No profiles yet. Create one: mcpm profile create NAME';
    if (servers === undefined) {
      const rows = profiles.map(({ name, description, servers: names }) => [
        ui.bold(name),
        names.join(', ') || ui.dim('–'),
        description ?? '',
      ]);
      return ui.table(['NAME', 'SERVERS', 'DESCRIPTION'], rows);
    }
    return profiles
      .map(({ name, description, servers: names }) => {
        const members = servers.filter((server) => names.includes(server.name));
        const head = `${ui.cyan(name)}${description ? `  ${ui.dim(description)}` : ''}`;
        return [head, ...members.map((server) => details(server, ui))].join('\n');
      })
      .join('\n\n');
  },
});
