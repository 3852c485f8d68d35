import {
  KNOWN_SETTINGS,
  matches,
  parseSetting,
  settingKey,
  shownSetting,
  updateSettings,
} from '../../config/index.ts';
import { type CommandContext, command, need } from '../command.ts';
import { arg, flag } from '../flags.ts';

export const configSetCommand = command({
  brief: 'Change a setting',
  args: [arg.optional('KEY', 'The setting'), arg.optional('VALUE', 'Its value')],
  flags: {
    key: flag.text('The setting, as a flag', { placeholder: 'KEY' }),
    value: flag.text('Its value, as a flag', { placeholder: 'VALUE' }),
    force: flag.boolean('Store a setting that mcpm does not know', { alias: 'f' }),
  },
  async run(ctx, flags, givenKey, givenValue) {
    const given = await need(
      ctx,
      givenKey ?? flags.key,
      'a setting: give its key as the first argument',
      (prompts) => prompts.text({ message: 'Setting' }),
    );
    const key = settingKey(given);
    const text = await need(
      ctx,
      givenValue ?? flags.value,
      'a value: give it as the second argument',
      (prompts) => prompts.text({ message: `Value of ${key}` }),
    );
    const value = await settingValue(ctx, key, text, flags);
    await updateSettings(ctx, (settings) => ({
      ...Object.fromEntries(
        Object.entries(settings).filter(([other]) => other === key || settingKey(other) !== key),
      ),
      [key]: value,
    }));
    return { key, value: shownSetting(key, value) };
  },
  view: ({ key, value }, ui) => `${ui.green('Set')} ${key} = ${JSON.stringify(value)}`,
});

async function settingValue(
  ctx: CommandContext,
  key: string,
  text: string,
  flags: { readonly force: boolean },
): Promise<unknown> {
  const value = parseSetting(key, text, flags);
  const known = KNOWN_SETTINGS.find((setting) => matches(setting, key));
  if (known?.key !== 'clients.NAME.path' || flags.force) return value;
  const { pathSetting } = await import('../../clients/index.ts');
  return pathSetting(ctx, key, text);
}
