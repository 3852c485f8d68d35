import { createProfile } from '../../profiles/index.ts';
import { command, need } from '../command.ts';
import { arg, flag } from '../flags.ts';

export const profileCreateCommand = command({
  brief: 'Create an empty profile',
  args: [arg.optional('NAME', 'What to call it')],
  flags: {
    description: flag.text('What it is for', { placeholder: 'TEXT' }),
    force: flag.boolean('Empty a profile of the same name', { alias: 'f' }),
  },
  async run(ctx, { description, force }, givenName) {
    const name = await need(ctx, givenName, 'a name: give it as the first argument', (prompts) =>
      prompts.text({ message: 'Name of the profile' }),
    );
    return { profile: await createProfile(ctx, name, { description, force }) };
  },
  view: ({ profile }, ui) =>
    `${ui.green('Created')} ${profile.name}. Add servers: mcpm profile edit ${profile.name} --add-server A,B`,
});
