/**
 * Through an frps: with today's frpc and its configuration file (0.52 and later), or with the 0.3 fork that Gradio ships, which takes
 * arguments alone and lets the server choose the name.
 */

import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { McpmError } from '../../errors.ts';
import { removeTree, writeFileAtomic } from '../../platform/files.ts';
import { formatJson } from '../../platform/json.ts';
import { runTool } from '../../platform/tool.ts';
import { type Endpoint, parseEndpoint, type ShareSettings } from '../settings.ts';
import { locate, openProgram, type ProgramSpec } from './program.ts';
import type { TunnelProvider, TunnelRequest } from './types.ts';

const DEFAULT_PORT = 7000;

export const frp: TunnelProvider = {
  id: 'frp',
  summary: 'an frp server (frpc)',
  takes: ['address', 'subdomain', 'http'],
  configured: (settings) => settings.frp_address !== undefined,
  async open(request) {
    const text = request.address ?? request.settings.frp_address;
    if (text === undefined)
      throw new McpmError('USAGE', 'Which frps?', {
        hint: 'Name it with --address HOST:PORT, or set frp_address.',
      });
    const server = parseEndpoint(text, DEFAULT_PORT);
    const program = await locate(
      request,
      'frpc',
      'frp_path',
      'Install it from https://github.com/fatedier/frp/releases.',
    );
    const name = request.subdomain ?? `mcpm-${randomBytes(8).toString('hex')}`;
    const spec = (await isFork(program, request))
      ? forkSpec(program, request, server, name)
      : await currentSpec(program, request, server, name);
    return openProgram(request, spec);
  },
};

/** The fork calls itself 0.3; no release of frp with a configuration in TOML or JSON is older than 0.52. */
async function isFork(program: string, { ctx }: TunnelRequest): Promise<boolean> {
  const { env, platform } = ctx;
  const { stdout } = await runTool(program, ['--version'], { env, platform, timeoutMs: 5_000 });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
  return major === '0' && Number(minor) < 52;
}

function forkSpec(
  program: string,
  { origin, plain, settings }: TunnelRequest,
  server: Endpoint,
  name: string,
): ProgramSpec {
  return {
    id: 'frp',
    program,
    args: [
      ...['http', '-n', name, '-l', String(origin.port), '-i', origin.host],
      ...['--uc', '--sd', 'random', '--ue', '--server_addr', `${server.host}:${server.port}`],
      ...(settings.frp_token === undefined ? [] : ['-t', settings.frp_token]),
      ...(plain ? [] : ['--tls_enable']),
      '--disable_log_color',
    ],
    urlIn: (line) => /start proxy success: (https?:\/\/\S+)/.exec(line)?.[1],
    addressHeader: 'x-forwarded-for',
  };
}

async function currentSpec(
  program: string,
  request: TunnelRequest,
  server: Endpoint,
  name: string,
): Promise<ProgramSpec> {
  const { ctx, settings } = request;
  checkUrl(settings, server);
  const file = join(ctx.paths.sharesDir, `frpc-${name}.json`);
  await writeFileAtomic(file, formatJson(configuration(request, server, name)));
  const template = settings.frp_url ?? defaultUrl(request, server);
  const url = template.replace('{subdomain}', name).replace('{port}', settings.frp_port ?? '');
  return {
    id: 'frp',
    program,
    args: ['-c', file],
    env: { MCPM_FRP_TOKEN: settings.frp_token ?? '' },
    urlIn: (line) => (/start proxy success/.test(line) ? url : undefined),
    // A TCP proxy passes on what visitors write: their word for their address is not to be taken.
    ...(settings.frp_port === undefined && { addressHeader: 'x-forwarded-for' }),
    cleanUp: () => removeTree(file),
  };
}

/** The configuration of frpc ≥ 0.52. The token stays in the environment: frpc fills in `{{ .Envs.NAME }}`. */
function configuration({ origin, settings, plain }: TunnelRequest, server: Endpoint, name: string) {
  const remotePort = settings.frp_port;
  const kind =
    remotePort === undefined
      ? { type: 'http', subdomain: name }
      : { type: 'tcp', remotePort: Number(remotePort) };
  return {
    serverAddr: server.host,
    serverPort: server.port,
    loginFailExit: true,
    transport: { tls: { enable: plain !== true } },
    log: { to: 'console', level: 'info', disablePrintColor: true },
    ...(settings.frp_token !== undefined && {
      auth: { method: 'token', token: '{{ .Envs.MCPM_FRP_TOKEN }}' },
    }),
    proxies: [{ name, ...kind, localIP: origin.host, localPort: origin.port }],
  };
}

/** An address has no subdomains, so the name that visitors use must be told. */
function checkUrl(settings: ShareSettings, { host }: Endpoint): void {
  if (isIP(host) === 0 || settings.frp_url !== undefined || settings.frp_port !== undefined) return;
  throw new McpmError('USAGE', `${host} is an address: what is its public name?`, {
    hint: "Set frp_url ('https://{subdomain}.example.com'), or frp_port for a TCP proxy on a port of its own.",
  });
}

function defaultUrl({ settings, tls }: TunnelRequest, server: Endpoint): string {
  if (settings.frp_port !== undefined) return `${tls ? 'https' : 'http'}://${server.host}:{port}`;
  return `https://{subdomain}.${server.host}`;
}
