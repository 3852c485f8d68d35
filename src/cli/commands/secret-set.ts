import { text } from 'node:stream/consumers';
import { McpmError } from '../../errors.ts';
import { type CommandContext, command, need } from '../command.ts';
import { arg, flag } from '../flags.ts';

export const secretSetCommand = command({
  brief: 'Store a secret, replacing an earlier one of the name',
  details:
    'The value is asked for, hidden, or read from stdin with --stdin; it never stands on a command line. Servers refer to it by ${secret:NAME} in their environment and headers.',
  args: [arg.required('NAME', 'Its name, such as SERVER/ARGUMENT')],
  flags: {
    stdin: flag.boolean('Read the value from stdin, to its end; a last line end is dropped'),
  },
  async run(ctx, { stdin }, name) {
    const value = stdin ? await fromStdin(ctx) : await fromPerson(ctx, name);
    if (value === '') throw new McpmError('INVALID_INPUT', `The secret ${name} is empty`);
    const { openSecrets } = await import('../../secrets/index.ts');
    const store = await openSecrets(ctx);
    await store.set(name, value);
    return { name, backend: store.backend };
  },
  view: ({ name, backend }, ui) =>
    `${ui.green('Stored')} ${name} in ${backend === 'keychain' ? 'the system keychain' : 'the encrypted file'}.`,
});

async function fromStdin(ctx: CommandContext): Promise<string> {
  return (await text(ctx.stdin)).replace(/\r?\n$/, '');
}

function fromPerson(ctx: CommandContext, name: string): Promise<string> {
  return need(ctx, undefined, 'the value: pipe it in with --stdin', (prompts) =>
    prompts.secret({ message: `The value of ${name}` }),
  );
}
