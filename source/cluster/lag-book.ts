/** What is known of all partitions' log ends, and the lag of those that are read. No I/O. */
import { type LagTime, LogEndHistory } from '../measure/lag-time.ts';

export interface LagFigures {
  /** Sum of the high watermarks known; null while one is not. */
  readonly logEndTotal: number | null;
  /** High watermark − position over the partitions that are read; null where nobody reads or nothing is known. */
  readonly lagMessages: number | null;
  /** Of the partition that is furthest behind in time. */
  readonly lagMs: number | null;
  /** The true lagMs is larger: the position is older than the samples kept. */
  readonly lagAtLeast: boolean;
  /** Partitions that are read and behind. */
  readonly laggingPartitions: number;
}

/** All histories together hold about so many samples. */
const samplesInAll = 100_000;
const fewestSamples = 8;
/** Five minutes at four a second. */
const mostSamples = 1_200;

export class LagBook {
  readonly #positions: Float64Array;
  /** Positions as they stood when the log end beside them came in: a difference of two moments is no lag. */
  readonly #positionsThen: Float64Array;
  readonly #logEnds: Float64Array;
  readonly #seenMs: Float64Array;
  readonly #histories: readonly LogEndHistory[];

  /** `positions` and `logEnds` by partition index, NaN: not known. `logEnds` is filled here. */
  constructor(positions: Float64Array, logEnds: Float64Array, startMs: number) {
    this.#positions = positions;
    this.#positionsThen = new Float64Array(positions.length).fill(Number.NaN);
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
      this.#positionsThen[index] = this.#positions[index] ?? Number.NaN;
      this.#seenMs[index] = asOfMs;
      this.#histories[index]?.add(asOfMs, logEnd);
    }
  }

  /** When the partition that has been silent longest was last heard of; +Infinity without partitions. */
  oldestSeenMs(): number {
    return this.#seenMs.reduce((oldest, seen) => Math.min(oldest, seen), Number.POSITIVE_INFINITY);
  }

  figures(): LagFigures {
    let logEndTotal: number | null = 0;
    let lagMessages: number | null = null;
    let longest: LagTime | null = null;
    let laggingPartitions = 0;
    for (const [index, logEnd] of this.#logEnds.entries()) {
      if (Number.isNaN(logEnd)) {
        logEndTotal = null;
        continue;
      }
      if (logEndTotal !== null) logEndTotal += logEnd;
      const position = this.#positionsThen[index] ?? Number.NaN;
      if (Number.isNaN(position)) continue;
      // The log end travelled to us while the consumer went on reading.
      const behind = Math.max(0, logEnd - position);
      lagMessages = (lagMessages ?? 0) + behind;
      if (behind > 0) laggingPartitions++;
      const lag = this.#histories[index]?.lag(position, this.#seenMs[index] ?? 0) ?? null;
      if (lag !== null && (longest === null || lag.lagMs > longest.lagMs)) longest = lag;
    }
    return {
      logEndTotal,
      lagMessages,
      lagMs: longest?.lagMs ?? null,
      lagAtLeast: longest?.atLeast ?? false,
      laggingPartitions,
    };
  }
}
