/** The command tree, on one screen. */
import type { AnyCommand } from './command.ts';
import { clientDiffCommand } from './commands/client-diff.ts';
import { clientEditCommand } from './commands/client-edit.ts';
import { clientImportCommand } from './commands/client-import.ts';
import { clientLsCommand } from './commands/client-ls.ts';
import { clientSyncCommand } from './commands/client-sync.ts';
import { clientUndoCommand } from './commands/client-undo.ts';
import { configClearCacheCommand } from './commands/config-clear-cache.ts';
import { configLsCommand } from './commands/config-ls.ts';
import { configSetCommand } from './commands/config-set.ts';
import { configUnsetCommand } from './commands/config-unset.ts';
import { editCommand } from './commands/edit.ts';
import { infoCommand } from './commands/info.ts';
import { installCommand } from './commands/install.ts';
import { loginCommand } from './commands/login.ts';
import { logoutCommand } from './commands/logout.ts';
import { lsCommand } from './commands/ls.ts';
import { newCommand } from './commands/new.ts';
import { outdatedCommand } from './commands/outdated.ts';
import { profileCreateCommand } from './commands/profile-create.ts';
import { profileEditCommand } from './commands/profile-edit.ts';
import { profileLsCommand } from './commands/profile-ls.ts';
import { profileRmCommand } from './commands/profile-rm.ts';
import { profileRunCommand } from './commands/profile-run.ts';
import { profileShareCommand } from './commands/profile-share.ts';
import { relayCommand } from './commands/relay.ts';
import { relayTokenCommand } from './commands/relay-token.ts';
import { runCommand } from './commands/run.ts';
import { searchCommand } from './commands/search.ts';
import { secretLsCommand } from './commands/secret-ls.ts';
import { secretRmCommand } from './commands/secret-rm.ts';
import { secretSetCommand } from './commands/secret-set.ts';
import { shareCommand } from './commands/share.ts';
import { shareLsCommand } from './commands/share-ls.ts';
import { shareRevokeCommand } from './commands/share-revoke.ts';
import { shareRotateCommand } from './commands/share-rotate.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { updateCommand } from './commands/update.ts';
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
    search: searchCommand,
    info: infoCommand,
    install: installCommand,
    uninstall: uninstallCommand,
    update: updateCommand,
    outdated: outdatedCommand,
    ls: lsCommand,
    new: newCommand,
    edit: editCommand,
    run: runCommand,
    profile: {
      brief: 'Group servers into profiles',
      routes: {
        ls: profileLsCommand,
        create: profileCreateCommand,
        edit: profileEditCommand,
        rm: profileRmCommand,
        run: profileRunCommand,
        share: profileShareCommand,
      },
      aliases: { list: 'ls', remove: 'rm' },
    },
    secret: {
      brief: 'Keep credentials out of the configuration',
      routes: { ls: secretLsCommand, set: secretSetCommand, rm: secretRmCommand },
      aliases: { list: 'ls', remove: 'rm' },
    },
    login: loginCommand,
    logout: logoutCommand,
    client: {
      brief: 'Plug servers and profiles into AI clients',
      routes: {
        ls: clientLsCommand,
        edit: clientEditCommand,
        diff: clientDiffCommand,
        undo: clientUndoCommand,
        import: clientImportCommand,
        sync: clientSyncCommand,
      },
      aliases: { list: 'ls' },
    },
    share: {
      brief: 'Share a server: a URL that works from anywhere, protected by a token',
      routes: {
        start: shareCommand,
        ls: shareLsCommand,
        revoke: shareRevokeCommand,
        rotate: shareRotateCommand,
      },
      aliases: { list: 'ls' },
      defaultCommand: 'start',
    },
    relay: {
      brief: 'Run a relay of your own, for shares to go through',
      routes: { start: relayCommand, token: relayTokenCommand },
      defaultCommand: 'start',
    },
    usage: usageCommand,
    config: {
      brief: 'Change how mcpm behaves',
      routes: {
        ls: configLsCommand,
        set: configSetCommand,
        unset: configUnsetCommand,
        'clear-cache': configClearCacheCommand,
      },
      aliases: { list: 'ls' },
    },
  },
  aliases: { list: 'ls' },
};
