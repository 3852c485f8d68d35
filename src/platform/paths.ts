/** Where every file of this program lives. Nothing else decides a path of its own files. */
import { join } from 'node:path';

/** The environment as a plain record; absent variables are `undefined`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Absolute paths of this program's files (the layout that MCPM v2 uses, and what is added to it). */
export interface Paths {
  /** `~/.config/mcpm` on every system; `MCPM_CONFIG_DIR` overrides it. */
  readonly configDir: string;
  /** `~/.mcpm`; `MCPM_DATA_DIR` overrides it. */
  readonly dataDir: string;
  /** Server name → server. */
  readonly servers: string;
  /** Profile name → metadata. */
  readonly profiles: string;
  /** Flat settings. */
  readonly settings: string;
  /** The bearer key for shares. */
  readonly auth: string;
  /** Server name → where it came from. */
  readonly sources: string;
  /** Server name → what was resolved at installation (version, integrity, digest, source, time). */
  readonly resolved: string;
  /** Client → the servers and profiles it is to hold. */
  readonly clients: string;
  /** Encrypted secrets and OAuth tokens, where there is no keychain. */
  readonly secretsDir: string;
  /** Downloaded registry pages and the search index. */
  readonly cacheDir: string;
  /** One folder a server: its manifest, its unpacked bundle. */
  readonly serversDir: string;
  /** Copies of files from before an edit. */
  readonly backupsDir: string;
  /** Append-only usage segments. */
  readonly usageDir: string;
  /** The launcher that a GUI client can start without a PATH. */
  readonly launcher: string;
  /** Which protocol era each server was seen to speak. */
  readonly protocolCache: string;
  /** Share tokens (hashed), and their audit log. */
  readonly sharesDir: string;
  /** A relay's tokens (hashed), names, key and certificate. */
  readonly relayDir: string;
}

/** Compute all paths from the environment and the home directory. Pure. */
export function resolvePaths(env: Env, home: string, platform: NodeJS.Platform): Paths {
  const configDir = env.MCPM_CONFIG_DIR || join(home, '.config', 'mcpm');
  const dataDir = env.MCPM_DATA_DIR || join(home, '.mcpm');
  return {
    configDir,
    dataDir,
    servers: join(configDir, 'servers.json'),
    profiles: join(configDir, 'profiles_metadata.json'),
    settings: join(configDir, 'config.json'),
    auth: join(configDir, 'auth.json'),
    sources: join(configDir, 'sources.json'),
    resolved: join(configDir, 'resolved.json'),
    clients: join(configDir, 'clients.json'),
    secretsDir: join(configDir, 'secrets'),
    cacheDir: join(dataDir, 'cache'),
    serversDir: join(dataDir, 'servers'),
    backupsDir: join(dataDir, 'backups'),
    usageDir: join(dataDir, 'usage'),
    launcher: join(dataDir, 'bin', platform === 'win32' ? 'mcpm.cmd' : 'mcpm'),
    protocolCache: join(dataDir, 'cache', 'protocol.json'),
    sharesDir: join(dataDir, 'shares'),
    relayDir: join(dataDir, 'relay'),
  };
}
