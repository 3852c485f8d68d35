/**
 * The contract of an AI client: one data row says where its configuration is and how an entry looks in it. All that acts on
 * clients (reading, editing, importing, detecting, documenting) works from these rows and knows no client by name.
 */
import type { FormatId } from '../edit/index.ts';
import type { ClientKey } from './keys.ts';

/** How a client reaches a server. */
export type Transport = 'stdio' | 'http' | 'sse';

/** A server that a client starts as a child process. */
export interface StdioEntry {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Present only where the client's file says it, or where it must be written. */
  readonly disabled?: boolean;
}

/** A server that a client reaches over Streamable HTTP or over SSE. */
export interface RemoteEntry {
  readonly kind: 'http' | 'sse';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly disabled?: boolean;
}

/** One server in a client's configuration, in no client's own words. */
export type Entry = StdioEntry | RemoteEntry;

/** How a client says, inside an entry, that it is switched off: this field has this value. */
export interface DisabledFlag {
  readonly field: string;
  readonly value: boolean;
}

/** Translates between {@link Entry} and the value that stands in a client's file. Pure. */
export interface Codec {
  /** What the client can hold. */
  readonly transports: readonly Transport[];
  /** The flag inside an entry, or `null` when an entry has none. */
  readonly disabled: DisabledFlag | null;
  /**
   * The value to write. Fields of `previous` that the codec does not know stay, in their order; so does its disabled flag
   * unless `entry.disabled` is given.
   * @throws McpmError `INVALID_INPUT` when the client cannot hold this transport.
   */
  encode(entry: Entry, name: string, previous?: unknown): Readonly<Record<string, unknown>>;
  /** What a value means, or `undefined` when it is neither a process nor a URL (a client's built-in, say). */
  decode(value: unknown): Entry | undefined;
  /** The fields that repeat an entry's name; they follow when it is renamed. */
  readonly named: readonly string[];
  /**
   * Headers that a URL gets by the client's own means, beside those that {@link Codec.decode} tells: a variable's value is
   * `${VAR}` in them. Empty where there are none.
   */
  ownHeaders(value: unknown): Readonly<Record<string, string>>;
}

/** The systems whose paths differ. Every other Unix counts as `linux`. */
export type Os = 'darwin' | 'win32' | 'linux';

/**
 * Path templates a system, the preferred first; none where the client does not exist. A template begins with `~` (home),
 * `$VAR` (an environment variable; ignored while unset, deciding when set), `%APPDATA%` or `%LOCALAPPDATA%`. Always `/`. A `?` before it
 * says that the path is used only where the client has made it, or its folder: it is never the one to make.
 */
export type OsPaths = Readonly<Record<Os, readonly string[]>>;

/** Whose configuration: the person's, or one project's. */
export type Scope = 'user' | 'project';

/** How to tell that a client is on this machine: any of these exists. */
export interface Detection {
  /** Folders or files that the client makes when it is installed or first run. */
  readonly folders: OsPaths;
  /** Programs on the PATH, without `.exe`. */
  readonly executables: readonly string[];
}

/** Where a fact of a row was read. */
export interface Source {
  readonly url: string;
  /** What it says, in our words. */
  readonly says: string;
}

/** One AI client. Members stand in this order in every row, so that two rows can be compared by eye. */
export interface ClientRow {
  readonly key: ClientKey;
  /** The name people know it by. */
  readonly title: string;
  readonly homepage: string;
  /** The person's configuration file: the first that exists, else the first whose folder does, else the first to make. */
  readonly user: OsPaths;
  /** The project's configuration file, relative to the project's folder: the first that exists, else the first; empty without such a scope. */
  readonly project: readonly string[];
  readonly format: FormatId;
  /** Where the entries are: keys from the root of the file. */
  readonly section: readonly string[];
  /** `map`: name → entry. Otherwise a list, whose elements are named by this field. */
  readonly members: 'map' | { readonly namedBy: string };
  readonly codec: Codec;
  /** How the client keeps that a server is off when it is not a field of the entry. */
  readonly disabledElsewhere: string | null;
  /** What a file has to hold besides entries when this program creates it; empty when nothing. */
  readonly newFile: string;
  readonly detect: Detection;
  /** What makes a running client see the change, as an instruction to the person. */
  readonly reload: string;
  /** `desktop`: started from a dock or menu, so without the shell's PATH; its entries need an absolute launcher. */
  readonly startedFrom: 'desktop' | 'terminal';
  readonly sources: readonly Source[];
  /** Where sources contradict one another, what each says, and what this row follows. */
  readonly disagreements: readonly string[];
}
