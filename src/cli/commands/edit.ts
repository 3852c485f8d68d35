import {
  isRemote,
  isStdio,
  pick,
  readServers,
  type Server,
  updateServers,
  validateServerName,
} from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import { type CommandContext, command, needOneOf } from '../command.ts';
import { editFile } from '../editor.ts';
import { arg, flag, parsePairs } from '../flags.ts';
import { serverFlags, textOf, urlOf } from '../server-fields.ts';
import { joinWords, splitWords } from '../words.ts';
import { details, shown } from './ls.ts';
import { newCommand } from './new.ts';

export const editCommand = command({
  brief: 'Change a server: its name, command, arguments, environment, URL, headers',
  details: 'Environment and headers are merged; an empty value (KEY=) removes the key.',
  args: [arg.optional('NAME', 'The server to change')],
  flags: {
    new: flag.boolean('Add a new server instead', { alias: 'N' }),
    editor: flag.boolean('Open the configuration file in $EDITOR', { alias: 'e' }),
    name: flag.text('A new name', { placeholder: 'NAME' }),
    ...serverFlags,
  },
  confirms: true,
  plans: true,
  async run(ctx, flags, givenName) {
    if (flags.editor) return { edited: await openEditor(ctx) };
    if (flags.new) {
      const given = { ...flags, type: undefined, force: ctx.yes };
      return (await newCommand.definition.run(ctx, given, givenName)) as {
        server: ReturnType<typeof shown>;
      };
    }
    const servers = await readServers(ctx);
    const name = await needOneOf(ctx, givenName, 'server', async () => Object.keys(servers));
    const server = pick(servers, name);
    const changes = Object.values(flags).some((value) => value !== undefined && value !== false)
      ? flags
      : await ask(ctx, server);
    const after = changed(server, changes);
    if (!ctx.dryRun) {
      await updateServers(ctx, (all) => replace(all, name, changed(pick(all, name), changes)));
      if (after.name !== name)
        await (await import('../../install/index.ts')).renamed(ctx, name, after.name);
    }
    return { server: shown(after), dryRun: ctx.dryRun };
  },
  view: (data, ui) => {
    if ('edited' in data) return `${ui.green('Checked')} ${data.edited}`;
    const verb = 'dryRun' in data && data.dryRun ? 'Would become' : ui.green('Saved');
    return `${verb} ${details(data.server, ui)}`;
  },
});

interface Changes {
  readonly name?: string | undefined;
  readonly command?: string | undefined;
  readonly args?: string | undefined;
  readonly env?: readonly (readonly [string, string])[] | undefined;
  readonly url?: string | undefined;
  readonly headers?: readonly (readonly [string, string])[] | undefined;
}

/** The server with the changes. @throws McpmError `INVALID_INPUT` when they don't fit its kind. */
function changed(server: Server, changes: Changes): Server {
  const name = changes.name ?? server.name;
  if (name !== server.name) validateServerName(name);
  const refuse = (fields: readonly (keyof Changes)[], kind: string) => {
    const stray = fields.find((field) => changes[field] !== undefined);
    if (stray === undefined) return;
    throw new McpmError('INVALID_INPUT', `${server.name} is ${kind}: --${stray} does not apply`, {
      hint: `Replace the server instead: mcpm new ${server.name} --force …`,
    });
  };
  if (isStdio(server)) {
    refuse(['url', 'headers'], 'a program');
    return {
      ...server,
      name,
      command: textOf('command', changes.command ?? server.command),
      args: changes.args === undefined ? server.args : splitWords(changes.args),
      env: merged(server.env, changes.env),
    };
  }
  refuse(['command', 'args', 'env'], isRemote(server) ? 'a remote server' : "a client's own entry");
  if (isRemote(server)) {
    const url = changes.url === undefined ? server.url : urlOf(changes.url);
    return { ...server, name, url, headers: merged(server.headers, changes.headers) };
  }
  refuse(['url', 'headers'], "a client's own entry");
  return { ...server, name };
}

function merged(
  record: Readonly<Record<string, string>>,
  pairs: Changes['env'] = [],
): Record<string, string> {
  const after = new Map(Object.entries(record));
  for (const [key, value] of pairs) {
    if (value === '') after.delete(key);
    else after.set(key, value);
  }
  return Object.fromEntries(after);
}

/** Put the changed server where the old one stands; a new name must be free. */
function replace(servers: Readonly<Record<string, Server>>, name: string, server: Server) {
  if (server.name !== name && servers[server.name] !== undefined) {
    throw new McpmError(
      'CONFLICT',
      `A server called ${JSON.stringify(server.name)} exists already`,
      {
        hint: 'Choose another name.',
        data: { server: server.name },
      },
    );
  }
  return Object.fromEntries(
    Object.entries(servers).map(([key, value]) =>
      key === name ? [server.name, server] : [key, value],
    ),
  );
}

/** Ask for each field, with what is there. Values of secrets are not shown: an empty answer keeps them. */
async function ask(ctx: CommandContext, server: Server): Promise<Changes> {
  const { prompts } = ctx;
  if (!prompts) {
    throw new McpmError('USAGE', `Nothing to change in ${server.name}`, {
      hint: 'Give --name, --command, --args, --env, --url or --headers.',
    });
  }
  const name = await prompts.text({ message: 'Name', initial: server.name });
  if (isStdio(server)) {
    const program = await prompts.text({ message: 'Command', initial: server.command });
    const args = await prompts.text({ message: 'Arguments', initial: joinWords(server.args) });
    const env = await prompts.text({
      message: 'Environment to set (KEY=VALUE, …; empty: as it is)',
    });
    return { name, command: program, args, env: parsePairs(env) };
  }
  if (!isRemote(server)) return { name };
  const url = await prompts.text({ message: 'URL', initial: server.url });
  const headers = await prompts.text({
    message: 'Headers to set (KEY=VALUE, …; empty: as they are)',
  });
  return { name, url, headers: parsePairs(headers) };
}

/** Open `servers.json` in the person's editor, then check it. */
async function openEditor(ctx: CommandContext): Promise<string> {
  await editFile(ctx, ctx.paths.servers);
  await readServers(ctx);
  return ctx.paths.servers;
}
