import type { Found, InstallationType, SearchOptions } from '../../registry/index.ts';
import { command } from '../command.ts';
import { arg, flag } from '../flags.ts';
import type { Ui } from '../render/ui.ts';

const TYPES = [
  'npm',
  'uvx',
  'docker',
  'python',
  'nuget',
  'mcpb',
  'http',
  'sse',
  'custom',
  'cli',
] as const satisfies readonly InstallationType[];

export const searchCommand = command({
  brief: 'Find servers in the catalogue and the registries',
  details:
    'Ranks by name, title, tags, categories, tools and description; beginnings of words and words with a typo are found too. Without a query, lists everything.',
  args: [arg.optional('QUERY', 'What to look for')],
  flags: {
    detailed: flag.boolean('Show categories, tags, ways to install and sources'),
    limit: flag.integer('How many to show (20 unless told)', { min: 1, placeholder: 'N' }),
    category: flag.text('Only this category', { placeholder: 'NAME' }),
    type: flag.choice('Only servers that can be installed this way', TYPES),
    official: flag.boolean('Only servers from the vendor of what they connect to'),
    offline: flag.boolean('Ask no registry; use what is on this machine'),
    refresh: flag.boolean('Bring the copies of all registries up to date first'),
  },
  run: async (ctx, { detailed, limit = 20, ...filters }, query) => {
    const { search } = await import('../../registry/registry.ts');
    const result = await search(ctx, query ?? '', { limit, ...filters });
    for (const note of result.notes) ctx.log.warn(note);
    const { category, type, official } = filters;
    return { query: query ?? '', filters: { category, type, official }, detailed, ...result };
  },
  view: ({ query, filters, detailed, servers, total }, ui) => {
    if (servers.length === 0) return nothingFound(query, filters);
    const list = detailed
      ? servers.map((server) => block(server, ui)).join('\n\n')
      : table(servers, ui);
    const more =
      total > servers.length ? `${servers.length} of ${total}; --limit shows more. ` : '';
    return `${list}\n\n${ui.dim(`${more}Details: mcpm info NAME; install: mcpm install NAME`)}`;
  },
});

type Filters = Pick<SearchOptions, 'category' | 'type' | 'official'>;

function nothingFound(query: string, { category, type, official }: Filters): string {
  const narrowed = [
    category === undefined ? '' : `--category ${category}`,
    type === undefined ? '' : `--type ${type}`,
    official ? '--official' : '',
  ].filter((part) => part !== '');
  const what = query === '' ? 'Nothing found' : `Nothing found for ${JSON.stringify(query)}`;
  return narrowed.length === 0 ? `${what}.` : `${what} with ${narrowed.join(' ')}.`;
}

function table(servers: readonly Found[], ui: Ui): string {
  const rows = servers.map((server) => [
    ui.bold(server.name),
    server.types.join(', '),
    server.source,
    oneLine(`${standing(server, ui)}${server.description}`),
  ]);
  return ui.table(['NAME', 'INSTALL BY', 'FROM', 'DESCRIPTION'], rows);
}

function block(server: Found, ui: Ui): string {
  const version = server.version === undefined ? '' : ` ${ui.dim(server.version)}`;
  return [
    `${ui.bold(server.name)}${version}  ${standing(server, ui)}${server.title}`,
    oneLine(server.description),
    ui.fields([
      ['  categories', server.categories.join(', ')],
      ['  tags', server.tags.join(', ')],
      ['  install by', server.types.join(', ')],
      ['  from', [server.source, ...server.also].join(', ')],
    ]),
  ].join('\n');
}

/** What sets a server apart, in one word before its description. */
function standing(server: Found, ui: Ui): string {
  if (server.status === 'deprecated') return `${ui.yellow('deprecated')} `;
  if (server.archived) return `${ui.yellow('archived')} `;
  return server.official ? `${ui.green('official')} ` : '';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
