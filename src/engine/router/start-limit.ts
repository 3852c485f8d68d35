/** How long a server is waited for at its start: once it took longer, nobody waits for it again until it is up. */
export class StartLimit {
  readonly #limitMs: number;
  readonly #onPassed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #pass = () => {};
  #passed = this.#fresh();

  /** `onPassed` is called with each start that takes longer. */
  constructor(limitMs: number, onPassed: () => void) {
    this.#limitMs = limitMs;
    this.#onPassed = onPassed;
  }

  /** Resolves when the limit has passed; at once while it has, and the server is not up since. */
  get passed(): Promise<void> {
    return this.#passed;
  }

  /** A start begins. */
  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#late(), this.#limitMs);
  }

  /** The start is over: the server is up, has failed, or is not wanted any more. */
  end(isUp: boolean): void {
    clearTimeout(this.#timer);
    if (isUp) this.#passed = this.#fresh();
  }

  #late(): void {
    this.#pass();
    this.#onPassed();
  }

  #fresh(): Promise<void> {
    return new Promise((resolve) => {
      this.#pass = resolve;
    });
  }
}
