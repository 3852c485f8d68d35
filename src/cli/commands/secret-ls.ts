import { readServers } from '../../config/index.ts';
import { command } from '../command.ts';

export const secretLsCommand = command({
  brief: 'List the names of stored secrets and the servers that use them; never values',
  async run(ctx) {
    const { openSecrets } = await import('../../secrets/index.ts');
    const store = await openSecrets(ctx);
    const { usersOfSecrets } = await import('../secret-users.ts');
    const users = usersOfSecrets(await readServers(ctx));
    const stored = new Set(await store.list());
    const names = [...new Set([...stored, ...users.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
    return {
      backend: store.backend,
      secrets: names.map((name) => ({
        name,
        stored: stored.has(name),
        servers: users.get(name) ?? [],
      })),
    };
  },
  view: ({ secrets }, ui) => {
    if (secrets.length === 0) return 'No secrets are stored.';
    return ui.table(
      ['NAME', 'USED BY', ''],
      secrets.map(({ name, servers, stored }) => [
        name,
        servers.join(', ') || ui.dim('nobody'),
        stored ? '' : ui.red('missing'),
      ]),
    );
  },
});
