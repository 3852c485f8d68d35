/** The settings of shares in `config.json`: flat keys, `${VAR}` and `${secret:NAME}` allowed in their values. */
import { readSettings, SHARE_SETTINGS, type ShareSetting } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { resolveReferences } from '../secrets/index.ts';

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
