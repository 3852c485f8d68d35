/** When a server that went down is started again. */
import type { EngineSettings } from './settings.ts';

/** Doubling delays, from the beginning again after a good while up. */
export class Backoff {
  readonly #settings: EngineSettings;
  #failures = 0;
  #upSince = 0;

  constructor(settings: EngineSettings) {
    this.#settings = settings;
  }

  /** How often it went down in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** The server is up. */
  up(): void {
    this.#upSince = performance.now();
  }

  /** The server went down: milliseconds to wait before the next start. */
  down(): number {
    const { restartDelayMs, maxRestartDelayMs, restartResetMs } = this.#settings;
    if (this.#upSince > 0 && performance.now() - this.#upSince > restartResetMs) this.#failures = 0;
    this.#upSince = 0;
    return Math.min(restartDelayMs * 2 ** this.#failures++, maxRestartDelayMs);
  }
}
