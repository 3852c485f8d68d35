/** A remote server as an upstream whose code is loaded when it starts: a gateway over processes alone never loads it. */
import type { RemoteServer } from '../../config/types.ts';
import type { Context } from '../../context.ts';
import type { Frame } from '../frames/frame.ts';
import type { IntakeLimits } from './intake.ts';
import type { Upstream, UpstreamHandlers, UpstreamState } from './types.ts';

/** See {@link Upstream}; the transport is `http` until the server turns out to speak the old HTTP+SSE alone. */
export class RemoteUpstream implements Upstream {
  readonly name: string;
  readonly #ctx: Context;
  readonly #server: RemoteServer & Readonly<Record<string, unknown>>;
  readonly #limits: IntakeLimits;
  #inner: Upstream | undefined;
  #state: UpstreamState = 'idle';

  constructor(
    ctx: Context,
    server: RemoteServer & Readonly<Record<string, unknown>>,
    limits: IntakeLimits,
  ) {
    this.name = server.name;
    this.#ctx = ctx;
    this.#server = server;
    this.#limits = limits;
  }

  get state(): UpstreamState {
    return this.#inner?.state ?? this.#state;
  }

  get transport(): 'stdio' | 'http' | 'sse' {
    return this.#inner?.transport ?? 'http';
  }

  async start(handlers: UpstreamHandlers): Promise<void> {
    this.#state = 'starting';
    const { createRemoteUpstream } = await import('./http/remote.ts');
    if (this.#state !== 'starting') return;
    this.#inner = createRemoteUpstream(this.#ctx, await this.#resolved(), this.#limits);
    await this.#inner.start(handlers);
  }

  /** The address may hold a secret (`?key=${secret:…}`). */
  async #resolved() {
    const { url } = this.#server;
    if (!url.includes('${')) return this.#server;
    const { resolveReferences } = await import('../../secrets/index.ts');
    return { ...this.#server, ...(await resolveReferences(this.#ctx, { url })) };
  }

  send(frame: Frame): boolean {
    return this.#inner?.send(frame) ?? true;
  }

  pause(): void {
    this.#inner?.pause();
  }

  resume(): void {
    this.#inner?.resume();
  }

  async close(): Promise<void> {
    this.#state = 'down';
    await this.#inner?.close();
  }
}
