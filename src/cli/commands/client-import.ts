import type {
  Candidate,
  Imported,
  ImportOptions,
  Replacement,
  Unread,
  Where,
} from '../../clients/index.ts';
import { kindOf } from '../../config/index.ts';
import { EXIT_CODES, McpmError } from '../../errors.ts';
import { clientArg, clientOf, undoLine, whereFlags, whereOf } from '../client-flags.ts';
import { type CommandContext, command } from '../command.ts';
import { type FlagValues, flag } from '../flags.ts';
import { renderDiff } from '../render/diff.ts';
import type { Ui } from '../render/ui.ts';
import { shown } from './ls.ts';

const flags = {
  all: flag.boolean(
    'From every client on this machine; the same server of several is imported once',
    {
      alias: 'a',
    },
  ),
  servers: flag.list('Only these entries'),
  moveSecrets: flag.boolean('Move secrets into the store of secrets'),
  profile: flag.text('Put the servers into this profile', { placeholder: 'NAME', alias: 'p' }),
  replace: flag.boolean("Put mcpm's entries in the place of the imported ones"),
  ...whereFlags,
};

export const clientImportCommand = command({
  brief: 'Take over servers that a client has of its own',
  details:
    "Programs, URLs and a client's own extensions, with their variables and headers. The client's file stays as it is, unless --replace puts mcpm's entries in the place of the imported ones; what only the client understands of an entry stays in it.",
  args: [clientArg],
  flags,
  confirms: true,
  plans: true,
  async run(ctx, given, name) {
    const { chosen, readImportable } = await import('../../clients/index.ts');
    if (given.all && name !== undefined)
      throw new McpmError('USAGE', `Give either --all or a client, not ${name} and --all`);
    const rows = given.all ? [] : [await clientOf(ctx, name)];
    const where = whereOf(given);
    const options = { ...where, force: ctx.yes };
    const { candidates, unread } = await readImportable(ctx, rows, options);
    const picked = await pick(ctx, given.servers, candidates, chosen);
    const how = await manner(ctx, given, picked);
    const all = { ...how, ...options };
    const done = ctx.dryRun ? await rehearse(ctx, picked, all) : await act(ctx, picked, all);
    return {
      ...(await resultOf(picked, unread, done, where)),
      profile: how.profile ?? null,
      dryRun: ctx.dryRun,
    };
  },
  exitCode: ({ unread }) => (unread.length > 0 ? EXIT_CODES.PARTIAL : 0),
  view,
});

/** The candidates that are meant: named, picked from the list, or all. */
async function pick(
  ctx: CommandContext,
  names: readonly string[] | undefined,
  candidates: readonly Candidate[],
  chosen: (candidates: readonly Candidate[], names: readonly string[]) => Candidate[],
): Promise<readonly Candidate[]> {
  if (names !== undefined) return chosen(candidates, names);
  if (!ctx.prompts || ctx.yes || candidates.length === 0) return candidates;
  return ctx.prompts.multiselect({
    message: 'Which of them?',
    choices: candidates.map((one) => ({ value: one, label: one.name, hint: hintOf(one) })),
    initial: candidates,
  });
}

function hintOf({ same, server, origins }: Candidate): string {
  const clients = [...new Set(origins.map(({ client }) => client))].join(', ');
  return `${same === undefined ? kindOf(server) : `is installed as ${same}`}; ${clients}`;
}

/** What else to do: as the flags say, else each its own question. */
async function manner(
  ctx: CommandContext,
  given: FlagValues<typeof flags>,
  picked: readonly Candidate[],
) {
  const ask = !ctx.yes && picked.length > 0 ? ctx.prompts : undefined;
  const secrets = picked.flatMap(({ name, secrets: found, same }) =>
    same === undefined ? found.map((variable) => `${name}: ${variable}`) : [],
  );
  const moveSecrets =
    given.moveSecrets ||
    (secrets.length > 0 &&
      (await ask?.confirm({
        message: `Move these secrets into the store? ${secrets.join(', ')}`,
        initial: true,
      })));
  let { profile } = given;
  if (
    profile === undefined &&
    (await ask?.confirm({ message: 'Make a profile of them?', initial: false }))
  )
    profile = await ask?.text({ message: 'Name of the profile' });
  const replace =
    given.replace ||
    (await ask?.confirm({ message: "Replace the imported entries by mcpm's?", initial: false }));
  return { moveSecrets: moveSecrets === true, profile, replace: replace === true };
}

const NOTHING: Imported = { servers: [], secretsIn: undefined, replaced: [] };

async function act(ctx: CommandContext, picked: readonly Candidate[], how: ImportOptions) {
  const { importCandidates } = await import('../../clients/index.ts');
  return picked.length === 0 ? NOTHING : importCandidates(ctx, picked, how);
}

/** What would become of the clients' files. */
async function rehearse(ctx: CommandContext, picked: readonly Candidate[], how: ImportOptions) {
  const { replaceEntries } = await import('../../clients/index.ts');
  if (!how.replace) return NOTHING;
  return { ...NOTHING, replaced: await replaceEntries(ctx, picked, { ...how, dryRun: true }) };
}

async function replacedIn({ row, file, entries, before, after }: Replacement, where: Where) {
  const { maskerOf, unifiedDiff } = await import('../../clients/index.ts');
  const mask = await maskerOf(row.format, file, [before, after]);
  const diff = unifiedDiff(file, before, after, mask);
  return { client: row.key, file, entries, undo: undoLine(row.key, where), diff };
}

async function resultOf(
  picked: readonly Candidate[],
  unread: readonly Unread[],
  done: Imported,
  where: Where,
) {
  const servers = picked.map(({ server, origins, same, secrets, notes }) => ({
    ...shown(server),
    from: origins.map(({ client, entry }) => ({ client, entry })),
    same: same ?? null,
    secrets,
    notes,
  }));
  const duplicates = servers
    .filter(({ from }) => from.length > 1)
    .map(({ name, from }) => ({ name, from }));
  return {
    servers,
    duplicates,
    added: done.servers,
    secretsIn: done.secretsIn ?? null,
    replaced: await Promise.all(done.replaced.map((one) => replacedIn(one, where))),
    unread,
  };
}

type Result = Awaited<ReturnType<typeof resultOf>> & { profile: string | null; dryRun: boolean };

function view(data: Result, ui: Ui): string {
  const troubles = data.unread.map(({ message }) => `${ui.red('not read:')} ${message}`);
  if (data.servers.length === 0) return ['There is nothing to import.', ...troubles].join('\n');
  const rows = data.servers.map(({ name, type, from, same, secrets }) => [
    ui.bold(name),
    type,
    from.map(({ client, entry }) => (entry === name ? client : `${client} (${entry})`)).join(', '),
    same === null ? secrets.join(', ') : ui.dim(`is installed as ${same}`),
  ]);
  const open =
    data.secretsIn === null
      ? data.servers.filter(({ secrets, same }) => secrets.length > 0 && same === null)
      : [];
  return [
    ui.table(['SERVER', 'TYPE', 'FROM', 'SECRETS'], rows),
    data.dryRun
      ? 'Nothing was changed.'
      : `${ui.green('Imported')} ${data.added.join(', ') || 'nothing new'}.`,
    ...data.duplicates.map(
      ({ name, from }) => `${name} was there ${from.length} times; mcpm has it once.`,
    ),
    ...(data.profile === null
      ? []
      : [`In the profile ${data.profile}: mcpm profile run ${data.profile}`]),
    ...(data.secretsIn === null
      ? []
      : [`Secrets are in the ${data.secretsIn === 'file' ? 'encrypted file' : 'keychain'}.`]),
    ...(open.length > 0 && !data.dryRun
      ? [
          `${ui.yellow('note:')} secrets are in servers.json as they were; --move-secrets moves them.`,
        ]
      : []),
    ...data.servers.flatMap(({ notes }) => notes.map((note) => `${ui.yellow('note:')} ${note}`)),
    ...data.replaced.map(({ file, undo, diff }) =>
      data.dryRun ? renderDiff(diff, ui) : `Replaced in ${file}. Undo it: ${undo}`,
    ),
    ...troubles,
  ].join('\n');
}
