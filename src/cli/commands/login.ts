import { getServer, isRemote } from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import { type CommandContext, command } from '../command.ts';
import { arg, flag } from '../flags.ts';

export const loginCommand = command({
  brief: 'Sign in to a remote server',
  details:
    'Servers that want a sign-in open the browser by themselves when they are first used. This does it beforehand, or from a machine without a browser: the address is shown, and the one the browser ended at is pasted back, or sent on stdin where there is no terminal.',
  args: [arg.required('NAME', 'The remote server')],
  flags: {
    noBrowser: flag.boolean('Show the address instead of opening the browser'),
    scope: flag.text('Scopes to ask for besides those the server names, separated by spaces', {
      placeholder: 'SCOPES',
    }),
  },
  async run(ctx, { noBrowser = false, scope }, name) {
    const server = await getServer(ctx, name);
    if (!isRemote(server))
      throw new McpmError('INVALID_INPUT', `${name} is not a remote server`, {
        hint: 'Servers that run here take their credentials from their environment: mcpm edit',
      });
    const { signIn } = await import('../../engine/index.ts');
    return signIn(ctx, server, {
      showAddress: noBrowser,
      ...(scope !== undefined && { scope }),
      ...(noBrowser && { askAddress: (signal) => addressFrom(ctx, signal) }),
    });
  },
  view: ({ server, issuer, scope }, ui) =>
    `${ui.green('Signed in')} to ${server} at ${issuer}${scope ? ` for ${scope}` : ''}.`,
});

function addressFrom({ prompts, stdin }: CommandContext, signal: AbortSignal): Promise<string> {
  const message = 'The address the browser ended at (or the code it shows)';
  return prompts ? prompts.text({ message, signal }) : firstLine(stdin, signal);
}

/** Never resolves when there is none: the browser may still come back to this machine. */
async function firstLine(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input, signal });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      lines.close();
      // A pipe that stays open would keep the process.
      (input as { unref?: () => void }).unref?.();
      resolve(line);
    });
  });
}
