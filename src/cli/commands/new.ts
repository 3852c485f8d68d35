import {
  addable,
  type NewServer,
  readServers,
  type Server,
  updateServers,
} from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import { type CommandContext, command, need } from '../command.ts';
import { arg, flag, parsePairs } from '../flags.ts';
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

/**
 * What the flags say of how the server is reached; `undefined` when they don't.
 * @throws McpmError `USAGE` when some are of a program and some of a remote server.
 */
function kindOfFlags({ type, command, args, env, url, headers }: Given): Given['type'] {
  const named = (flags: Readonly<Record<string, unknown>>) =>
    Object.keys(flags).filter((name) => flags[name] !== undefined);
  const ofProgram = [...named({ command, args, env }), ...(type === 'stdio' ? ['type stdio'] : [])];
  const ofRemote = [...named({ url, headers }), ...(type === 'remote' ? ['type remote'] : [])];
  if (ofProgram.length > 0 && ofRemote.length > 0) {
    throw new McpmError('USAGE', `--${ofProgram[0]} and --${ofRemote[0]} cannot be used together`, {
      hint: 'A server is either a program (--command, --args, --env) or remote (--url, --headers).',
    });
  }
  if (ofProgram.length > 0) return 'stdio';
  return ofRemote.length > 0 ? 'remote' : undefined;
}

/** The server that the flags describe; the person is asked for what is missing. */
async function describe(ctx: CommandContext, name: string, given: Given): Promise<NewServer> {
  const type = await need(
    ctx,
    kindOfFlags(given),
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
  return type === 'remote' ? remote(ctx, name, given) : program(ctx, name, given);
}

async function remote(ctx: CommandContext, name: string, given: Given): Promise<NewServer> {
  if (given.url !== undefined)
    return { name, url: urlOf(given.url), headers: Object.fromEntries(given.headers ?? []) };
  const url = await need(ctx, given.url, 'the URL: give --url', (prompts) =>
    prompts.text({
      message: 'URL',
      placeholder: 'https://example.com/mcp',
      validate: (text) => complaintOf(() => urlOf(text)),
    }),
  );
  const headers = given.headers ?? (await askPairs(ctx, 'Headers'));
  return { name, url, headers: Object.fromEntries(headers) };
}

async function program(ctx: CommandContext, name: string, given: Given): Promise<NewServer> {
  const more = splitWords(given.args ?? '');
  // A command given as a flag is one program (its path may have spaces); a typed line is words.
  if (given.command !== undefined) {
    const command = textOf('command', given.command);
    return { name, command, args: more, env: Object.fromEntries(given.env ?? []) };
  }
  const line = await need(ctx, given.command, 'the command: give --command', (prompts) =>
    prompts.text({
      message: 'Command, with its arguments',
      placeholder: 'npx -y @modelcontextprotocol/server-everything',
      validate: (text) => complaintOf(() => textOf('command', splitWords(text)[0] ?? '')),
    }),
  );
  const [command = '', ...args] = splitWords(line);
  const env = given.env ?? (await askPairs(ctx, 'Environment'));
  return { name, command, args: [...args, ...more], env: Object.fromEntries(env) };
}

/** What goes with a program or a URL that was asked for. */
async function askPairs(ctx: CommandContext, what: string): Promise<Given['env'] & object> {
  const text = await ctx.prompts?.text({
    message: `${what} (KEY=VALUE, …; empty: none)`,
    validate: (answer) => complaintOf(() => parsePairs(answer)),
  });
  return parsePairs(text ?? '');
}

function complaintOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
