import { EXIT_CODES } from '../../errors.ts';
import { command } from '../command.ts';
import { arg, flag } from '../flags.ts';
import { reportOf, updateView } from '../update-view.ts';

export const outdatedCommand = command({
  brief: 'Show which servers have a newer version',
  details:
    'Changes nothing. Exits with 14 when there are updates, 60 when a server could not be checked.',
  args: [arg.rest('NAME', 'These servers alone')],
  flags: { verbose: flag.boolean('Show those that are current, too', { alias: 'v' }) },
  run: async (ctx, { verbose }, ...names) => {
    const { checkUpdates } = await import('../../update/index.ts');
    const findings = await checkUpdates(ctx, names.length === 0 ? undefined : names);
    return { ...reportOf(findings), verbose };
  },
  view: (data, ui) => updateView(data, ui, data.verbose),
  exitCode: ({ pending, failed }) => {
    if (pending > 0) return EXIT_CODES.CHANGES_PENDING;
    return failed > 0 ? EXIT_CODES.PARTIAL : 0;
  },
});
