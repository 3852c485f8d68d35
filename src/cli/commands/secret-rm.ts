import { readServers } from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import { didYouMean } from '../../platform/suggest.ts';
import { command, confirm } from '../command.ts';
import { arg } from '../flags.ts';

export const secretRmCommand = command({
  brief: 'Forget a secret',
  args: [arg.required('NAME', 'The secret to forget')],
  confirms: true,
  plans: true,
  async run(ctx, _flags, name) {
    const { openSecrets } = await import('../../secrets/index.ts');
    const store = await openSecrets(ctx);
    const names = await store.list();
    if (!names.includes(name))
      throw new McpmError('NOT_FOUND', `No secret is stored under the name ${name}`, {
        hint: didYouMean(name, names, 'What is there: mcpm secret ls'),
        data: { name },
      });
    const { usersOfSecrets } = await import('../secret-users.ts');
    const servers = usersOfSecrets(await readServers(ctx)).get(name) ?? [];
    const used = servers.length > 0 ? `${servers.join(', ')} will not start without it. ` : '';
    await confirm(ctx, `${used}Forget ${name}?`);
    if (!ctx.dryRun) await store.delete(name);
    return { name, servers, removed: !ctx.dryRun };
  },
  view: ({ name, removed }, ui) =>
    removed ? `${ui.green('Forgot')} ${name}.` : `Would forget ${name}.`,
});
