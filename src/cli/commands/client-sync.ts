import type { Synced } from '../../clients/index.ts';
import { EXIT_CODES } from '../../errors.ts';
import { command } from '../command.ts';
import { arg, flag } from '../flags.ts';
import { renderDiff } from '../render/diff.ts';
import type { Ui } from '../render/ui.ts';
import { resultOf } from './client-edit.ts';

export const clientSyncCommand = command({
  brief: 'Make clients hold what was chosen for them',
  details:
    'What client edit chose for each client is stored in clients.json. This writes it again: after a client lost it, on another machine, or when servers are gone. With --check nothing is written, and the exit status is 14 when something would be.',
  args: [arg.rest('CLIENT', 'Only these clients')],
  flags: { check: flag.boolean('Only say whether there is something to do') },
  plans: true,
  async run(ctx, { check }, ...given) {
    const { syncClients } = await import('../../clients/index.ts');
    const dryRun = ctx.dryRun || check;
    const synced = await syncClients(ctx, { clients: given.flat(), dryRun });
    const clients = await Promise.all(synced.map((one) => shown(one, dryRun)));
    const pending = clients.some(({ changes }) => changes.length > 0);
    const failed = clients.some(({ problem }) => problem !== undefined);
    return { clients, pending: check && pending, failed, dryRun };
  },
  exitCode: ({ pending, failed }) => {
    if (failed) return EXIT_CODES.PARTIAL;
    return pending ? EXIT_CODES.CHANGES_PENDING : 0;
  },
  view: ({ clients, dryRun }, ui) => {
    if (clients.length === 0) return 'Nothing is stored for any client. Choose: mcpm client edit';
    return clients.map((client) => line(client, dryRun, ui)).join('\n');
  },
});

async function shown({ client, plan, gone, skipped, problem }: Synced, dryRun: boolean) {
  const result = plan && (await resultOf(plan, dryRun));
  return {
    client,
    gone,
    changes: result?.changes ?? [],
    diff: result?.diff ?? [],
    notes: result?.notes ?? [],
    ...(result ? { file: result.file } : {}),
    ...(skipped === undefined ? {} : { skipped }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function line(one: Awaited<ReturnType<typeof shown>>, dryRun: boolean, ui: Ui): string {
  const name = ui.bold(one.client);
  const gone = one.gone.map((each) => `  ${ui.yellow('gone:')} ${each}`);
  if (one.problem) return [`${ui.red('✗')} ${name}  ${one.problem.message}`, ...gone].join('\n');
  if (one.skipped) return `${ui.dim('–')} ${name}  ${one.skipped}`;
  const entries = one.changes.map(({ kind, entry }) => `${kind} ${entry}`).join(', ');
  if (entries === '') return [`${ui.green('✓')} ${name}  as it should be`, ...gone].join('\n');
  const diff = dryRun ? [renderDiff(one.diff, ui)] : [];
  return [`${dryRun ? ui.yellow('~') : ui.green('✓')} ${name}  ${entries}`, ...gone, ...diff].join(
    '\n',
  );
}
