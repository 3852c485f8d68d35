import type { ClientStatus } from '../../clients/index.ts';
import { command } from '../command.ts';
import { flag } from '../flags.ts';
import type { Ui } from '../render/ui.ts';

export const clientLsCommand = command({
  brief: 'List the AI clients on this machine and what they hold',
  flags: {
    verbose: flag.boolean('Show files, and the entries that are not of mcpm', { alias: 'v' }),
    all: flag.boolean('Also clients that are not here', { alias: 'a' }),
  },
  async run(ctx, flags) {
    const { CLIENT_KEYS, getClient, readInventory, statusOf } = await import(
      '../../clients/index.ts'
    );
    const inventory = await readInventory(ctx);
    const all = await Promise.all(
      CLIENT_KEYS.map((key) => statusOf(ctx, getClient(key), inventory)),
    );
    const here = all.filter(({ detected }) => detected !== null);
    const clients = flags.all ? all : here;
    return { verbose: flags.verbose, clients, notHere: all.length - here.length };
  },
  view: ({ clients, verbose, notHere }, ui) => {
    const more = `${notHere} more that mcpm can edit: mcpm client ls --all`;
    const absent = clients.some(({ detected }) => detected === null);
    if (clients.length === 0) return `No AI client was found here; ${more}`;
    const shown = verbose
      ? clients.map((client) => details(client, ui)).join('\n\n')
      : overview(clients, ui);
    const mend = clients
      .filter(({ drift }) => drift.length > 0)
      .map((client) => mending(client, ui));
    return [shown, ...mend, ...(absent ? [] : [ui.dim(more)])].join('\n');
  },
});

/** What is gone, and the command that takes it out. */
function mending({ client, drift }: ClientStatus, ui: Ui): string {
  const names = (kind: 'server' | 'profile') =>
    drift.filter((one) => one.kind === kind).map(({ name }) => name);
  const flags = (['server', 'profile'] as const)
    .map((kind) => (names(kind).length > 0 ? ` --remove-${kind} ${names(kind).join(',')}` : ''))
    .join('');
  const entries = drift.map(({ entry }) => entry).join(', ');
  return `${ui.yellow('drift:')} ${client} has ${entries}, and what it runs is gone. Take it out: mcpm client edit ${client}${flags}`;
}

function overview(clients: readonly ClientStatus[], ui: Ui): string {
  const rows = clients.map((client) => [
    ui.bold(client.client),
    client.title,
    client.servers.join(', ') || ui.dim('–'),
    client.profiles.join(', ') || ui.dim('–'),
    client.problem === undefined
      ? String(client.others.length || ui.dim('–'))
      : ui.red(client.problem),
  ]);
  return ui.table(['CLIENT', 'NAME', 'SERVERS', 'PROFILES', 'OTHERS'], rows);
}

function details(client: ClientStatus, ui: Ui): string {
  return [
    `${ui.bold(client.client)}  ${client.title}`,
    ui.fields([
      ['  detected', client.detected ?? 'no'],
      ['  file', client.file ?? undefined],
      ['  servers', client.servers.join(', ')],
      ['  profiles', client.profiles.join(', ')],
      ['  others', client.others.join(', ')],
      ['  disabled', client.disabled.join(', ')],
      ['  drift', client.drift.map(({ entry }) => entry).join(', ')],
      ['  problem', client.problem && ui.red(client.problem)],
    ]),
  ].join('\n');
}
