/** Through any sshd (RFC 4254 §7): `ssh -R`. The far end listens where its `GatewayPorts` allows. */
import { McpmError } from '../../errors.ts';
import { locate, openProgram } from './program.ts';
import type { TunnelProvider, TunnelRequest } from './types.ts';

/** `[USER@]HOST[:PORT]`. */
const ADDRESS = /^(?:([^\s@]+)@)?(\[[0-9a-fA-F:.]+\]|[^\s:@-][^\s:@]*)(?::(\d{1,5}))?$/;

export const ssh: TunnelProvider = {
  id: 'ssh',
  summary: 'any sshd (`ssh -R`)',
  takes: ['address'],
  configured: (settings) => settings.ssh_address !== undefined,
  async open(request) {
    const program = await locate(
      request,
      'ssh',
      'ssh_path',
      'Install OpenSSH (apt install openssh-client).',
    );
    const { user, host, port } = addressOf(request);
    const remote = request.settings.ssh_remote ?? '0';
    const fixed = /(?:^|:)([1-9]\d*)$/.exec(remote)?.[1];
    const options = {
      ExitOnForwardFailure: 'yes',
      ServerAliveInterval: '15',
      ServerAliveCountMax: '2',
      BatchMode: 'yes',
      // Told of a port it chose, ssh prints it; of one it was given, only at this level.
      ...(fixed !== undefined && { LogLevel: 'DEBUG1' }),
    };
    return openProgram(request, {
      id: 'ssh',
      program,
      args: [
        '-N',
        '-T',
        ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
        ...(port === undefined ? [] : ['-p', port]),
        ...(request.settings.ssh_options?.split(/\s+/).filter(Boolean) ?? []),
        '-R',
        `${remote}:${request.origin.host}:${request.origin.port}`,
        '--',
        user === undefined ? host : `${user}@${host}`,
      ],
      urlIn: (line) => {
        const allocated = /^Allocated port (\d+) for remote forward/.exec(line)?.[1];
        const open = allocated ?? (/remote forward success/.test(line) ? fixed : undefined);
        return open === undefined ? undefined : urlOf(request, host, open);
      },
    });
  },
};

function addressOf({ address, settings }: TunnelRequest) {
  const text = address ?? settings.ssh_address;
  if (text === undefined)
    throw new McpmError('USAGE', 'Which sshd?', {
      hint: 'Name it with --address [USER@]HOST[:PORT], or set ssh_address.',
    });
  const match = ADDRESS.exec(text);
  if (!match?.[2])
    throw new McpmError(
      'INVALID_INPUT',
      `${JSON.stringify(text)} is not of the form [USER@]HOST[:PORT]`,
    );
  return { user: match[1], host: match[2].replace(/^\[|\]$/g, ''), port: match[3] };
}

/** What forwards bytes changes no scheme: it is TLS outside when it is TLS here. */
function urlOf({ settings, tls }: TunnelRequest, host: string, port: string): string {
  if (settings.ssh_url !== undefined) return settings.ssh_url.replace('{port}', port);
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
