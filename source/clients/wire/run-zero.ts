/** The run's zero on the wall clock: turns run-relative ns into Unix ms without BigInt. */
import type { StampIdentity } from '../types.ts';

export class RunZero {
  readonly high: number;
  readonly low: number;
  readonly #wholeMs: number;
  /** What the zero is past its whole millisecond. */
  readonly #restNs: number;

  constructor({ epochZeroHigh, epochZeroLow }: StampIdentity) {
    this.high = epochZeroHigh;
    this.low = epochZeroLow;
    const ns = (BigInt(epochZeroHigh) << 32n) + BigInt(epochZeroLow);
    this.#wholeMs = Number(ns / 1_000_000n);
    this.#restNs = Number(ns % 1_000_000n);
  }

  /** Whole Unix ms of a run-relative time. */
  unixMs(runNs: number): number {
    return this.#wholeMs + Math.floor((this.#restNs + runNs) / 1e6);
  }
}
