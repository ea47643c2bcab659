/** Does something again and again, at most once a period and never twice at a time. */
export class Pace {
  readonly #periodMs: number;
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout;
  #stopped = false;

  /** First round after `delayMs`; the next one a period after this one began, or when it ends, if that is later. */
  constructor(delayMs: number, periodMs: number, work: () => Promise<void>) {
    this.#periodMs = periodMs;
    this.#work = work;
    this.#timer = setTimeout(() => void this.#round(), delayMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    const startMs = performance.now();
    await this.#work();
    if (this.#stopped) return;
    const leftMs = Math.max(1, this.#periodMs - (performance.now() - startMs));
    this.#timer = setTimeout(() => void this.#round(), leftMs);
  }
}
