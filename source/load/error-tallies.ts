/** Errors by Kafka's code: messages that were sent again or given up, first and last time. */
import type { ErrorTally } from './protocol.ts';

/** Told at most so often. */
const reportEveryNs = 1e9;

export class ErrorTallies {
  readonly #tallies = new Map<number, { givenUp: number; retried: number; firstMs: number; lastMs: number }>();
  readonly #toUnixMs: (ns: number) => number;
  #changed = false;
  #nextReportNs = Number.NEGATIVE_INFINITY;

  constructor(toUnixMs: (ns: number) => number) {
    this.#toUnixMs = toUnixMs;
  }

  add(code: number, kind: 'givenUp' | 'retried', messages: number, nowNs: number): void {
    const timeMs = this.#toUnixMs(nowNs);
    let tally = this.#tallies.get(code);
    if (tally === undefined) {
      tally = { givenUp: 0, retried: 0, firstMs: timeMs, lastMs: timeMs };
      this.#tallies.set(code, tally);
    }
    tally[kind] += messages;
    tally.lastMs = timeMs;
    this.#changed = true;
  }

  /** All of them, where there is something new to tell and the last time was a while ago; null: not now. */
  due(nowNs: number): readonly ErrorTally[] | null {
    return this.#changed && nowNs >= this.#nextReportNs ? this.#take(nowNs) : null;
  }

  /** All of them, where there is anything new; null: nothing. */
  rest(nowNs: number): readonly ErrorTally[] | null {
    return this.#changed ? this.#take(nowNs) : null;
  }

  #take(nowNs: number): readonly ErrorTally[] {
    this.#changed = false;
    this.#nextReportNs = nowNs + reportEveryNs;
    return [...this.#tallies].map(([code, tally]) => ({ code, ...tally }));
  }
}
