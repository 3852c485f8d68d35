import { join } from 'node:path';
import { command } from '../command.ts';
import { arg, flag } from '../flags.ts';

export const relayTokenCommand = command({
  brief: 'Add a token to a relay: its text is shown this once',
  flags: {
    tokenFile: flag.text("The relay's token file (its own, unless told)", { placeholder: 'FILE' }),
    names: flag.list('Names it may take, `*` for any characters (none: random ones only)', {
      placeholder: 'GLOB,…',
    }),
    tunnels: flag.integer('Tunnels it may have open at once (20)', { min: 1, placeholder: 'N' }),
    metrics: flag.boolean('It reads /metrics, and opens no tunnel'),
  },
  args: [arg.required('NAME', 'Who it is for')],
  run: async (ctx, { tokenFile, names, tunnels, metrics }, name) => {
    const { addRelayToken } = await import('../../share/index.ts');
    const file = tokenFile ?? join(ctx.paths.relayDir, 'tokens.json');
    const token = await addRelayToken(file, {
      name,
      ...(names && { names }),
      ...(tunnels !== undefined && { tunnels }),
      ...(metrics && { metrics: true }),
    });
    return { name, token, file };
  },
  view: ({ name, token, file }, ui) =>
    `${ui.green('Added')} ${name} to ${file}. Its token, shown this once: ${ui.bold(token)}`,
});
