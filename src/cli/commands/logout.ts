import { getServer, isRemote } from '../../config/index.ts';
import { command } from '../command.ts';
import { arg } from '../flags.ts';

export const logoutCommand = command({
  brief: 'Forget the sign-in to a remote server',
  args: [arg.required('NAME', 'The remote server')],
  async run(ctx, _flags, name) {
    const server = await getServer(ctx, name);
    const { signOut } = await import('../../engine/index.ts');
    return { server: name, forgotten: isRemote(server) && (await signOut(ctx, server)) };
  },
  view: ({ server, forgotten }, ui) =>
    forgotten ? `${ui.green('Signed out')} of ${server}.` : `There was no sign-in to ${server}.`,
});
