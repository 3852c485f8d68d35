/** Providers of tunnels, opened with programs that only look like the real ones. */
import { chmodSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { ShareSettings } from '../../../src/share/settings.ts';
import { PROVIDERS } from '../../../src/share/tunnels/index.ts';
import type { ProviderId, TunnelEvent, TunnelRequest } from '../../../src/share/tunnels/types.ts';
import type { TestHome } from '../../helpers/home.ts';

/** A stand-in for a tunnel program: notes how it was called, then does `body`, then waits to be ended. */
export function fake(home: TestHome, name: string, body: string): string {
  const path = home.write(
    `bin/${name}`,
    [
      `#!${process.execPath}`,
      "const fs = require('node:fs');",
      `const note = ${JSON.stringify(`${home.dir}/calls`)};`,
      'const say = (line) => console.log(line);',
      "const config = () => fs.readFileSync(process.argv[process.argv.indexOf('-c') + 1], 'utf8');",
      "fs.appendFileSync(note, JSON.stringify({ args: process.argv.slice(2), env: process.env }) + '\\n');",
      body,
      'setInterval(() => {}, 1000);',
    ].join('\n'),
  );
  chmodSync(path, 0o755);
  return path;
}

/** How it was called, each time. */
export const calls = (home: TestHome) =>
  home
    .read('calls')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { args: string[]; env: Record<string, string> });

/** What a provider is asked. */
export function request(
  home: TestHome,
  settings: ShareSettings,
  more: Partial<TunnelRequest> = {},
) {
  const events: TunnelEvent[] = [];
  return {
    events,
    request: {
      ctx: { ...home.ctx, env: { ...home.ctx.env, PATH: `${home.dir}/bin:/nowhere` } },
      settings,
      origin: { host: '127.0.0.1', port: 6276 },
      tls: false,
      signal: new AbortController().signal,
      onEvent: (event: TunnelEvent) => void events.push(event),
      ...more,
    },
  };
}

/** Open a tunnel; it is closed with the test. */
export async function open(
  home: TestHome,
  id: ProviderId,
  settings: ShareSettings = {},
  more: Partial<TunnelRequest> = {},
) {
  const made = request(home, settings, more);
  const tunnel = await PROVIDERS[id].open(made.request);
  onTestFinished(() => tunnel.close());
  return { tunnel, events: made.events };
}
