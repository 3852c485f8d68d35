/** What the configuration files hold: the shapes of MCPM v2, with unknown fields kept. */

/** A server started as a child process, speaking over its standard streams. */
export interface StdioServer {
  readonly name: string;
  /** The profiles this server is in. */
  readonly profile_tags: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
  /** Values may hold `${VAR}` and `${secret:NAME}` references, resolved when the server starts. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server reached over Streamable HTTP or SSE. */
export interface RemoteServer {
  readonly name: string;
  readonly profile_tags: readonly string[];
  readonly url: string;
  /** Values may hold `${VAR}` and `${secret:NAME}` references, resolved when the server is reached. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Something a client owns (a built-in of Goose, say): stored, shown, written back, never run. */
export interface CustomServer {
  readonly name: string;
  readonly profile_tags: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
}

/** One entry of `servers.json`. Fields that this program does not know are kept. */
export type Server = (StdioServer | RemoteServer | CustomServer) &
  Readonly<Record<string, unknown>>;

/** One entry of `profiles_metadata.json`. */
export interface ProfileMetadata {
  readonly name: string;
  readonly api_key: string | null;
  readonly description: string | null;
}

/** Which of the three kinds a server is. */
export function kindOf(server: Server): 'stdio' | 'remote' | 'custom' {
  if ('command' in server) return 'stdio';
  return 'url' in server ? 'remote' : 'custom';
}

/** Narrow a server to one that is started as a process. */
export function isStdio(server: Server): server is StdioServer & Readonly<Record<string, unknown>> {
  return kindOf(server) === 'stdio';
}

/** Narrow a server to one that is reached over HTTP. */
export function isRemote(
  server: Server,
): server is RemoteServer & Readonly<Record<string, unknown>> {
  return kindOf(server) === 'remote';
}
