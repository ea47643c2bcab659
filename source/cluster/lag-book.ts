/**
 * What is known of all partitions' log ends, and the lag of those that are read. No I/O.
 *
 * Lag in time is the age of the oldest message not consumed: now − its intended time where our own producers were told
 * its place in the log. Elsewhere (somebody else's records, acks=0, an acknowledgement on its way) it is the time since
 * the log's end passed the position, between samples.
 */
import type { AckedOffsets } from '../measure/acked-offsets.ts';
import { IntendedTimes } from '../measure/intended-times.ts';
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

/** The intended times of this run's own messages. */
export interface OwnMessages {
  readonly acked: AckedOffsets;
  /** On the clock of the intended times. */
  readonly nowNs: () => number;
}

/** All histories together hold about so many samples. */
const samplesInAll = 100_000;
const fewestSamples = 8;
/** Five minutes at four a second. */
const mostSamples = 1_200;

const noLag: LagTime = { lagMs: 0, atLeast: false };

export class LagBook {
  readonly #positions: Float64Array;
  /** Positions as they stood when the log end beside them came in: a difference of two moments is no lag. */
  readonly #positionsThen: Float64Array;
  readonly #logEnds: Float64Array;
  readonly #seenMs: Float64Array;
  readonly #histories: readonly LogEndHistory[];
  readonly #own: OwnMessages | null;
  readonly #intended: readonly IntendedTimes[];
  /** When each log end came in, on the clock of the intended times. */
  readonly #takenNs: Float64Array;

  /**
   * `positions` and `logEnds` by partition index, NaN: not known. `logEnds` is filled here. `own` null: all records are
   * somebody else's.
   */
  constructor(positions: Float64Array, logEnds: Float64Array, startMs: number, own: OwnMessages | null) {
    this.#positions = positions;
    this.#positionsThen = new Float64Array(positions.length).fill(Number.NaN);
    this.#logEnds = logEnds;
    this.#seenMs = new Float64Array(logEnds.length).fill(startMs);
    const each = Math.floor(samplesInAll / Math.max(1, logEnds.length));
    const limit = Math.min(mostSamples, Math.max(fewestSamples, each));
    this.#histories = Array.from({ length: logEnds.length }, () => new LogEndHistory(limit));
    this.#own = own;
    this.#intended = Array.from({ length: own === null ? 0 : logEnds.length }, () => new IntendedTimes(limit));
    this.#takenNs = new Float64Array(logEnds.length);
    logEnds.fill(Number.NaN);
  }

  take(asOfMs: number, indexes: readonly number[], logEnds: readonly number[]): void {
    for (const [place, index] of indexes.entries()) {
      const logEnd = logEnds[place];
      if (logEnd === undefined) continue;
      if (logEnd < (this.#logEnds[index] ?? Number.NaN)) this.#intended[index]?.clear();
      this.#logEnds[index] = logEnd;
      this.#positionsThen[index] = this.#positions[index] ?? Number.NaN;
      this.#seenMs[index] = asOfMs;
      this.#histories[index]?.add(asOfMs, logEnd);
      this.#takeIntended(index);
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
      const lag = behind === 0 ? noLag : this.#lag(index, position);
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

  #takeIntended(index: number): void {
    const times = this.#intended[index];
    if (this.#own === null || times === undefined) return;
    this.#own.acked.copyTo(times, index);
    this.#takenNs[index] = this.#own.nowNs();
    times.forgetBelow(this.#positionsThen[index] ?? Number.NaN);
  }

  /** Of a partition with a message at `position`. */
  #lag(index: number, position: number): LagTime | null {
    const dueNs = this.#intended[index]?.at(position) ?? null;
    if (dueNs === null) return this.#histories[index]?.lag(position, this.#seenMs[index] ?? 0) ?? null;
    return { lagMs: Math.max(0, (this.#takenNs[index] ?? 0) - dueNs) / 1e6, atLeast: false };
  }
}
