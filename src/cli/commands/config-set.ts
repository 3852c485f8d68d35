import { parseSetting, updateSettings } from '../../config/index.ts';
import { command, need } from '../command.ts';
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
    const key = await need(
      ctx,
      givenKey ?? flags.key,
      'a setting: give its key as the first argument',
      (prompts) => prompts.text({ message: 'Setting' }),
    );
    const text = await need(
      ctx,
      givenValue ?? flags.value,
      'a value: give it as the second argument',
      (prompts) => prompts.text({ message: `Value of ${key}` }),
    );
    const value = parseSetting(key, text, flags);
    await updateSettings(ctx, (settings) => ({ ...settings, [key]: value }));
    return { key, value };
  },
  view: ({ key, value }, ui) => `${ui.green('Set')} ${key} = ${JSON.stringify(value)}`,
});
