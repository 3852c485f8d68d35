import { readSettings, settingKey, updateSettings } from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import { didYouMean } from '../../platform/suggest.ts';
import { command, need } from '../command.ts';
import { arg, flag } from '../flags.ts';

export const configUnsetCommand = command({
  brief: 'Remove a setting, so that its default holds',
  args: [arg.optional('KEY', 'The setting')],
  flags: { key: flag.text('The setting, as a flag', { placeholder: 'KEY' }) },
  async run(ctx, flags, givenKey) {
    const settings = Object.keys(await readSettings(ctx));
    const key = await need(
      ctx,
      givenKey ?? flags.key,
      'a setting: give its key as the first argument',
      (prompts) =>
        prompts.select({
          message: 'Which setting?',
          choices: settings.map((value) => ({ value, label: value })),
        }),
    );
    await updateSettings(ctx, (all) => {
      const kept = Object.entries(all).filter(([other]) => settingKey(other) !== settingKey(key));
      if (kept.length === Object.keys(all).length) {
        throw new McpmError('NOT_FOUND', `${JSON.stringify(key)} is not set`, {
          hint: didYouMean(key, Object.keys(all), 'What is set: mcpm config ls'),
          data: { key },
        });
      }
      return Object.fromEntries(kept);
    });
    return { key };
  },
  view: ({ key }, ui) => `${ui.green('Unset')} ${key}`,
});
