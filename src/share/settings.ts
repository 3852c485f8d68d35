/** The settings of shares in `config.json`: flat keys, `${VAR}` and `${secret:NAME}` allowed in their values. */
import { readSettings } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { resolveReferences } from '../secrets/index.ts';

/** Every key that shares read, with what it means (docs/share.md lists them from here). */
export const SHARE_SETTINGS = {
  share_provider: 'The tunnel that `mcpm share` takes when none is named',
  relay_address: 'Own relay: HOST:PORT',
  relay_token: 'Own relay: the token its owner gave out',
  relay_pin: 'Own relay: the pin of its key (sha256:…), for a self-signed one',
  relay_ca: 'Own relay: a file of certificate authorities to trust (PEM)',
  ssh_address: 'ssh: [USER@]HOST[:PORT] of any sshd',
  ssh_url: 'ssh: the public URL, {port} standing for the port the sshd allocated',
  ssh_remote: 'ssh: what to listen on there, [BIND:]PORT (0: any)',
  ssh_options: 'ssh: further arguments for the program',
  frp_address: 'frp: HOST:PORT of the frps',
  frp_token: 'frp: its auth token',
  frp_url: 'frp: the public URL, {subdomain} or {port} standing for what is asked for',
  frp_port: 'frp: the remote port, for a TCP proxy instead of an HTTP one',
  cloudflared_url: 'cloudflared: the public URL of a named tunnel',
  cloudflared_token: 'cloudflared: the token of a named tunnel',
  ngrok_url: 'ngrok: your own domain there',
  share_command: 'command: the program and its arguments, {port} and {subdomain} replaced',
  share_command_url: 'command: a regular expression that finds the URL in its output',
  ssh_path: 'The ssh program, when it is not on PATH',
  frp_path: 'The frpc program, when it is not on PATH',
  cloudflared_path: 'The cloudflared program, when it is not on PATH',
  ngrok_path: 'The ngrok program, when it is not on PATH',
  tailscale_path: 'The tailscale program, when it is not on PATH',
} as const;

/** A key of {@link SHARE_SETTINGS}. */
export type ShareSetting = keyof typeof SHARE_SETTINGS;

/** The settings of shares, references resolved. Absent keys are absent. */
export type ShareSettings = Readonly<Partial<Record<ShareSetting, string>>>;

/**
 * Read the settings; `MCPM_RELAY_ADDRESS` and its like override them.
 * @throws McpmError as reading the settings and secrets does.
 */
export async function readShareSettings(ctx: Context): Promise<ShareSettings> {
  const stored = await readSettings(ctx);
  const texts: Record<string, string> = {};
  for (const key of Object.keys(SHARE_SETTINGS)) {
    const value = ctx.env[`MCPM_${key.toUpperCase()}`] ?? stored[key];
    if (value !== undefined && value !== null && value !== '') texts[key] = String(value);
  }
  return resolveReferences(ctx, texts);
}

/** An endpoint. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * `HOST`, `HOST:PORT` or `[V6]:PORT` in parts.
 * @throws McpmError `INVALID_INPUT`.
 */
export function parseEndpoint(text: string, defaultPort: number): Endpoint {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? defaultPort);
  if (host === undefined || port < 1 || port > 65_535)
    throw new McpmError('INVALID_INPUT', `${JSON.stringify(text)} is not of the form HOST:PORT`);
  return { host, port };
}
