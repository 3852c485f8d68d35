/** Which era a server was seen to speak, kept between runs. */
import { isRemote, isStdio, type Server } from '../../config/types.ts';
import type { Context } from '../../context.ts';
import { readText, writeFileAtomic } from '../../platform/files.ts';
import type { Era } from './era.ts';

/** The memory of one server. */
export interface EraMemory {
  /** `modern` when it speaks the new era (perhaps the old one as well), `legacy` when it does not; undefined while unknown. */
  get(): Era | undefined;
  set(era: Era): void;
}

/** A memory that was told. */
function fixedMemory(era: Era | undefined): EraMemory {
  let known = era;
  return {
    get: () => known,
    set: (learned) => {
      known ??= learned;
    },
  };
}

/** Memories of all servers, in one file that is a cache: unreadable means empty, and a lost update is learned again. */
export class EraFile {
  readonly #ctx: Pick<Context, 'paths' | 'log'>;
  #known: Promise<Record<string, Era>> | undefined;
  #now: Record<string, Era> = {};
  #saved: Promise<void> = Promise.resolve();

  constructor(ctx: Pick<Context, 'paths' | 'log'>) {
    this.#ctx = ctx;
  }

  /** Read the file, once. */
  async load(): Promise<void> {
    this.#known ??= readText(this.#ctx.paths.protocolCache)
      .then((text) => JSON.parse(text ?? '{}') as Record<string, Era>)
      .catch(() => ({}));
    this.#now = { ...(await this.#known), ...this.#now };
  }

  /** The memory of a server; `key` changes with anything that could change what it speaks. */
  of(key: string): EraMemory {
    return {
      get: () =>
        this.#now[key] === 'modern' || this.#now[key] === 'legacy' ? this.#now[key] : undefined,
      set: (era) => {
        if (this.#now[key] === era) return;
        this.#now[key] = era;
        this.#saved = this.#saved.then(() => this.#save());
      },
    };
  }

  /** Resolves when everything learned so far is on the disk, or cannot be. */
  saved(): Promise<void> {
    return this.#saved;
  }

  async #save(): Promise<void> {
    try {
      await writeFileAtomic(
        this.#ctx.paths.protocolCache,
        `${JSON.stringify(this.#now, null, 2)}\n`,
      );
    } catch {
      this.#ctx.log.debug('the protocol cache cannot be written');
    }
  }
}

/** `protocol: "legacy" | "modern"` of a server's entry says what is else found out and remembered. */
export function memoryOf(server: Server, eras: EraFile): EraMemory {
  const told = server['protocol'];
  if (told === 'legacy' || told === 'modern') return fixedMemory(told satisfies Era);
  if (isStdio(server)) return eras.of([server.command, ...server.args].join(' '));
  return eras.of(isRemote(server) ? server.url : server.name);
}
