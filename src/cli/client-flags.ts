/** The flags that commands about one client's file share, and what they mean. */
import type { ClientRow, Manner, Where, Wish } from '../clients/index.ts';
import { McpmError } from '../errors.ts';
import { type CommandContext, need } from './command.ts';
import { arg, type FlagValues, flag } from './flags.ts';

/** The client, when it is not given by name it is chosen. */
export const clientArg = arg.optional('CLIENT', 'The client, e.g. claude-desktop, cursor');

/** Which file. */
export const whereFlags = {
  file: flag.text('Another configuration file', { alias: 'f', placeholder: 'PATH' }),
  scope: flag.choice("user: the person's file; project: the file of the project in this folder", [
    'user',
    'project',
  ]),
};

/** What is to be in it. */
export const wishFlags = {
  addServer: flag.someOf('Servers to put in'),
  removeServer: flag.someOf('Servers to take out'),
  setServers: flag.list('Exactly these servers'),
  addProfile: flag.someOf('Profiles to put in'),
  removeProfile: flag.someOf('Profiles to take out'),
  setProfiles: flag.list('Exactly these profiles'),
  native: flag.boolean("Write remote servers as the client's own URL entries"),
};

/** The file that the flags mean. @throws McpmError `USAGE` for two answers. */
export function whereOf({ file, scope }: FlagValues<typeof whereFlags>): Where {
  if (file !== undefined && scope === 'project')
    throw new McpmError('USAGE', '--file and --scope project both say which file');
  return { file, scope };
}

/** The command that undoes an edit of a client's file. */
export function undoLine(client: string, { file, scope }: Where): string {
  const which = file === undefined ? '' : ` --file ${JSON.stringify(file)}`;
  return `mcpm client undo ${client}${scope === 'project' ? ' --scope project' : which}`;
}

/** What the flags ask for; `undefined` when they ask for nothing. */
export function wishOf(flags: FlagValues<typeof wishFlags>): Wish | undefined {
  const servers = { set: flags.setServers, add: flags.addServer, remove: flags.removeServer };
  const profiles = { set: flags.setProfiles, add: flags.addProfile, remove: flags.removeProfile };
  const given = [servers, profiles].some((names) =>
    Object.values(names).some((list) => list !== undefined),
  );
  return given ? { servers, profiles } : undefined;
}

/** How entries are written. */
export function mannerOf(
  ctx: CommandContext,
  flags: { native: boolean; scope?: Where['scope'] },
): Manner {
  return { native: flags.native, force: ctx.yes, scope: flags.scope };
}

/** The client that is meant; asked for among the detected ones. @throws McpmError `NOT_FOUND`, `USAGE`. */
export async function clientOf(ctx: CommandContext, given: string | undefined): Promise<ClientRow> {
  const { CLIENT_KEYS, detect, getClient } = await import('../clients/index.ts');
  const key = await need(
    ctx,
    given,
    'a client: give its key as the first argument',
    async (ask) => {
      const rows = CLIENT_KEYS.map(getClient);
      const here = await Promise.all(rows.map((row) => detect(ctx, row)));
      const found = rows.filter((_, index) => here[index] !== undefined);
      return ask.select({
        message: 'Which client?',
        choices: (found.length > 0 ? found : rows).map((row) => ({
          value: row.key as string,
          label: row.title,
          hint: row.key,
        })),
      });
    },
  );
  return getClient(key);
}
