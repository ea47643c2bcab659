/** Lets one event of a kind through each second: a broker that refuses every batch must not flood the log. */
const everyNs = 1e9;

export class EventLimiter {
  readonly #nowNs: () => number;
  readonly #nextNs = new Map<number, number>();

  constructor(nowNs: () => number) {
    this.#nowNs = nowNs;
  }

  /** Whether an event with this code may be told now. */
  allows(code: number): boolean {
    const nowNs = this.#nowNs();
    if (nowNs < (this.#nextNs.get(code) ?? Number.NEGATIVE_INFINITY)) return false;
    this.#nextNs.set(code, nowNs + everyNs);
    return true;
  }
}
