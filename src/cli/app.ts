/** The command tree, on one screen. */
import { buildRouteMap, type RouteMap } from '@stricli/core';
import type { AnyCommand, StricliContext } from './command.ts';
import { lsCommand } from './commands/ls.ts';
import { usageCommand } from './commands/usage.ts';

/** A group of commands: its one-line description and its members. */
export interface Group {
  readonly brief: string;
  readonly routes: Readonly<Record<string, AnyCommand | Group>>;
  /** Other names of routes. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The command that runs when no route's name follows. */
  readonly defaultCommand?: string;
}

/** Every command there is. */
export const TREE: Group = {
  brief: 'Package manager and runtime for MCP servers',
  routes: {
    ls: lsCommand,
    usage: usageCommand,
  },
  aliases: { list: 'ls' },
};

/** The tree as the framework wants it. */
export function routes(group: Group = TREE): RouteMap<StricliContext> {
  return buildRouteMap({
    docs: { brief: group.brief },
    routes: Object.fromEntries(
      Object.entries(group.routes).map(([name, route]) => [
        name,
        'stricli' in route ? route.stricli : routes(route),
      ]),
    ),
    ...(group.aliases ? { aliases: group.aliases } : {}),
    ...(group.defaultCommand ? { defaultCommand: group.defaultCommand } : {}),
  } as never);
}
