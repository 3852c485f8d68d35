import { readServers } from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import {
  changeProfile,
  getProfile,
  type ProfileChange,
  profileNames,
} from '../../profiles/index.ts';
import { type CommandContext, command, needOneOf } from '../command.ts';
import { arg, flag } from '../flags.ts';

export const profileEditCommand = command({
  brief: 'Change a profile: its name, description and servers',
  args: [arg.optional('NAME', 'The profile to change')],
  flags: {
    name: flag.text('A new name', { placeholder: 'NAME' }),
    description: flag.text('A new description; an empty one removes it', { placeholder: 'TEXT' }),
    servers: flag.list('Exactly these servers (same as --set-servers)'),
    setServers: flag.list('Exactly these servers'),
    addServer: flag.someOf('Servers to put in'),
    removeServer: flag.someOf('Servers to take out'),
  },
  confirms: true,
  async run(ctx, flags, givenName) {
    const name = await needOneOf(ctx, givenName, 'profile', () => profileNames(ctx));
    const change: ProfileChange = {
      name: flags.name,
      description: flags.description,
      set: flags.setServers ?? flags.servers,
      add: flags.addServer,
      remove: flags.removeServer,
    };
    if (change.set && (change.add || change.remove)) {
      throw new McpmError(
        'USAGE',
        '--set-servers says all servers; --add-server and --remove-server change some',
        {
          hint: 'Give one or the other.',
        },
      );
    }
    const given = Object.values(change).some((value) => value !== undefined);
    return { profile: await changeProfile(ctx, name, given ? change : await ask(ctx, name)) };
  },
  view: ({ profile }, ui) =>
    `${ui.green('Saved')} ${ui.bold(profile.name)}\n${ui.fields([
      ['  servers', profile.servers.join(', ') || 'none'],
      ['  description', profile.description ?? undefined],
    ])}`,
});

async function ask(ctx: CommandContext, name: string): Promise<ProfileChange> {
  const profile = await getProfile(ctx, name);
  if (!ctx.prompts) {
    throw new McpmError('USAGE', `Nothing to change in ${name}`, {
      hint: 'Give --name, --description, --set-servers, --add-server or --remove-server.',
    });
  }
  const servers = Object.keys(await readServers(ctx));
  return {
    name: await ctx.prompts.text({ message: 'Name', initial: name }),
    description: await ctx.prompts.text({
      message: 'Description (empty: none)',
      initial: profile.description ?? '',
    }),
    set: await ctx.prompts.multiselect({
      message: 'Servers',
      choices: servers.map((value) => ({ value, label: value })),
      initial: profile.servers,
    }),
  };
}
