/** What a client's file holds now. */
import { isRemote, readServers } from '../config/index.ts';
import type { Context } from '../context.ts';
import { formatOf, type TextFormat } from '../edit/index.ts';
import { readText } from '../platform/files.ts';
import { fileOf, type Where } from './lookup.ts';
import { readMapping } from './mapping.ts';
import { type Target, targetOf } from './ownership.ts';
import { entriesOf } from './section.ts';
import type { ClientRow, Entry } from './types.ts';

/** One entry of a client's file. */
export interface ClientEntry {
  readonly name: string;
  /** What stands in the file. */
  readonly value: unknown;
  /** What it means; absent when it is neither a process nor a URL. */
  readonly entry: Entry | undefined;
  /** What it runs when it is MCPM's; absent when it is the person's own. */
  readonly target: Target | undefined;
}

/** A client's file, read. */
export interface ClientState {
  readonly row: ClientRow;
  readonly file: string;
  /** Whether a remote entry of a server's name is MCPM's: the server is known, or was written as one. */
  readonly isNative: (server: string) => boolean;
  /** `undefined` when there is no file. */
  readonly text: string | undefined;
  readonly entries: readonly ClientEntry[];
}

/**
 * Read a client's entries.
 * @throws McpmError `CONFIG_SYNTAX` with file, line and column; `CONFIG_ACCESS`; as {@link fileOf}.
 */
export async function readClient(
  ctx: Context,
  row: ClientRow,
  where: Where = {},
): Promise<ClientState> {
  const [file, format, servers, mapping] = await Promise.all([
    fileOf(ctx, row, where),
    formatOf(row.format),
    readServers(ctx),
    readMapping(ctx),
  ]);
  const written = mapping[row.key]?.native ?? [];
  const isNative = (name: string) => {
    const server = servers[name];
    return (server !== undefined && isRemote(server)) || written.includes(name);
  };
  return stateOf({ row, file, isNative }, await readText(file), format);
}

/** The state that a text means. Pure. @throws McpmError `CONFIG_SYNTAX`. */
export function stateOf(
  base: Pick<ClientState, 'row' | 'file' | 'isNative'>,
  text: string | undefined,
  format: TextFormat,
): ClientState {
  const { row, file, isNative } = base;
  const entries = entriesOf(row, format.parse(text ?? '', file)).map(({ name, value }) => {
    const entry = row.codec.decode(value);
    return { name, value, entry, target: targetOf(name, entry, isNative) };
  });
  return { row, file, isNative, text, entries };
}
