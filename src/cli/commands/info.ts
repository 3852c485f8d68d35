import type { InstalledServer, KnownVersions, ServerInfo } from '../../install/index.ts';
import { isSecretName } from '../../platform/redact.ts';
import { command } from '../command.ts';
import { arg, flag } from '../flags.ts';
import type { Ui } from '../render/ui.ts';
import { joinWords } from '../words.ts';

export const infoCommand = command({
  brief: 'Show what is known of a server before installing it',
  details:
    'NAME is a name, SOURCE:NAME, npm:PACKAGE, pypi:PACKAGE or oci:IMAGE, each also with @VERSION; a URL, a folder or a bundle (.mcpb).',
  args: [arg.required('NAME', 'The server')],
  flags: { offline: flag.boolean('Ask no registry for versions') },
  run: async (ctx, { offline }, name) => {
    const { info } = await import('../../install/info.ts');
    const found = await info(ctx, name, offline);
    for (const note of found.notes) ctx.log.warn(note);
    return found;
  },
  view: (found, ui) =>
    [
      head(found, ui),
      facts(found, ui),
      section('Ways to install', installations(found, ui), ui),
      section('Arguments', argumentsOf(found, ui), ui),
      section('Tools', toolsOf(found), ui),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
});

function head({ manifest }: ServerInfo, ui: Ui): string {
  const marks = [
    manifest.is_official ? ui.green('official') : '',
    manifest.is_archived ? ui.yellow('archived') : '',
    manifest.status === 'deprecated' ? ui.yellow('deprecated') : '',
  ].filter((mark) => mark !== '');
  const title = `${ui.bold(manifest.display_name)}  ${ui.dim(manifest.name)}  ${marks.join(' ')}`;
  return [title.trimEnd(), manifest.description.trim()].filter((line) => line !== '').join('\n');
}

function facts(found: ServerInfo, ui: Ui): string {
  const { manifest, versions, installed } = found;
  const { origin, author } = manifest;
  return ui.fields([
    ['source', [origin?.reference ?? '', ...(origin?.also ?? [])].join(', ')],
    ['version', [manifest.version, datesOf(found)].filter((part) => part).join(' ')],
    ...versions.map((one): [string, string] => [one.of, versionLine(one)]),
    ['publisher', [author?.name, author?.url].filter((part) => part).join(' ')],
    ['repository', manifest.repository?.url],
    ['homepage', manifest.homepage],
    ['licence', manifest.license],
    ['categories', manifest.categories?.join(', ')],
    ['tags', manifest.tags?.join(', ')],
    ['note', manifest.status_message],
    ['installed', installed.length === 0 ? 'no' : installed.map(installedLine).join('; ')],
  ]);
}

/** `(published 2026-01-01, updated 2026-02-01)`, as far as the registry says. */
function datesOf({ manifest: { published_at, updated_at } }: ServerInfo): string {
  const day = (time: string | undefined) => time?.slice(0, 'yyyy-mm-dd'.length);
  const [published, updated] = [day(published_at), day(updated_at)];
  const parts = [
    published && `published ${published}`,
    updated && updated !== published && `updated ${updated}`,
  ].filter((part) => part);
  return parts.length === 0 ? '' : `(${parts.join(', ')})`;
}

function versionLine({ package: name, latest, recent }: KnownVersions): string {
  const others = recent.filter((version) => version !== latest).slice(0, 4);
  const before = others.length === 0 ? '' : ` (also ${others.join(', ')})`;
  return `${name} ${latest ?? 'no stable version'}${before}`;
}

function installedLine({ name, version, pinned, current }: InstalledServer): string {
  const exact = version === undefined ? '' : ` ${version}`;
  const state = current === undefined ? '' : current ? ', current' : ', outdated: mcpm update';
  return `${name}${exact}${pinned ? ', pinned' : ', floating'}${state}`;
}

function installations({ manifest }: ServerInfo, ui: Ui): string {
  const rows = Object.entries(manifest.installations).map(([key, one]) => {
    const words = (one.args ?? []).map((part) =>
      typeof part === 'string' ? joinWords([part]) : `[${joinWords(part.words)}]`,
    );
    const runs = one.url ?? [one.command ?? one.package, ...words].join(' ');
    return [`  ${key}`, one.recommended ? ui.green('recommended') : '', runs];
  });
  return rows
    .map(([key, mark, runs]) => `${key}  ${mark === '' ? '' : `${mark}  `}${runs}`)
    .join('\n');
}

function argumentsOf({ manifest }: ServerInfo, ui: Ui): string {
  const entries = Object.entries(manifest.arguments ?? {});
  return entries
    .map(([name, one]) => {
      const details = [
        (one.secret ?? isSecretName(name)) ? 'secret' : '',
        one.choices ? `one of ${one.choices.join(', ')}` : '',
        one.default === undefined ? '' : `default ${one.default}`,
        one.example === undefined ? '' : `such as ${one.example}`,
      ].filter((part) => part !== '');
      const mark = one.required ? ui.yellow(' required') : '';
      const more = details.length === 0 ? '' : ui.dim(` (${details.join('; ')})`);
      return `  ${ui.bold(name)}${mark}  ${one.description.trim()}${more}`;
    })
    .join('\n');
}

function toolsOf({ manifest }: ServerInfo): string {
  const tools = manifest.tools ?? [];
  const named = tools.map(({ name, description }) =>
    description ? `  ${name}  ${firstSentence(description)}` : `  ${name}`,
  );
  return named.join('\n');
}

function firstSentence(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function section(title: string, body: string, ui: Ui): string {
  return body === '' ? '' : `${ui.bold(title)}\n${body}`;
}
