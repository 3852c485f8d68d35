import { isRemote, isStdio, kindOf, readServers, type Server } from '../../config/index.ts';
import { redact, redactRecord } from '../../platform/redact.ts';
import { command } from '../command.ts';
import { flag } from '../flags.ts';
import type { Ui } from '../render/ui.ts';
import { joinWords } from '../words.ts';

/** A server as it is shown: secrets masked. */
interface ShownServer {
  readonly name: string;
  readonly type: 'stdio' | 'remote' | 'custom';
  readonly profiles: readonly string[];
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const lsCommand = command({
  brief: 'List the installed servers',
  flags: { verbose: flag.boolean('Show commands, environment and headers', { alias: 'v' }) },
  run: async (ctx, flags) => ({
    verbose: flags.verbose,
    servers: Object.values(await readServers(ctx)).map(shown),
  }),
  view: ({ servers, verbose }, ui) => {
    if (servers.length === 0)
      return 'No servers yet. Find one: mcpm search; install it: mcpm install NAME';
    return verbose
      ? servers.map((server) => details(server, ui)).join('\n\n')
      : overview(servers, ui);
  },
});

/** A server without its secrets. */
export function shown(server: Server): ShownServer {
  const common = { name: server.name, type: kindOf(server), profiles: server.profile_tags };
  if (isStdio(server)) {
    const env = redactRecord(server.env);
    return { ...common, command: server.command, args: server.args.map(redact), env };
  }
  if (isRemote(server)) {
    return { ...common, url: redact(server.url), headers: redactRecord(server.headers) };
  }
  return common;
}

/** A server's full description. */
export function details(server: ShownServer, ui: Ui): string {
  const pairs = (record: Readonly<Record<string, string>> | undefined) =>
    Object.entries(record ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(', ');
  return [
    ui.bold(server.name),
    ui.fields([
      ['  type', server.type],
      ['  command', server.command && joinWords([server.command, ...(server.args ?? [])])],
      ['  url', server.url],
      ['  env', pairs(server.env)],
      ['  headers', pairs(server.headers)],
      ['  profiles', server.profiles.join(', ')],
    ]),
  ].join('\n');
}

function overview(servers: readonly ShownServer[], ui: Ui): string {
  const rows = servers.map((server) => [
    ui.bold(server.name),
    server.type,
    server.profiles.join(', ') || ui.dim('–'),
    server.url ??
      (server.command === undefined ? '' : joinWords([server.command, ...(server.args ?? [])])),
  ]);
  return ui.table(['NAME', 'TYPE', 'PROFILES', 'RUNS'], rows);
}
