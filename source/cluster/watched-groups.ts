/**
 * Consumer groups of others, on the topics that this run writes to: how far what they committed is behind the logs' ends,
 * and how old that commit is, since many commit seldom (Flink only at checkpoints). No I/O.
 */
import type { OwnMessages } from './lag-book.ts';
import { LagBook } from './lag-book.ts';

export interface WatchedLag {
  readonly group: string;
  /** Log end − committed offset over the partitions that have a commit; null: there is none, or no answer of late. */
  readonly lagMessages: number | null;
  /** Age of the oldest message beyond the commits. */
  readonly lagMs: number | null;
  /** Partitions that hold records and have no commit: they are not in the lag. */
  readonly uncommittedPartitions: number;
  /** Since a committed offset last changed before our eyes; null: there is none. */
  readonly commitAgeMs: number | null;
  /** The commit was there when we looked first: it is older. */
  readonly commitAgeAtLeast: boolean;
  /** What is told is of now: the group's offsets were read a moment ago. */
  readonly isFresh: boolean;
}

/** Offsets are read once a second; older ones are no figure of now. */
const freshMs = 5_000;

export class WatchedGroups {
  readonly #groups: readonly WatchedGroup[];
  readonly #logEnds: Float64Array;

  /**
   * `logEnds` by partition index and `committed` by group, then partition index, are filled here (NaN: not known, or no
   * commit). `own`: where this run's messages lie in those partitions; null: it does not produce.
   */
  constructor(
    groups: readonly string[],
    logEnds: Float64Array,
    committed: Float64Array,
    startMs: number,
    own: OwnMessages | null,
  ) {
    this.#logEnds = logEnds.fill(Number.NaN);
    committed.fill(Number.NaN);
    const partitions = logEnds.length;
    this.#groups = groups.map((group, at) => {
      const mine = committed.subarray(at * partitions, (at + 1) * partitions);
      return new WatchedGroup(group, mine, new LagBook(mine, new Float64Array(partitions), startMs, own));
    });
  }

  takeEnds(asOfMs: number, indexes: readonly number[], logEnds: readonly number[]): void {
    for (const [place, index] of indexes.entries()) this.#logEnds[index] = logEnds[place] ?? Number.NaN;
    for (const { book } of this.#groups) book.take(asOfMs, indexes, logEnds);
  }

  /** What a group has committed, by partition index; partitions without a commit are absent. */
  takeCommitted(group: string, offsets: ReadonlyMap<number, number>, nowMs: number): void {
    this.#groups.find(({ name }) => name === group)?.take(offsets, nowMs);
  }

  lags(nowMs: number): readonly WatchedLag[] {
    return this.#groups.map((group) => group.lag(this.#logEnds, nowMs));
  }
}

class WatchedGroup {
  readonly name: string;
  readonly book: LagBook;
  readonly #committed: Float64Array;
  #answeredMs: number | null = null;
  #changedMs: number | null = null;
  #isFirst = true;

  constructor(name: string, committed: Float64Array, book: LagBook) {
    this.name = name;
    this.#committed = committed;
    this.book = book;
  }

  take(offsets: ReadonlyMap<number, number>, nowMs: number): void {
    const before = this.#answeredMs;
    this.#answeredMs = nowMs;
    let changed = false;
    for (let index = 0; index < this.#committed.length; index++) {
      const offset = offsets.get(index) ?? Number.NaN;
      if (!Object.is(offset, this.#committed[index])) changed = true;
      this.#committed[index] = offset;
    }
    if (offsets.size === 0) this.#changedMs = null;
    else if (changed) {
      this.#changedMs = nowMs;
      this.#isFirst = before === null;
    }
  }

  lag(logEnds: Float64Array, nowMs: number): WatchedLag {
    const isFresh = this.#answeredMs !== null && nowMs - this.#answeredMs < freshMs;
    const { lagMessages, lagMs } = this.book.figures();
    let uncommittedPartitions = 0;
    for (const [index, offset] of this.#committed.entries()) {
      if (Number.isNaN(offset) && (logEnds[index] ?? 0) > 0) uncommittedPartitions++;
    }
    return {
      group: this.name,
      lagMessages: isFresh ? lagMessages : null,
      lagMs: isFresh ? lagMs : null,
      uncommittedPartitions,
      commitAgeMs: this.#changedMs === null ? null : Math.max(0, nowMs - this.#changedMs),
      commitAgeAtLeast: this.#isFirst,
      isFresh,
    };
  }
}
