/** The command tree, on one screen. */
import type { AnyCommand } from './command.ts';

/** A command, loaded when it is named: the way of each leads past all others. */
export type LazyCommand = () => Promise<AnyCommand>;

/** A group of commands: its one-line description and its members. */
export interface Group {
  readonly brief: string;
  readonly routes: Readonly<Record<string, LazyCommand | Group>>;
  /** Other names of routes. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The command that runs when no route's name follows. */
  readonly defaultCommand?: string;
}

/** Every command there is. */
export const TREE: Group = {
  brief: 'Package manager and runtime for MCP servers',
  routes: {
    search: async () => (await import('./commands/search.ts')).searchCommand,
    info: async () => (await import('./commands/info.ts')).infoCommand,
    install: async () => (await import('./commands/install.ts')).installCommand,
    uninstall: async () => (await import('./commands/uninstall.ts')).uninstallCommand,
    update: async () => (await import('./commands/update.ts')).updateCommand,
    outdated: async () => (await import('./commands/outdated.ts')).outdatedCommand,
    ls: async () => (await import('./commands/ls.ts')).lsCommand,
    new: async () => (await import('./commands/new.ts')).newCommand,
    edit: async () => (await import('./commands/edit.ts')).editCommand,
    run: async () => (await import('./commands/run.ts')).runCommand,
    profile: {
      brief: 'Group servers into profiles',
      routes: {
        ls: async () => (await import('./commands/profile-ls.ts')).profileLsCommand,
        create: async () => (await import('./commands/profile-create.ts')).profileCreateCommand,
        edit: async () => (await import('./commands/profile-edit.ts')).profileEditCommand,
        rm: async () => (await import('./commands/profile-rm.ts')).profileRmCommand,
        run: async () => (await import('./commands/profile-run.ts')).profileRunCommand,
        share: async () => (await import('./commands/profile-share.ts')).profileShareCommand,
      },
      aliases: { list: 'ls', remove: 'rm' },
    },
    secret: {
      brief: 'Keep credentials out of the configuration',
      routes: {
        ls: async () => (await import('./commands/secret-ls.ts')).secretLsCommand,
        set: async () => (await import('./commands/secret-set.ts')).secretSetCommand,
        rm: async () => (await import('./commands/secret-rm.ts')).secretRmCommand,
      },
      aliases: { list: 'ls', remove: 'rm' },
    },
    login: async () => (await import('./commands/login.ts')).loginCommand,
    logout: async () => (await import('./commands/logout.ts')).logoutCommand,
    client: {
      brief: 'Plug servers and profiles into AI clients',
      routes: {
        ls: async () => (await import('./commands/client-ls.ts')).clientLsCommand,
        edit: async () => (await import('./commands/client-edit.ts')).clientEditCommand,
        diff: async () => (await import('./commands/client-diff.ts')).clientDiffCommand,
        undo: async () => (await import('./commands/client-undo.ts')).clientUndoCommand,
        import: async () => (await import('./commands/client-import.ts')).clientImportCommand,
        sync: async () => (await import('./commands/client-sync.ts')).clientSyncCommand,
      },
      aliases: { list: 'ls' },
    },
    share: {
      brief: 'Share a server: a URL that works from anywhere, protected by a token',
      routes: {
        start: async () => (await import('./commands/share.ts')).shareCommand,
        ls: async () => (await import('./commands/share-ls.ts')).shareLsCommand,
        revoke: async () => (await import('./commands/share-revoke.ts')).shareRevokeCommand,
        rotate: async () => (await import('./commands/share-rotate.ts')).shareRotateCommand,
      },
      aliases: { list: 'ls' },
      defaultCommand: 'start',
    },
    relay: {
      brief: 'Run a relay of your own, for shares to go through',
      routes: {
        start: async () => (await import('./commands/relay.ts')).relayCommand,
        token: async () => (await import('./commands/relay-token.ts')).relayTokenCommand,
      },
      defaultCommand: 'start',
    },
    usage: async () => (await import('./commands/usage.ts')).usageCommand,
    config: {
      brief: 'Change how mcpm behaves',
      routes: {
        ls: async () => (await import('./commands/config-ls.ts')).configLsCommand,
        set: async () => (await import('./commands/config-set.ts')).configSetCommand,
        unset: async () => (await import('./commands/config-unset.ts')).configUnsetCommand,
        'clear-cache': async () =>
          (await import('./commands/config-clear-cache.ts')).configClearCacheCommand,
      },
      aliases: { list: 'ls' },
    },
  },
  aliases: { list: 'ls' },
};
