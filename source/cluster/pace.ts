/** Does something again and again, at most once a period and never twice at a time. */
export class Pace {
  readonly #periodMs: number;
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  /** Starts at once. The next round starts a period after this one began, or when this one ends, if that is later. */
  constructor(periodMs: number, work: () => Promise<void>) {
    this.#periodMs = periodMs;
    this.#work = work;
    void this.#round();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    const startMs = performance.now();
    await this.#work();
    if (this.#stopped) return;
    const leftMs = Math.max(1, this.#periodMs - (performance.now() - startMs));
    this.#timer = setTimeout(() => void this.#round(), leftMs);
  }
}
