/** The library's face of clients' configurations. */
import { type Context, type ContextOverrides, createContext } from '../context.ts';
import { editClient, readInventory, undoEdit } from './edit.ts';
import { CLIENT_KEYS } from './keys.ts';
import { getClient, type Where } from './lookup.ts';
import type { Manner } from './plan.ts';
import type { Names, Selection } from './selection.ts';
import { type ClientStatus, statusOf } from './status.ts';

/** What a client is to hold: exactly these, or some more and some less. */
export interface ClientSelection {
  readonly servers?: readonly string[] | Names | undefined;
  readonly profiles?: readonly string[] | Names | undefined;
}

/** What an edit of a client did. */
export interface ClientEditResult {
  readonly file: string;
  /** Whether the file was written. */
  readonly changed: boolean;
  /** What the client holds of MCPM now. */
  readonly selection: Selection;
  /** What the person should know. */
  readonly notes: readonly string[];
}

/** The configurations of AI clients on this machine. Everything in them that is not MCPM's stays byte for byte. */
export class ClientConfigManager {
  readonly #ctx: Context;

  /** @param world Parts of the world to replace: `home`, `env`, `platform`, `self` …; the process's own by default. */
  constructor(world: ContextOverrides = {}) {
    this.#ctx = createContext(world);
  }

  /**
   * Make a client hold servers and profiles: a list is all of them, `{add, remove}` changes some, what is left out stays.
   * @param client A client's key, e.g. `claude-desktop`.
   * @throws McpmError `NOT_FOUND` for an unknown client, server or profile; `CONFIG_SYNTAX`, `CONFIG_ACCESS`, `CONFLICT`,
   *   `EDIT_REFUSED` when the file cannot be changed without harm. Nothing is written then.
   */
  async editClientConfig(
    client: string,
    selection: ClientSelection,
    options: Where & Manner = {},
  ): Promise<ClientEditResult> {
    const wish = { servers: names(selection.servers), profiles: names(selection.profiles) };
    const plan = await editClient(this.#ctx, getClient(client), wish, options);
    return {
      file: plan.file,
      changed: plan.changes.length > 0,
      selection: plan.selection,
      notes: plan.notes,
    };
  }

  /** What a client holds. @throws McpmError `NOT_FOUND`. */
  async getClient(client: string, where: Where = {}): Promise<ClientStatus> {
    return statusOf(this.#ctx, getClient(client), await readInventory(this.#ctx), where);
  }

  /** All clients that are known, with what they hold; `detected` tells which are here. */
  async listClients(): Promise<ClientStatus[]> {
    const inventory = await readInventory(this.#ctx);
    return Promise.all(CLIENT_KEYS.map((key) => statusOf(this.#ctx, getClient(key), inventory)));
  }

  /** Put back what a client's file held before the last edit. @throws McpmError `NOT_FOUND`, `CONFLICT`. */
  async undoClientEdit(client: string, options: Where & { force?: boolean } = {}): Promise<void> {
    const { force = false, ...where } = options;
    await undoEdit(this.#ctx, getClient(client), where, { force });
  }
}

function names(wanted: readonly string[] | Names | undefined): Names | undefined {
  return isList(wanted) ? { set: wanted } : wanted;
}

function isList(wanted: unknown): wanted is readonly string[] {
  return Array.isArray(wanted);
}
