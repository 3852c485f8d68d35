import {
  addable,
  type NewServer,
  readServers,
  type Server,
  updateServers,
} from '../../config/index.ts';
import { type CommandContext, command, need } from '../command.ts';
import { arg, flag } from '../flags.ts';
import { serverFlags, textOf, urlOf } from '../server-fields.ts';
import { splitWords } from '../words.ts';
import { details, shown } from './ls.ts';

export const newCommand = command({
  brief: 'Add a server by hand: a command, or a URL',
  args: [arg.optional('NAME', 'What to call it')],
  flags: {
    type: flag.choice('stdio: a program that is started; remote: a URL', ['stdio', 'remote']),
    ...serverFlags,
    force: flag.boolean('Replace a server of the same name', { alias: 'f' }),
  },
  async run(ctx, flags, givenName) {
    const servers = await readServers(ctx);
    const complaint = (name: string) =>
      complaintOf(() => addable(servers[name], { name, command: 'x' }, flags.force));
    const name = await need(ctx, givenName, 'a name: give it as the first argument', (prompts) =>
      prompts.text({ message: 'Name of the server', validate: complaint }),
    );
    addable(servers[name], { name, command: 'x' }, flags.force);
    const server = await describe(ctx, name, flags);
    const after = await updateServers(ctx, (all) => ({
      ...all,
      [name]: addable(all[name], server, flags.force),
    }));
    return { server: shown(after[name] as Server) };
  },
  view: ({ server }, ui) =>
    `${ui.green('Added')} ${details(server, ui)}\n\nRun it: mcpm run ${server.name}`,
});

type Given = {
  readonly type: 'stdio' | 'remote' | undefined;
  readonly command: string | undefined;
  readonly args: string | undefined;
  readonly env: readonly (readonly [string, string])[] | undefined;
  readonly url: string | undefined;
  readonly headers: readonly (readonly [string, string])[] | undefined;
};

/** The server that the flags describe; the person is asked for what is missing. */
async function describe(ctx: CommandContext, name: string, given: Given): Promise<NewServer> {
  const implied =
    given.url !== undefined ? 'remote' : given.command !== undefined ? 'stdio' : undefined;
  const type = await need(
    ctx,
    given.type ?? implied,
    'how the server is reached: give --command or --url',
    (prompts) =>
      prompts.select({
        message: 'How is it reached?',
        choices: [
          { value: 'stdio', label: 'A program on this machine' },
          { value: 'remote', label: 'A URL' },
        ],
      }),
  );
  if (type === 'remote') {
    const url = await need(ctx, given.url, 'the URL: give --url', (prompts) =>
      prompts.text({
        message: 'URL',
        placeholder: 'https://example.com/mcp',
        validate: (text) => complaintOf(() => urlOf(text)),
      }),
    );
    return { name, url: urlOf(url), headers: Object.fromEntries(given.headers ?? []) };
  }
  const line = await need(ctx, given.command, 'the command: give --command', (prompts) =>
    prompts.text({
      message: 'Command, with its arguments',
      placeholder: 'npx -y @modelcontextprotocol/server-everything',
      validate: (text) => complaintOf(() => textOf('command', text)),
    }),
  );
  // A command given as a flag is one program (its path may have spaces); a typed line is words.
  const [program = '', ...words] =
    given.command === undefined ? splitWords(line) : [textOf('command', line)];
  const args = [...words, ...splitWords(given.args ?? '')];
  return { name, command: program, args, env: Object.fromEntries(given.env ?? []) };
}

function complaintOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
