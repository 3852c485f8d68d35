// Raw keep-alive HTTP/1.1 over TCP or TLS: prebuilt requests out, answers counted by their Content-Length. No parser, no agent.
import net from 'node:net';
import tls from 'node:tls';

/**
 * One request after the other on each of `lanes` connections until `total` are answered: milliseconds each, and the rate. `body` is sent, or
 * `size` bytes.
 */
export async function load({
  port,
  ca,
  path,
  size,
  body = 'x'.repeat(size),
  headers,
  lanes,
  total,
}) {
  const fields = { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${head.join('')}\r\n${body}`,
  );
  const times = [];
  let started = 0;
  const lane = async () => {
    const socket = await open(port, ca);
    const ask = asker(socket);
    while (started++ < total) {
      const before = performance.now();
      await ask(request);
      times.push(performance.now() - before);
    }
    socket.destroy();
  };
  const before = performance.now();
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = (performance.now() - before) / 1000;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { p50: at(0.5), p99: at(0.99), rate: times.length / seconds };
}

/** A connection, TLS when there is an authority to trust. */
export function open(port, ca) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, noDelay: true };
    const socket = ca
      ? tls.connect({ ...options, ca, servername: 'localhost' })
      : net.connect(options);
    socket.once(ca ? 'secureConnect' : 'connect', () => resolve(socket)).once('error', reject);
  });
}

function asker(socket) {
  let wanted = 0;
  let seen = 0;
  let head = '';
  let settle;
  socket.on('data', (chunk) => {
    if (wanted === 0) {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 200')) return settle.reject(new Error(head.slice(0, 200)));
      wanted = Number(/content-length: (\d+)/i.exec(head)[1]);
      seen = head.length - end - 4;
    } else seen += chunk.length;
    if (seen < wanted) return;
    wanted = 0;
    head = '';
    settle.resolve();
  });
  socket.on('close', () => settle?.reject(new Error('closed')));
  return (request) =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
      socket.write(request);
    });
}
