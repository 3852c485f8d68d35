/** What a client's file holds now. */
import { isRemote, readServers, type Servers } from '../config/index.ts';
import type { Context } from '../context.ts';
import { formatOf, type TextFormat } from '../edit/index.ts';
import { readText } from '../platform/files.ts';
import { fileOf, type Where } from './lookup.ts';
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
  const [file, format, servers] = await Promise.all([
    fileOf(ctx, row, where),
    formatOf(row.format),
    readServers(ctx),
  ]);
  return stateOf(row, file, await readText(file), format, servers);
}

/** The state that a text means. Pure. @throws McpmError `CONFIG_SYNTAX`. */
export function stateOf(
  row: ClientRow,
  file: string,
  text: string | undefined,
  format: TextFormat,
  servers: Servers,
): ClientState {
  const remote = (name: string) => {
    const server = servers[name];
    return server !== undefined && isRemote(server);
  };
  const entries = entriesOf(row, format.parse(text ?? '', file)).map(({ name, value }) => {
    const entry = row.codec.decode(value);
    return { name, value, entry, target: targetOf(name, entry, remote) };
  });
  return { row, file, text, entries };
}
