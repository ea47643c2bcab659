/** Errors by Kafka's code: how many messages, first and last time. */
import type { ErrorTally } from './protocol.ts';

export class ErrorTallies {
  readonly #tallies = new Map<number, { count: number; firstMs: number; lastMs: number }>();
  readonly #toUnixMs: (ns: number) => number;

  constructor(toUnixMs: (ns: number) => number) {
    this.#toUnixMs = toUnixMs;
  }

  add(code: number, messages: number, nowNs: number): void {
    const timeMs = this.#toUnixMs(nowNs);
    const tally = this.#tallies.get(code);
    if (tally === undefined) this.#tallies.set(code, { count: messages, firstMs: timeMs, lastMs: timeMs });
    else {
      tally.count += messages;
      tally.lastMs = timeMs;
    }
  }

  list(): readonly ErrorTally[] {
    return [...this.#tallies].map(([code, tally]) => ({ code, ...tally }));
  }
}
