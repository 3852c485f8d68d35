/** TLS on this machine, for a share that is reached without a tunnel that brings its own: bytes in, bytes out. */
import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';
import { McpmError, messageOf } from '../errors.ts';
import type { Origin } from './relay/loopback.ts';

/** A listening front. */
export interface TlsFront extends Origin {
  close(): void;
}

/**
 * Listen with TLS and pass what comes to `origin`.
 * @throws McpmError `PORT_IN_USE`, or `INVALID_INPUT` for a key or certificate that is none.
 */
export async function openTlsFront(
  listen: { readonly host: string; readonly port: number },
  tls: { readonly key: string; readonly cert: string },
  origin: Origin,
): Promise<TlsFront> {
  const server = createTlsServer(tls, origin);
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(listen.port, listen.host, resolve);
  }).catch((cause: unknown) => {
    throw new McpmError(
      'PORT_IN_USE',
      `Cannot listen on ${listen.host}:${listen.port}: ${messageOf(cause)}`,
      {
        hint: 'Take another port with --port.',
        cause,
      },
    );
  });
  return {
    host: listen.host,
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function createTlsServer(tls: { readonly key: string; readonly cert: string }, origin: Origin) {
  try {
    return createServer({ ...tls, ALPNProtocols: ['http/1.1'] }, (visitor) => {
      visitor.setNoDelay(true);
      const upstream = connect({ ...origin, noDelay: true });
      visitor.pipe(upstream).pipe(visitor);
      const end = () => {
        visitor.destroy();
        upstream.destroy();
      };
      visitor.on('error', end).on('close', end);
      upstream.on('error', end).on('close', end);
    });
  } catch (cause) {
    throw new McpmError(
      'INVALID_INPUT',
      `The TLS key or certificate is not usable: ${messageOf(cause)}`,
      {
        hint: 'Both must be PEM.',
        cause,
      },
    );
  }
}
