import { KNOWN_SETTINGS, matches, readSettings, shownSetting } from '../../config/index.ts';
import { command } from '../command.ts';

export const configLsCommand = command({
  brief: 'List the settings: what is set, and what can be',
  async run(ctx) {
    const settings = await readSettings(ctx);
    const set = Object.entries(settings).map(([key, value]) => ({
      key,
      value: shownSetting(key, value),
      known: KNOWN_SETTINGS.some((setting) => matches(setting, key)),
    }));
    return { file: ctx.paths.settings, set, known: KNOWN_SETTINGS };
  },
  view({ set, known }, ui) {
    const lines = set.map(({ key, value, known: read }) => [
      ui.bold(key),
      JSON.stringify(value),
      read ? '' : ui.yellow('not read by mcpm'),
    ]);
    const rows = known.map(({ key, type, brief, values }) => [
      key,
      values?.join(' | ') ?? type,
      brief,
    ]);
    return [
      lines.length > 0
        ? ui.table(['SET', 'VALUE', ''], lines)
        : 'Nothing is set; every default holds.',
      ui.table(['CAN BE SET', 'TAKES', 'MEANING'], rows),
    ].join('\n\n');
  },
});
