/**
 * Latencies as counts by bucket (`buckets.ts`), kept only over the range in use: small to keep by the second, quick to
 * merge. Histograms add; percentiles never average.
 */
import { bucketEndNs, bucketStartNs } from './buckets.ts';
import { packBuckets, unpackBuckets } from './packed-buckets.ts';

const slack = 256;

/** While counts change they are wide; those of a second that is over rarely need more than a byte each. */
type Counts = Uint8Array | Uint16Array | Uint32Array | Float64Array<ArrayBuffer>;

/** Counts as plain data, to be written down; see `packed-buckets.ts`. */
export interface PackedLatency {
  readonly buckets: string;
  readonly sumNs: number;
  readonly minNs: number;
  readonly maxNs: number;
  readonly clamped: number;
}

export class LatencyCounts {
  count = 0;
  sumNs = 0;
  minNs = Number.POSITIVE_INFINITY;
  maxNs = 0;
  clamped = 0;
  #first = 0;
  #counts: Counts = new Float64Array(0);

  /** The reverse of `pack`; null: none. Throws RangeError where the buckets cannot be read. */
  static unpack(packed: PackedLatency | null): LatencyCounts {
    const unpacked = new LatencyCounts();
    if (packed === null) return unpacked;
    const { first, counts } = unpackBuckets(packed.buckets);
    unpacked.#first = first;
    unpacked.#counts = counts;
    unpacked.count = counts.reduce((sum, count) => sum + count, 0);
    unpacked.sumNs = packed.sumNs;
    unpacked.clamped = packed.clamped;
    unpacked.#extend(packed.minNs, packed.maxNs);
    return unpacked;
  }

  /** As plain data; null: nothing recorded. */
  pack(): PackedLatency | null {
    if (this.count === 0) return null;
    const { sumNs, maxNs, clamped } = this;
    // Read in the middle of its first record it may have no minimum yet, and JSON has no infinity.
    const minNs = Math.min(this.minNs, maxNs);
    return { buckets: packBuckets({ first: this.#first, counts: this.#counts }), sumNs, minNs, maxNs, clamped };
  }

  /** Adds bucket counts `[low, high]` of a shared slot, with the figures kept beside them. */
  addBuckets(
    counts: Uint32Array,
    low: number,
    high: number,
    figures: {
      readonly count: number;
      readonly sumNs: number;
      readonly minNs: number;
      readonly maxNs: number;
      readonly clamped: number;
    },
  ): void {
    if (figures.count === 0) return;
    this.#cover(low, high);
    let read = 0;
    for (let bucket = low; bucket <= high; bucket++) {
      const count = counts[bucket] ?? 0;
      if (count === 0) continue;
      const at = bucket - this.#first;
      this.#counts[at] = (this.#counts[at] ?? 0) + count;
      read += count;
    }
    // The writer may be between two buckets while we read: the buckets are what counts.
    this.count += read;
    this.sumNs += figures.sumNs;
    this.clamped += figures.clamped;
    this.#extend(figures.minNs, figures.maxNs);
  }

  /** Takes as little room as the counts allow. They may go on changing all the same. */
  compact(): void {
    const counts = this.#counts;
    let low = 0;
    while (low < counts.length && counts[low] === 0) low++;
    let high = counts.length;
    while (high > low && counts[high - 1] === 0) high--;
    let most = 0;
    for (let at = low; at < high; at++) most = Math.max(most, counts[at] ?? 0);
    this.#first += low;
    this.#counts = narrow(counts.subarray(low, high), most);
  }

  add(other: LatencyCounts): void {
    this.#merge(other, 1);
    this.#extend(other.minNs, other.maxNs);
  }

  /** Puts `now` in the place of `before`, an earlier state of the same growing counts that was added before. */
  replace(before: LatencyCounts | undefined, now: LatencyCounts): void {
    if (before !== undefined) this.#merge(before, -1);
    this.add(now);
  }

  /** Value at a rank from 1 to `count`: the highest of its bucket, ns, never above the maximum. */
  valueAtRank(rank: number): number {
    let left = rank;
    for (let at = 0; at < this.#counts.length; at++) {
      left -= this.#counts[at] ?? 0;
      if (left <= 0) return Math.min(bucketEndNs(this.#first + at) - 1, this.maxNs);
    }
    return this.maxNs;
  }

  /** How many recorded values lie above `limitNs`, to the bucket (0.1 %). */
  countAbove(limitNs: number): number {
    let above = 0;
    for (let at = this.#counts.length - 1; at >= 0; at--) {
      if (bucketEndNs(this.#first + at) - 1 <= limitNs) break;
      if (bucketStartNs(this.#first + at) > limitNs) above += this.#counts[at] ?? 0;
    }
    return above;
  }

  get meanNs(): number {
    return this.count === 0 ? 0 : this.sumNs / this.count;
  }

  /** Calls back for each bucket in use, ascending: its lowest value in ns, and how often. */
  forEach(visit: (valueNs: number, count: number) => void): void {
    for (let at = 0; at < this.#counts.length; at++) {
      const count = this.#counts[at] ?? 0;
      if (count > 0) visit(bucketStartNs(this.#first + at), count);
    }
  }

  #merge(other: LatencyCounts, sign: 1 | -1): void {
    if (other.#counts.length === 0) return;
    this.#cover(other.#first, other.#first + other.#counts.length - 1);
    const shift = other.#first - this.#first;
    for (let at = 0; at < other.#counts.length; at++) {
      const count = other.#counts[at] ?? 0;
      if (count !== 0) this.#counts[at + shift] = (this.#counts[at + shift] ?? 0) + sign * count;
    }
    this.count += sign * other.count;
    this.sumNs += sign * other.sumNs;
    this.clamped += sign * other.clamped;
  }

  #extend(minNs: number, maxNs: number): void {
    if (minNs < this.minNs) this.minNs = minNs;
    if (maxNs > this.maxNs) this.maxNs = maxNs;
  }

  #cover(low: number, high: number): void {
    const end = this.#first + this.#counts.length;
    const isWide = this.#counts instanceof Float64Array;
    if (isWide && this.#counts.length > 0 && low >= this.#first && high < end) return;
    const empty = this.#counts.length === 0;
    const first = empty
      ? low
      : Math.max(0, Math.min(this.#first, low === this.#first ? low : low - (low < this.#first ? slack : 0)));
    const last = empty ? high : Math.max(end - 1, high >= end ? high + slack : high);
    const larger = new Float64Array(last - first + 1);
    if (!empty) larger.set(this.#counts, this.#first - first);
    this.#first = first;
    this.#counts = larger;
  }
}

/** A copy as narrow as its largest count allows. */
function narrow(counts: Counts, most: number): Counts {
  if (most <= 0xff) return new Uint8Array(counts);
  if (most <= 0xffff) return new Uint16Array(counts);
  return most <= 0xffffffff ? new Uint32Array(counts) : new Float64Array(counts);
}
