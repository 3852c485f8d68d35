/** A relay as a service: its files read, watched and written. */
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { McpmError } from '../../errors.ts';
import { fileStamp, readText, withLock, writeFileAtomic } from '../../platform/files.ts';
import { formatJson, readJson } from '../../platform/json.ts';
import { createCertificate, pinOf } from '../certificate.ts';
import { ownNames } from '../own-names.ts';
import { leanBind } from './lean-bind.ts';
import { type Relay, type RelayEvent, type RelayLimits, startRelay } from './server.ts';
import { checkState, type TableState } from './table.ts';
import { checkTokens, createRelayToken, type RelayToken } from './tokens.ts';

/** How to run the service. */
export interface RelayServiceOptions {
  readonly host: string;
  readonly port: number;
  /** PEM files; without them a self-signed pair is made once and kept. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Without it, `tokens.json` in the relay's folder, made with a first token when there is none. */
  readonly tokenFile?: string;
  readonly publicUrl?: string;
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<RelayLimits>;
  readonly onEvent?: (event: RelayEvent) => void;
}

/** A running service. */
export interface RelayService {
  readonly port: number;
  /** The pin of its key, for agents. */
  readonly pin: string;
  readonly selfSigned: boolean;
  readonly certificateFile: string;
  readonly tokenFile: string;
  /** Tokens made just now: shown this once. */
  readonly created: readonly { readonly name: string; readonly token: string }[];
  /** Let what is under way finish, keep the state, close. */
  close(graceMs?: number): Promise<void>;
}

const RELOAD_EVERY = 2_000;
const SAVE_AFTER = 500;
const TEN_YEARS = 3_650;

/**
 * Start the relay with its files.
 * @throws McpmError of reading them, `PORT_IN_USE`, `INVALID_INPUT` for TLS files that do not fit.
 */
export async function startRelayService(
  ctx: Context,
  options: RelayServiceOptions,
): Promise<RelayService> {
  leanBind();
  const tls = await tlsFiles(ctx, options);
  const tokenFile = options.tokenFile ?? join(ctx.paths.relayDir, 'tokens.json');
  const created = options.tokenFile === undefined ? await firstTokens(tokenFile) : [];
  const tokens = await watched([tokenFile], () => readTokens(tokenFile));
  const pair = await watched([tls.cert, tls.key], () => readPair(tls.cert, tls.key));
  const stateFile = join(ctx.paths.relayDir, 'state.json');
  const saver = createSaver(stateFile, ctx);
  const saved = checkState(await readJson(stateFile));
  const { onEvent, publicUrl, trustedProxies, limits } = options;
  const relay = await startRelay({
    host: options.host,
    port: options.port,
    tls: pair.value(),
    tokens: tokens.value,
    onState: saver.save,
    ...(saved && { state: saved }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(trustedProxies && { trustedProxies }),
    ...(limits && { limits }),
    ...(onEvent && { onEvent }),
  });
  const timer = setInterval(() => void reload(ctx, relay, tokens, pair), RELOAD_EVERY);
  timer.unref();
  return {
    port: relay.port,
    pin: pinOf(pair.value().cert),
    selfSigned: options.tlsCert === undefined,
    certificateFile: tls.cert,
    tokenFile,
    created,
    async close(graceMs) {
      clearInterval(timer);
      await relay.close(graceMs);
      await saver.flush();
    },
  };
}

/**
 * Add a token to a relay's file.
 * @throws McpmError `CONFLICT` when the name is taken, `INVALID_INPUT` when it is to have names that no tunnel can.
 */
export async function addRelayToken(
  file: string,
  entry: Omit<RelayToken, 'hash'>,
): Promise<string> {
  const impossible = entry.names?.find((glob) => !/^[a-z0-9*-]+$/.test(glob));
  if (impossible !== undefined)
    throw new McpmError('INVALID_INPUT', `No tunnel can be called ${JSON.stringify(impossible)}`, {
      hint: 'A name is small letters, digits and dashes; * stands for any of them.',
    });
  return withLock(file, async () => {
    const tokens = (await readText(file)) === undefined ? [] : await readTokens(file);
    if (tokens.some(({ name }) => name === entry.name))
      throw new McpmError('CONFLICT', `${file} has a token ${entry.name} already`, {
        hint: 'Take another name, or remove the entry from the file first.',
      });
    const made = createRelayToken(entry);
    await writeFileAtomic(file, formatJson({ tokens: [...tokens, made.entry] }));
    return made.token;
  });
}

async function firstTokens(file: string) {
  if (fileStamp(file) !== undefined) return [];
  const owner = await addRelayToken(file, { name: 'owner', names: ['*'] });
  const metrics = await addRelayToken(file, { name: 'metrics', metrics: true });
  return [
    { name: 'owner', token: owner },
    { name: 'metrics', token: metrics },
  ];
}

async function readTokens(file: string): Promise<readonly RelayToken[]> {
  const content = await readJson(file);
  if (content === undefined)
    throw new McpmError('NOT_FOUND', `There is no token file ${file}`, {
      hint: `Make one: mcpm relay token NAME --token-file ${file}`,
    });
  return checkTokens(content, file);
}

async function tlsFiles(ctx: Context, { tlsCert, tlsKey, publicUrl }: RelayServiceOptions) {
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: tlsCert, key: tlsKey };
  if (tlsCert !== undefined || tlsKey !== undefined)
    throw new McpmError('USAGE', '--tls-cert and --tls-key belong together');
  const cert = join(ctx.paths.relayDir, 'cert.pem');
  const key = join(ctx.paths.relayDir, 'key.pem');
  if (fileStamp(key) === undefined) {
    const names = certificateNames(publicUrl);
    const made = createCertificate({ names, days: TEN_YEARS, now: ctx.now() });
    await writeFileAtomic(key, made.key);
    await writeFileAtomic(cert, made.cert, { mode: 0o644 });
  }
  return { cert, key };
}

/** Every name and address that a client at home may go by. */
function certificateNames(publicUrl: string | undefined): readonly string[] {
  const host = publicUrl?.replace(/^https:\/\//, '').replace(/[:/].*$/, '');
  const bare = host?.startsWith('*.') ? [host.slice(2)] : [];
  const names = [...(host === undefined ? [] : [host]), ...bare, ...ownNames()];
  return [...new Set([...names, 'localhost', '127.0.0.1', '::1'])];
}

async function readPair(certFile: string, keyFile: string) {
  const [cert, key] = await Promise.all([readText(certFile), readText(keyFile)]);
  if (cert === undefined || key === undefined)
    throw new McpmError('NOT_FOUND', `There is no ${cert === undefined ? certFile : keyFile}`, {
      hint: 'Name PEM files with --tls-cert and --tls-key, or leave both out for a self-signed certificate.',
    });
  return { cert, key };
}

interface Watched<T> {
  readonly value: () => T;
  /** Read again when a file has changed; whether it had. */
  refresh(): Promise<boolean>;
}

async function watched<T>(files: readonly string[], read: () => Promise<T>): Promise<Watched<T>> {
  const stampOf = () => files.map(fileStamp).join('|');
  let stamp = stampOf();
  let value = await read();
  return {
    value: () => value,
    async refresh() {
      const now = stampOf();
      if (now === stamp) return false;
      stamp = now;
      value = await read();
      return true;
    },
  };
}

/** What cannot be read leaves what was there, and is told. */
async function reload(
  ctx: Context,
  relay: Relay,
  tokens: Watched<readonly RelayToken[]>,
  pair: Watched<{ cert: string; key: string }>,
): Promise<void> {
  try {
    if (await tokens.refresh()) relay.dropStrangers();
    if (await pair.refresh()) relay.renew(pair.value());
  } catch (error) {
    ctx.log.warn(`The relay goes on with what it had: ${String(error)}`);
  }
}

function createSaver(file: string, ctx: Context) {
  let waiting: TableState | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const state = waiting;
    waiting = undefined;
    if (state)
      await writeFileAtomic(file, formatJson(state)).catch((error) =>
        ctx.log.warn(`The relay's state was not kept: ${String(error)}`),
      );
  };
  return {
    flush,
    save(state: TableState) {
      waiting = state;
      timer ??= setTimeout(() => void flush(), SAVE_AFTER);
    },
  };
}
