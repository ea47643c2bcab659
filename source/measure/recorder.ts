/**
 * Records counts and latencies of one thread into its shared figures (`figures.ts`), by the interval of each message's
 * intended time. Nothing here allocates.
 */
import { bucketEndNs, bucketOf, bucketStartNs, highestNs, lowestNs } from './buckets.ts';
import {
  type Figures,
  type Slot,
  type SlotCount,
  type SlotMaximum,
  type SlotSum,
  slotAt,
  slotCount,
  slotState,
  tagFieldAt,
  tagFields,
} from './figures.ts';
import type { SpanCursor } from './spans.ts';

const tagStride = tagFields.length;
const firstTag = tagFieldAt(0, 'count');
const sumAt = tagFieldAt(0, 'sumNs') - firstTag;
const minAt = tagFieldAt(0, 'minNs') - firstTag;
const maxAt = tagFieldAt(0, 'maxNs') - firstTag;
const clampedAt = tagFieldAt(0, 'clamped') - firstTag;
const lowAt = tagFieldAt(0, 'lowBucket') - firstTag;
const highAt = tagFieldAt(0, 'highBucket') - firstTag;

/** How long a thread waits for main to have read a slot before it is used anew; main reads several times a second. */
const readerWaitMs = 1_000;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** A slot that was not used while so many intervals came has heard all it will hear, as a rule. */
const idleIntervals = 8;
const nowhere: Slot = { head: new Float64Array(), counts: [] };

export class Recorder {
  readonly #slots: readonly Slot[];
  readonly #reads: Float64Array;
  readonly #totals: Float64Array;
  readonly #lostAt: number;
  readonly #cursor: SpanCursor;
  readonly #usedAt = new Float64Array(slotCount);
  /** Slots from here on have never been used. */
  #touched = 0;
  #newest = -1;
  /**
   * Sum, least and most of values on their way into a bucket, and the sum of the last run: numbers that go to a function or
   * come from it are boxed, these are not.
   */
  readonly #values = new Float64Array(4);
  /** The interval asked for last, and its slot. */
  #interval = -1;
  #slot: Slot = nowhere;

  constructor(figures: Figures, cursor: SpanCursor, lostAt: number) {
    this.#slots = figures.slots;
    this.#reads = figures.reads;
    this.#totals = figures.totals;
    this.#cursor = cursor;
    this.#lostAt = lostAt;
  }

  /** Adds to a count of the interval of `intendedNs`. */
  count(field: SlotSum, intendedNs: number, amount: number): void {
    const head = this.#slotOf(intendedNs).head;
    const at = slotAt[field];
    head[at] = (head[at] ?? 0) + amount;
    head[slotAt.changes] = (head[slotAt.changes] ?? 0) + 1;
  }

  /** Raises a maximum of the interval of `intendedNs` to `value`, where it is lower. */
  raise(field: SlotMaximum, intendedNs: number, value: number): void {
    const head = this.#slotOf(intendedNs).head;
    const at = slotAt[field];
    if (value <= (head[at] ?? 0)) return;
    head[at] = value;
    head[slotAt.changes] = (head[slotAt.changes] ?? 0) + 1;
  }

  /**
   * Adds `amountEach` to a count for each of the messages [start, start + count). Few intervals: one addition each.
   * `mixed`: of several producers or partitions, so that times go up and down; else they rise, as within a batch.
   */
  countRun(
    field: SlotSum,
    intendedNs: Float64Array,
    start: number,
    count: number,
    amountEach: number,
    mixed = false,
  ): void {
    const end = start + count;
    let at = start;
    while (at < end) {
      const first = intendedNs[at] ?? 0;
      this.#cursor.locate(first);
      const toNs = this.#cursor.toNs;
      let next = at + 1;
      // Times within a batch rise, except where a backlog was cut: ask for both bounds.
      if (!mixed && (intendedNs[end - 1] ?? 0) < toNs && (intendedNs[end - 1] ?? 0) >= this.#cursor.fromNs) next = end;
      else
        while (next < end && (intendedNs[next] ?? 0) < toNs && (intendedNs[next] ?? 0) >= this.#cursor.fromNs) next++;
      this.count(field, first, (next - at) * amountEach);
      at = next;
    }
  }

  /** Records `toNs − fromNs[i]` for a run of messages under the interval of each one's intended time; `runNs` is their sum. */
  recordRun(
    tag: number,
    intendedNs: Float64Array,
    fromNs: Float64Array,
    start: number,
    count: number,
    toNs: number,
  ): void {
    const cursor = this.#cursor;
    const values = this.#values;
    const end = start + count;
    let slot: Slot | undefined;
    let intervalFrom = 0;
    let intervalTo = 0;
    let bucket = 0;
    let low = 0;
    let high = 0;
    let pending = 0;
    let sum = 0;
    let least = 0;
    let most = 0;
    let all = 0;
    for (let i = start; i < end; i++) {
      const intended = intendedNs[i] ?? 0;
      const value = toNs - (fromNs[i] ?? 0);
      all += value;
      if (value >= low && value < high && intended >= intervalFrom && intended < intervalTo) {
        pending++;
        sum += value;
        if (value < least) least = value;
        else if (value > most) most = value;
        continue;
      }
      if (slot !== undefined && pending > 0) {
        values[0] = sum;
        values[1] = least;
        values[2] = most;
        this.#add(slot, tag, bucket, pending);
      }
      pending = 0;
      if (slot === undefined || intended < intervalFrom || intended >= intervalTo) {
        slot = this.#slotOf(intended);
        intervalFrom = cursor.fromNs;
        intervalTo = cursor.toNs;
      }
      if (value < lowestNs) {
        // Unthrottled messages are offered the moment they are due: no slip is what comes most, and comes together.
        let next = i + 1;
        while (next < end) {
          const other = toNs - (fromNs[next] ?? 0);
          const time = intendedNs[next] ?? 0;
          if (other >= lowestNs || time < intervalFrom || time >= intervalTo) break;
          all += other;
          next++;
        }
        const together = next - i;
        values[0] = together * lowestNs;
        values[1] = lowestNs;
        values[2] = lowestNs;
        this.#add(slot, tag, bucketOf(lowestNs), together);
        i = next - 1;
        low = 0;
        high = 0;
        continue;
      }
      if (value > highestNs) {
        this.#clamp(slot, tag, value);
        low = 0;
        high = 0;
        continue;
      }
      bucket = bucketOf(value);
      low = bucketStartNs(bucket);
      // Beyond an hour values are clamped, also those that would fall into the last bucket.
      high = Math.min(bucketEndNs(bucket), highestNs);
      pending = 1;
      sum = value;
      least = value;
      most = value;
    }
    if (slot !== undefined && pending > 0) {
      values[0] = sum;
      values[1] = least;
      values[2] = most;
      this.#add(slot, tag, bucket, pending);
    }
    values[3] = all;
  }

  /** The sum of what the last `recordRun` recorded, values out of range included as they were. */
  get runNs(): number {
    return this.#values[3] ?? 0;
  }

  /** Records one value under the interval of `intendedNs`. */
  record(tag: number, intendedNs: number, valueNs: number): void {
    const slot = this.#slotOf(intendedNs);
    if (valueNs < lowestNs || valueNs > highestNs) this.#clamp(slot, tag, valueNs);
    else {
      this.#values.fill(valueNs, 0, 3);
      this.#add(slot, tag, bucketOf(valueNs), 1);
    }
  }

  #clamp(slot: Slot, tag: number, value: number): void {
    const at = firstTag + tag * tagStride + clampedAt;
    const clamped = value > highestNs ? highestNs : lowestNs;
    // Below one nanosecond is e2e's "zero or negative", counted by its own name; clamped means beyond an hour.
    if (clamped === highestNs) slot.head[at] = (slot.head[at] ?? 0) + 1;
    this.#values.fill(clamped, 0, 3);
    this.#add(slot, tag, bucketOf(clamped), 1);
  }

  /** Adds values that fall into one bucket: their sum, least and most stand in `#values`. */
  #add(slot: Slot, tag: number, bucket: number, count: number): void {
    const sum = this.#values[0] ?? 0;
    const least = this.#values[1] ?? 0;
    const most = this.#values[2] ?? 0;
    const { head, counts } = slot;
    const buckets = counts[tag];
    if (buckets === undefined) return;
    const at = firstTag + tag * tagStride;
    if ((head[at] ?? 0) === 0) {
      head[at + lowAt] = bucket;
      head[at + highAt] = bucket;
      head[at + minAt] = least;
      head[at + maxAt] = most;
    } else {
      if (bucket < (head[at + lowAt] ?? 0)) head[at + lowAt] = bucket;
      if (bucket > (head[at + highAt] ?? 0)) head[at + highAt] = bucket;
      if (least < (head[at + minAt] ?? 0)) head[at + minAt] = least;
      if (most > (head[at + maxAt] ?? 0)) head[at + maxAt] = most;
    }
    buckets[bucket] = (buckets[bucket] ?? 0) + count;
    head[at] = (head[at] ?? 0) + count;
    head[at + sumAt] = (head[at + sumAt] ?? 0) + sum;
    head[slotAt.changes] = (head[slotAt.changes] ?? 0) + 1;
  }

  #slotOf(intendedNs: number): Slot {
    const interval = this.#cursor.locate(intendedNs);
    if (interval === this.#interval) return this.#slot;
    if (interval > this.#newest) this.#newest = interval;
    let index = this.#find(interval);
    if (index < 0) {
      index = this.#choose();
      this.#open(index, interval);
    }
    const slot = this.#slots[index];
    if (slot === undefined) throw new RangeError('a slot that does not exist');
    this.#usedAt[index] = this.#newest;
    this.#interval = interval;
    this.#slot = slot;
    return slot;
  }

  #find(interval: number): number {
    for (let index = 0; index < this.#touched; index++) {
      if (this.#slots[index]?.head[slotAt.interval] === interval) return index;
    }
    return -1;
  }

  /**
   * The slot for another interval: one whose interval is over, answered and read by main, the longest unused first; else
   * one never used. Few are ever touched so, and memory that nobody touched costs nothing; an interval that is heard of
   * again opens a slot again, and main adds it up.
   */
  #choose(): number {
    let best = -1;
    let oldest = 0;
    for (let index = 0; index < this.#touched; index++) {
      const usedAt = this.#usedAt[index] ?? 0;
      if (usedAt < (this.#usedAt[oldest] ?? 0)) oldest = index;
      if (usedAt > this.#newest - idleIntervals || (best >= 0 && usedAt >= (this.#usedAt[best] ?? 0))) continue;
      const head = this.#slots[index]?.head;
      if (head !== undefined && this.#reads[index] === slotState(head) && !isOpen(head)) best = index;
    }
    if (best >= 0) return best;
    if (this.#touched < slotCount) return this.#touched++;
    return oldest;
  }

  /** Gives a slot to another interval: only what was touched is cleared. */
  #open(index: number, interval: number): void {
    const { head, counts } = this.#slots[index] ?? nowhere;
    if ((head[slotAt.interval] ?? -1) >= 0) this.#awaitReader(head, index);
    // Whoever reads meanwhile sees that the slot is nobody's.
    head[slotAt.interval] = -1;
    for (let tag = 0; tag < counts.length; tag++) {
      const at = firstTag + tag * tagStride;
      if ((head[at] ?? 0) > 0) counts[tag]?.fill(0, head[at + lowAt], (head[at + highAt] ?? 0) + 1);
    }
    head.fill(0, slotAt.interval + 1);
    head[slotAt.interval] = interval;
  }

  /**
   * Where all slots are in use the oldest may be unread: whoever catches up on minutes within moments, as consumers after a
   * pause, is faster than main. Then the thread stands still until main has looked.
   */
  #awaitReader(head: Float64Array, index: number): void {
    const state = slotState(head);
    for (let waitedMs = 0; this.#reads[index] !== state; waitedMs++) {
      if (waitedMs === readerWaitMs) {
        this.#totals[this.#lostAt] = (this.#totals[this.#lostAt] ?? 0) + 1;
        return;
      }
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

/** Some of the interval's messages have no fate yet. */
function isOpen(head: Float64Array): boolean {
  const of = (field: SlotCount): number => head[slotAt[field]] ?? 0;
  return of('scheduled') > of('acked') + of('failed') + of('unknown') + of('missed');
}
