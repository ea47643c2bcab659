/** Lets one event of a kind through each second: a broker that refuses every batch must not flood the log. */
const everyNs = 1e9;

export class EventLimiter {
  readonly #nowNs: () => number;
  readonly #nextNs = new Map<string, number>();

  constructor(nowNs: () => number) {
    this.#nowNs = nowNs;
  }

  /** Whether an event of this kind may be told now. There must be few kinds. */
  allows(kind: string): boolean {
    const nowNs = this.#nowNs();
    if (nowNs < (this.#nextNs.get(kind) ?? Number.NEGATIVE_INFINITY)) return false;
    this.#nextNs.set(kind, nowNs + everyNs);
    return true;
  }
}
