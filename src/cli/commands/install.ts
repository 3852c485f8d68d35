import { isRemote, isStdio, type Server } from '../../config/index.ts';
import { isTrue } from '../../context.ts';
import type { Applied, InstallPlan, PlannedArgument } from '../../install/index.ts';
import { type CommandContext, command, confirm } from '../command.ts';
import { arg, flag } from '../flags.ts';
import { createUi, type Ui } from '../render/ui.ts';
import { joinWords } from '../words.ts';

export const installCommand = command({
  brief: 'Install a server',
  details:
    'NAME is a name, SOURCE:NAME, npm:PACKAGE, pypi:PACKAGE or oci:IMAGE, each also with @VERSION; a URL, a git repository, a folder or a bundle (.mcpb). Values it needs come from --set, --env-file, the environment (MCPM_SERVER_<SERVER>_<ARG>, MCPM_ARG_<ARG>, <ARG>) or prompts.',
  args: [arg.required('NAME', 'The server')],
  confirms: true,
  plans: true,
  flags: {
    alias: flag.text('Store it under this name', { placeholder: 'NAME' }),
    method: flag.text('Install it this way (see `mcpm info NAME`)', { placeholder: 'KEY' }),
    set: flag.pair('A value it needs; can be repeated', { placeholder: 'NAME=VALUE' }),
    envFile: flag.text('A file of NAME=VALUE lines with values it needs', { placeholder: 'FILE' }),
    noPin: flag.boolean('Leave the version open, so that it floats'),
    plainSecrets: flag.boolean('Store secrets readable in servers.json, as MCPM v2 does'),
    force: flag.boolean('Same as --yes; also replace a server of this name'),
  },
  run: async (ctx, flags, reference) => {
    const { plan, apply, discard } = await import('../../install/index.ts');
    const planned = await plan(ctx, {
      reference,
      alias: flags.alias,
      method: flags.method,
      set: flags.set,
      envFile: flags.envFile,
      pin: !flags.noPin,
      plainSecrets: flags.plainSecrets,
      replace: flags.force || isTrue(ctx.env.MCPM_FORCE),
      asker: ctx.prompts,
      askOptional: !ctx.yes,
    });
    if (ctx.dryRun) {
      await discard(planned);
      return { plan: printable(planned) };
    }
    await agree(ctx, planned).catch(async (refusal: unknown) => {
      await discard(planned);
      throw refusal;
    });
    return { plan: printable(planned), installed: await apply(ctx, planned) };
  },
  view: ({ plan, installed }, ui) =>
    installed
      ? doneView(plan, installed, ui)
      : `${planView(plan, ui)}\n\n${ui.dim('Nothing was changed (--dry-run).')}`,
});

type Printable = Omit<InstallPlan, 'manifest'>;

/** The manifest can be read with `info`; the plan is shown without it. */
function printable({ manifest: _, ...plan }: InstallPlan): Printable {
  return plan;
}

/** Show the plan and ask, when there is someone to see it. Without a terminal the command line itself is the consent. */
async function agree(ctx: CommandContext, plan: InstallPlan): Promise<void> {
  if (!ctx.prompts || ctx.yes) return;
  const ui = createUi({ color: ctx.terminal.errorColor, width: ctx.terminal.width });
  ctx.log.info(planView(plan, ui));
  await confirm(ctx, `Install ${plan.name}?`, true);
}

function planView(plan: Printable, ui: Ui): string {
  const { installation, resolved } = plan;
  const version = resolved.version === undefined ? '' : ` ${resolved.version}`;
  const integrity = resolved.integrity === undefined ? '' : ui.dim(` ${resolved.integrity}`);
  const others = installation.others.length === 0 ? '' : `; also ${installation.others.join(', ')}`;
  return [
    `${ui.bold(plan.title)}, ${plan.replaces ? 'in the place of' : 'to be installed as'} ${ui.bold(plan.name)}`,
    ui.fields([
      ['  from', plan.origin.reference],
      ['  method', `${installation.key} (${installation.reason}${others})`],
      [
        '  package',
        resolved.package && `${resolved.package}${version}${pinnedMark(plan)}${integrity}`,
      ],
      ['  unpacks', plan.bundle && `${plan.bundle.count} files, sha256 ${plan.bundle.sha256}`],
      ['  clones', plan.checkout && `${plan.checkout.url} at ${plan.checkout.commit.slice(0, 12)}`],
      ['  then', plan.checkout?.steps.map((step) => step.join(' ')).join(' && ')],
      ...runs(plan.server),
      ...plan.arguments.map((one): [string, string] => [`  ${one.name}`, argumentLine(one)]),
      ['  writes', plan.writes.join(', ')],
    ]),
    ...plan.warnings.map((warning) => `${ui.yellow('!')} ${warning}`),
  ].join('\n');
}

function pinnedMark({ resolved }: Printable): string {
  return resolved.pinned ? ', pinned' : ', floating';
}

function runs(server: Server): [string, string | undefined][] {
  const pairs = (record: Readonly<Record<string, string>>) =>
    Object.entries(record)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ');
  if (isStdio(server)) {
    return [
      ['  runs', joinWords([server.command, ...server.args])],
      ['  with', pairs(server.env)],
    ];
  }
  if (!isRemote(server)) return [];
  return [
    ['  connects to', server.url],
    ['  with', pairs(server.headers)],
  ];
}

function argumentLine({ value, from, variable, description, required }: PlannedArgument): string {
  if (from === undefined) return `(not set${required ? ', required' : ''}) ${description}`.trim();
  const sources: Readonly<Record<string, string>> = {
    flag: 'from --set',
    file: `from the environment file (${variable})`,
    environment: `from the environment (${variable})`,
    default: 'default',
    prompt: 'as entered',
  };
  return `${value}  (${sources[from]})`;
}

function doneView(plan: Printable, { name, secretsIn }: Applied, ui: Ui): string {
  const version = plan.resolved.version === undefined ? '' : ` ${plan.resolved.version}`;
  const places = {
    keychain: 'Secrets are in the system keychain.',
    file: 'Secrets are in an encrypted file of this user.',
    config: 'Secrets are readable in servers.json.',
  };
  return [
    `${ui.green('✓')} Installed ${ui.bold(name)}${version} (${plan.installation.key}, ${plan.installation.reason})`,
    ...(secretsIn ? [places[secretsIn]] : []),
    ...plan.warnings.map((warning) => `${ui.yellow('!')} ${warning}`),
    ui.dim(`Run it: mcpm run ${name}; give it to a client: mcpm client edit`),
  ].join('\n');
}
