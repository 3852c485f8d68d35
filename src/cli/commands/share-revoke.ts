import { command } from '../command.ts';
import { arg } from '../flags.ts';

export const shareRevokeCommand = command({
  brief: 'End a token: it opens nothing from now on, and what it has open is cut',
  args: [arg.required('TOKEN', 'Its id or its name')],
  run: async (ctx, _flags, which) => {
    const { revokeTokens } = await import('../../share/index.ts');
    const revoked = await revokeTokens(ctx, which);
    return { revoked: revoked.map(({ id, name, target }) => ({ id, name, target })) };
  },
  view: ({ revoked }, ui) =>
    revoked
      .map(({ id, name, target }) => `${ui.green('Revoked')} ${name} (${id}) for ${target.name}`)
      .join('\n'),
});
