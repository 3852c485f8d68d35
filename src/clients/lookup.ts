/** From what a person types to a client and its file. */
import { dirname, posix, win32 } from 'node:path';
import { readSettings, settingKey } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { exists } from '../platform/files.ts';
import { didYouMean } from '../platform/suggest.ts';
import { CLIENT_KEYS, type ClientKey } from './keys.ts';
import { filesOf, fileToMake } from './paths.ts';
import { CLIENTS } from './rows/index.ts';
import type { ClientRow, Scope } from './types.ts';

/** Which of a client's files is meant. */
export interface Where {
  /** The person's configuration unless told. */
  readonly scope?: Scope | undefined;
  /** This file instead of any other; relative to the working folder. */
  readonly file?: string | undefined;
}

/** Whether a text is the key of a client. */
export function isClientKey(key: string): key is ClientKey {
  return (CLIENT_KEYS as readonly string[]).includes(key);
}

/** A client's row. @throws McpmError `NOT_FOUND` with the nearest keys. */
export function getClient(key: string): ClientRow {
  if (isClientKey(key)) return CLIENTS[key];
  throw new McpmError('NOT_FOUND', `No client is called ${JSON.stringify(key)}`, {
    hint: didYouMean(key, CLIENT_KEYS, 'All that are known: mcpm client ls --all'),
    data: { client: key },
  });
}

/**
 * The file that a client's entries are in: the one that is named, the one that the setting `clients.KEY.path` names, else
 * the first of the row's that exists, else the first whose folder the client has made, else the row's first.
 * @throws McpmError `NOT_FOUND` when the client has no file on this system, `INVALID_INPUT` when it has none of this scope.
 */
export async function fileOf(ctx: Context, row: ClientRow, where: Where = {}): Promise<string> {
  const scope = where.scope ?? 'user';
  if (where.file !== undefined) return absolute(ctx, where.file);
  const named = scope === 'user' ? await overrideOf(ctx, row) : undefined;
  if (named !== undefined) return named;
  const files = filesOf(row, scope, ctx);
  for (const file of files) if (await exists(file)) return file;
  if (scope === 'user') for (const file of files) if (await exists(dirname(file))) return file;
  const made = fileToMake(row, scope, ctx);
  if (made === undefined) throw noFile(row, scope);
  return made;
}

/** Why there is no file, and the way to one. */
function noFile(row: ClientRow, scope: Scope): McpmError {
  const data = { client: row.key };
  if (scope === 'project') {
    return new McpmError('INVALID_INPUT', `${row.title} has no configuration file for projects`, {
      hint: 'Leave --scope project out.',
      data,
    });
  }
  if (Object.values(row.user).every((paths) => paths.length === 0)) {
    return new McpmError(
      'INVALID_INPUT',
      `${row.title} has a configuration file for projects alone`,
      {
        hint: 'Name it: --scope project, in the folder of its installation.',
        data,
      },
    );
  }
  return new McpmError('NOT_FOUND', `${row.title} does not exist on this system`, {
    hint: `If it does, say where its file is: mcpm config set clients.${row.key}.path FILE`,
    data,
  });
}

/** The file that the setting `clients.KEY.path` names for a client, absolute. */
export async function overrideOf(ctx: Context, row: ClientRow): Promise<string | undefined> {
  for (const [key, value] of Object.entries(await readSettings(ctx))) {
    const same = settingKey(key) === `clients.${row.key}.path`;
    if (same && typeof value === 'string' && value !== '') return absolute(ctx, value);
  }
  return undefined;
}

/**
 * The value of a setting `clients.KEY.path`, from what a person typed in a folder: it holds in all others too.
 * @throws McpmError `NOT_FOUND` for an unknown client, `INVALID_INPUT` for an empty path.
 */
export function pathSetting(ctx: Context, key: string, text: string): string {
  const { title } = getClient(key.split('.').slice(1, -1).join('.'));
  if (text === '') {
    throw new McpmError('INVALID_INPUT', `An empty path is no file of ${title}`, {
      hint: `To go back to its usual file: mcpm config unset ${key}`,
      data: { key },
    });
  }
  return text.startsWith('~') ? text : absolute(ctx, text);
}

function absolute(ctx: Context, path: string): string {
  const { resolve, join } = ctx.platform === 'win32' ? win32 : posix;
  return /^~(?=[/\\]|$)/.test(path) ? join(ctx.home, path.slice(1)) : resolve(ctx.cwd, path);
}
