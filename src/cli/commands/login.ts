import { getServer, isRemote } from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import { command } from '../command.ts';
import { arg, flag } from '../flags.ts';

export const loginCommand = command({
  brief: 'Sign in to a remote server',
  details:
    'Servers that want a sign-in open the browser by themselves when they are first used. This does it beforehand, or from a machine without a browser: the address is shown, and the one the browser ended at is pasted back.',
  args: [arg.required('NAME', 'The remote server')],
  flags: { noBrowser: flag.boolean('Show the address instead of opening the browser') },
  async run(ctx, { noBrowser = false }, name) {
    const server = await getServer(ctx, name);
    if (!isRemote(server))
      throw new McpmError('INVALID_INPUT', `${name} is not a remote server`, {
        hint: 'Servers that run here take their credentials from their environment: mcpm edit',
      });
    const { signIn } = await import('../../engine/index.ts');
    const { prompts } = ctx;
    return signIn(ctx, server, {
      showAddress: noBrowser,
      ...(noBrowser &&
        prompts && {
          askAddress: () =>
            prompts.text({ message: 'The address the browser ended at (or the code it shows)' }),
        }),
    });
  },
  view: ({ server, issuer, scope }, ui) =>
    `${ui.green('Signed in')} to ${server} at ${issuer}${scope ? ` for ${scope}` : ''}.`,
});
