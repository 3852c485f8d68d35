import { command } from '../command.ts';
import { arg } from '../flags.ts';

export const shareRotateCommand = command({
  brief: 'Replace a token by a new one with the same name and reach',
  args: [arg.required('TOKEN', 'Its id or its name')],
  run: async (ctx, _flags, which) => {
    const { rotateToken } = await import('../../share/index.ts');
    const { token, secret } = await rotateToken(ctx, which);
    const { id, name, target, expires } = token;
    return { id, name, target, value: secret, ...(expires !== undefined && { expires }) };
  },
  view: ({ id, name, target, value }, ui) =>
    `${ui.green('Rotated')} ${name} for ${target.name}; the old token opens nothing any more.\nNew token (${id}), shown this once: ${ui.bold(value)}`,
});
