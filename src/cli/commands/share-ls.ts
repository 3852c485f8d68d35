import { command } from '../command.ts';
import { flag } from '../flags.ts';

export const shareLsCommand = command({
  brief: 'List the tokens of shares, and the shares that run',
  flags: { all: flag.boolean('Also tokens that have ended', { alias: 'a' }) },
  run: async (ctx, { all }) => {
    const { describeScope, listRunning, listTokens, stateOf } = await import(
      '../../share/index.ts'
    );
    const tokens = (await listTokens(ctx)).map((token) => ({
      id: token.id,
      name: token.name,
      target: token.target,
      state: stateOf(token, ctx.now()),
      scope: describeScope(token),
      created: token.created,
      ...(token.expires !== undefined && { expires: token.expires }),
    }));
    return {
      running: await listRunning(ctx),
      tokens: tokens.filter(({ state }) => all || state === 'active'),
    };
  },
  view: ({ running, tokens }, ui) => {
    const shares = running.map(({ target, url, provider, since }) => [
      ui.bold(target.name),
      target.kind,
      provider,
      since,
      url,
    ]);
    const rows = tokens.map(({ id, name, target, state, scope, expires }) => [
      id,
      ui.bold(name),
      target.name,
      state,
      expires ?? '–',
      scope,
    ]);
    return [
      shares.length > 0 ? ui.table(['RUNNING', 'KIND', 'THROUGH', 'SINCE', 'URL'], shares) : '',
      rows.length > 0
        ? ui.table(['ID', 'TOKEN', 'FOR', 'STATE', 'EXPIRES', 'REACHES'], rows)
        : 'No tokens. Share something: mcpm share NAME',
    ]
      .filter(Boolean)
      .join('\n\n');
  },
});
