import type { ClientRow, Names, Plan, Where, Wish } from '../../clients/index.ts';
import { kindOf } from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import {
  clientArg,
  clientOf,
  mannerOf,
  undoLine,
  whereFlags,
  whereOf,
  wishFlags,
  wishOf,
} from '../client-flags.ts';
import { type CommandContext, command } from '../command.ts';
import { editFile } from '../editor.ts';
import { flag } from '../flags.ts';
import type { Prompts } from '../prompts/types.ts';
import { renderDiff } from '../render/diff.ts';
import type { Ui } from '../render/ui.ts';

export const clientEditCommand = command({
  brief: 'Choose the servers and profiles that a client gets',
  details:
    'Without a choice on the command line, servers and profiles are picked from a list. Only the entries of mcpm change; all else in the file stays byte for byte. Undo it with: mcpm client undo CLIENT',
  args: [clientArg],
  flags: {
    ...wishFlags,
    ...whereFlags,
    external: flag.boolean('Open the file in $EDITOR', { alias: 'e' }),
  },
  confirms: true,
  plans: true,
  async run(ctx, flags, given) {
    const row = await clientOf(ctx, given);
    const where = whereOf(flags);
    if (flags.external) return { opened: await openFile(ctx, row, where) };
    const { editClient, previewEdit } = await import('../../clients/index.ts');
    const wish = wishOf(flags) ?? (await ask(ctx, row, where));
    const options = { ...where, ...mannerOf(ctx, flags) };
    const plan = await (ctx.dryRun ? previewEdit : editClient)(ctx, row, wish, options);
    return resultOf(plan, ctx.dryRun, where);
  },
  view: (data, ui) => ('opened' in data ? `${ui.green('Checked')} ${data.opened}` : view(data, ui)),
});

/** What an edit did or would do, with the diff of the file, secrets masked. */
export async function resultOf(plan: Plan, dryRun: boolean, where: Where = {}) {
  const { maskerOf, unifiedDiff } = await import('../../clients/index.ts');
  const { row, file, before, after, changes, selection, notes } = plan;
  const mask = await maskerOf(row.format, file, [before, after]);
  const shown = changes.length > 0 ? after : before;
  return {
    client: row.key,
    title: row.title,
    file,
    dryRun,
    changes,
    selection,
    notes,
    reload: row.reload,
    undo: undoLine(row.key, where),
    diff: unifiedDiff(file, before, shown, mask),
  };
}

type Result = Awaited<ReturnType<typeof resultOf>>;

function view(data: Result, ui: Ui): string {
  const notes = data.notes.map((note) => `${ui.yellow('note:')} ${note}`);
  if (data.changes.length === 0)
    return [`${data.title} has that already: ${held(data)}`, ...notes].join('\n');
  if (data.dryRun) return [renderDiff(data.diff, ui), ...notes].join('\n');
  const signs = { add: ui.green('+'), change: ui.yellow('~'), remove: ui.red('-') };
  return [
    `${ui.green('Wrote')} ${data.file}`,
    ...data.changes.map(({ kind, entry }) => `  ${signs[kind]} ${entry}`),
    `${data.title} now has ${held(data)}.`,
    ...notes,
    ui.dim(`${data.reload} Undo it: ${data.undo}`),
  ].join('\n');
}

function held({ selection: { servers, profiles } }: Result): string {
  const parts = [
    servers.length > 0 ? `servers ${servers.join(', ')}` : '',
    profiles.length > 0 ? `profiles ${profiles.join(', ')}` : '',
  ].filter((part) => part !== '');
  return parts.join('; ') || 'nothing of mcpm';
}

/** The person picks from what there is; what the client has is picked already. */
async function ask(ctx: CommandContext, row: ClientRow, where: Where): Promise<Wish> {
  if (!ctx.prompts) {
    throw new McpmError('USAGE', `Nothing to change in ${row.title}`, {
      hint: 'Give --add-server, --remove-server, --set-servers, --add-profile, --remove-profile or --set-profiles.',
    });
  }
  const { readInventory, statusOf } = await import('../../clients/index.ts');
  const inventory = await readInventory(ctx);
  const status = await statusOf(ctx, row, inventory, where);
  const runnable = Object.values(inventory.servers).filter((server) => !('config' in server));
  if (runnable.length + inventory.profiles.length === 0) {
    throw new McpmError('NOT_FOUND', 'There are no servers and no profiles to choose from', {
      hint: 'Install one: mcpm install NAME',
    });
  }
  const profiles = await pick(
    ctx.prompts,
    `Profiles for ${row.title}`,
    inventory.profiles.map(({ name, servers }) => [name, servers.join(', ') || 'no servers']),
    status.profiles,
  );
  const servers = await pick(
    ctx.prompts,
    `Servers for ${row.title}`,
    runnable.map((server) => [server.name, kindOf(server)]),
    status.servers,
  );
  return { profiles, servers };
}

/** What to put in and what to take out. What stays is not named, so that its entry stays as it is; what is gone can be taken out. */
async function pick(
  prompts: Prompts,
  message: string,
  known: readonly (readonly [name: string, hint: string])[],
  held: readonly string[],
): Promise<Names> {
  const gone = held.filter((name) => known.every(([other]) => other !== name));
  const all = [...known, ...gone.map((name) => [name, 'is gone'] as const)];
  const choices = all.map(([value, hint]) => ({ value, label: value, hint }));
  const picked = await prompts.multiselect({ message, choices, initial: held });
  return {
    add: picked.filter((name) => !held.includes(name)),
    remove: held.filter((name) => !picked.includes(name)),
  };
}

async function openFile(ctx: CommandContext, row: ClientRow, where: Where): Promise<string> {
  const { fileOf, readClient } = await import('../../clients/index.ts');
  const file = await fileOf(ctx, row, where);
  await editFile(ctx, file);
  await readClient(ctx, row, where);
  return file;
}
