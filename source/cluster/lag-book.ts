/** What is known of all partitions' log ends, and the lag of those that are read. No I/O. */
import { LogEndHistory } from '../measure/lag-time.ts';

export interface LagFigures {
  readonly logEndTotal: number | null;
  readonly lagMessages: number | null;
  readonly lagMs: number | null;
  readonly lagAtLeast: boolean;
  readonly laggingPartitions: number;
}

/** All histories together hold about so many samples. */
const samplesInAll = 100_000;
const fewestSamples = 8;
/** Five minutes at four a second. */
const mostSamples = 1_200;

export class LagBook {
  readonly #positions: Float64Array;
  readonly #logEnds: Float64Array;
  readonly #seenMs: Float64Array;
  readonly #histories: readonly LogEndHistory[];

  /** `positions` and `logEnds` by partition index, NaN: not known. `logEnds` is filled here. */
  constructor(positions: Float64Array, logEnds: Float64Array, startMs: number) {
    this.#positions = positions;
    this.#logEnds = logEnds;
    this.#seenMs = new Float64Array(logEnds.length).fill(startMs);
    const each = Math.floor(samplesInAll / Math.max(1, logEnds.length));
    const limit = Math.min(mostSamples, Math.max(fewestSamples, each));
    this.#histories = Array.from({ length: logEnds.length }, () => new LogEndHistory(limit));
    logEnds.fill(Number.NaN);
  }

  take(asOfMs: number, indexes: readonly number[], logEnds: readonly number[]): void {
    for (const [place, index] of indexes.entries()) {
      const logEnd = logEnds[place];
      if (logEnd === undefined) continue;
      this.#logEnds[index] = logEnd;
      this.#seenMs[index] = asOfMs;
      this.#histories[index]?.add(asOfMs, logEnd);
    }
  }

  /** When the partition that has been silent longest was last heard of; +Infinity without partitions. */
  oldestSeenMs(): number {
    return this.#seenMs.reduce((oldest, seen) => Math.min(oldest, seen), Number.POSITIVE_INFINITY);
  }

  figures(nowMs: number): LagFigures {
    let logEndTotal: number | null = 0;
    let lagMessages: number | null = null;
    let lagMs: number | null = null;
    let lagAtLeast = false;
    let laggingPartitions = 0;
    for (const [index, logEnd] of this.#logEnds.entries()) {
      if (Number.isNaN(logEnd)) {
        logEndTotal = null;
        continue;
      }
      if (logEndTotal !== null) logEndTotal += logEnd;
      const position = this.#positions[index] ?? Number.NaN;
      if (Number.isNaN(position)) continue;
      // A position may run ahead of a log end that is a moment old.
      const behind = Math.max(0, logEnd - position);
      lagMessages = (lagMessages ?? 0) + behind;
      if (behind > 0) laggingPartitions++;
      const lag = this.#histories[index]?.lag(position, nowMs) ?? null;
      if (lag === null || (lagMs !== null && lag.lagMs < lagMs)) continue;
      lagMs = lag.lagMs;
      lagAtLeast = lag.atLeast;
    }
    return { logEndTotal, lagMessages, lagMs, lagAtLeast, laggingPartitions };
  }
}
