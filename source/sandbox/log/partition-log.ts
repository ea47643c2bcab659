import type { HeldBytes } from '../protocol/answer-writer.ts';
import { batchBytes, firstRecordSince } from './record-batch.ts';
import { Segment } from './segment.ts';

const smallestSegmentBytes = 64 * 1024;
const largestSegmentBytes = 8 * 1024 * 1024;
/** Segments per partition at full retention: the step in which old records go. */
const segmentsPerLog = 8;

/** What a read found: stored chunks, ready to be sent. */
export interface LogRead {
  readonly chunks: readonly HeldBytes[];
  readonly bytes: number;
}

const nothingRead: LogRead = { chunks: [], bytes: 0 };

/**
 * One partition's records in memory. Bounded: once `retentionBytes` are full the oldest segment is dropped, and its buffer
 * serves again unless a socket still reads from it. Records up to the high watermark can be read; an append stays unseen
 * until it is published.
 */
export class PartitionLog {
  readonly #segments: Segment[] = [];
  #retentionBytes: number;
  #bytes = 0;
  #endOffset = 0;
  #highWatermark = 0;
  /** Bytes appended since the start, published only: what waits can be told how much came. */
  readonly #waiters = new Set<(bytes: number) => void>();
  #unseenBytes = 0;

  constructor(retentionBytes: number) {
    this.#retentionBytes = retentionBytes;
  }

  get startOffset(): number {
    return this.#segments[0]?.baseOffset ?? this.#endOffset;
  }

  /** Offset of the next record. */
  get endOffset(): number {
    return this.#endOffset;
  }

  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** Bytes kept now. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  set retentionBytes(bytes: number) {
    this.#retentionBytes = bytes;
  }

  /** Stores one batch behind the others and answers its base offset. */
  append(source: Buffer, from: number, length: number, leaderEpoch: number): number {
    const segment = this.#segmentFor(length);
    const baseOffset = this.#endOffset;
    segment.append(source, from, length, leaderEpoch);
    this.#endOffset = segment.endOffset;
    this.#bytes += length;
    this.#unseenBytes += length;
    return baseOffset;
  }

  /** Lets readers see everything before `offset`. */
  publish(offset: number): void {
    if (offset <= this.#highWatermark) return;
    this.#highWatermark = offset;
    if (this.#waiters.size === 0) {
      this.#unseenBytes = 0;
      return;
    }
    const bytes = this.#unseenBytes;
    this.#unseenBytes = 0;
    for (const waiter of [...this.#waiters]) waiter(bytes);
  }

  /** `waiter` is told about how many bytes each publishing added, until it is removed; 0: look again for another reason. */
  addWaiter(waiter: (bytes: number) => void): void {
    this.#waiters.add(waiter);
  }

  removeWaiter(waiter: (bytes: number) => void): void {
    this.#waiters.delete(waiter);
  }

  /** Makes everybody who waits look again: the leader moved or the topic went. */
  wakeWaiters(): void {
    for (const waiter of [...this.#waiters]) waiter(Number.POSITIVE_INFINITY);
  }

  /**
   * Whole batches from the one that holds `offset`, at most `maxBytes` (but with `atLeastOne` the first batch whatever its
   * size), up to the high watermark. `offset` must be within the log.
   */
  read(offset: number, maxBytes: number, atLeastOne: boolean): LogRead {
    if (offset >= this.#highWatermark || offset < this.startOffset) return nothingRead;
    const chunks: HeldBytes[] = [];
    let total = 0;
    for (let index = this.#segmentIndexOf(offset); index < this.#segments.length; index++) {
      const segment = this.#segments[index];
      if (segment === undefined || segment.baseOffset >= this.#highWatermark) break;
      const from = total === 0 ? segment.positionOf(offset) : 0;
      let to = segment.endWithin(from, maxBytes - total, this.#highWatermark);
      if (to === from && total === 0 && atLeastOne) to = from + batchBytes(segment.bytes, from);
      if (to === from) break;
      chunks.push(chunkOf(segment, from, to));
      total += to - from;
      if (to < segment.length) break;
    }
    return { chunks, bytes: total };
  }

  /** The first record not older than `timestampMs` among those that can be read; null where all are older. */
  since(timestampMs: number): { readonly offset: number; readonly timestampMs: number } | null {
    for (const segment of this.#segments) {
      const at = segment.positionSince(timestampMs);
      if (at < 0) continue;
      const found = firstRecordSince(segment.bytes, at, timestampMs);
      return found.offset < this.#highWatermark ? found : null;
    }
    return null;
  }

  /** The largest timestamp and the first record that has it; null for an empty log. */
  latestTimestamp(): { readonly offset: number; readonly timestampMs: number } | null {
    let largest = -1;
    for (const segment of this.#segments) largest = Math.max(largest, segment.maxTimestampMs);
    return largest < 0 ? null : this.since(largest);
  }

  #segmentIndexOf(offset: number): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#segments[middle]?.baseOffset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #segmentFor(length: number): Segment {
    const last = this.#segments.at(-1);
    if (last?.hasRoom(length)) return last;
    const fullSize = Math.min(largestSegmentBytes, Math.ceil(this.#retentionBytes / segmentsPerLog));
    // Small at first, so that thousands of quiet partitions cost little.
    const grown = Math.min(fullSize, last === undefined ? smallestSegmentBytes : last.bytes.length * 2);
    const capacity = Math.max(grown, length);
    const spare = this.#dropOldest(capacity);
    if (spare !== null && !spare.inUse && spare.bytes.length >= length && spare.bytes.length === fullSize) {
      spare.reset(this.#endOffset);
      this.#segments.push(spare);
      return spare;
    }
    const segment = new Segment(capacity, this.#endOffset);
    this.#segments.push(segment);
    return segment;
  }

  /** Makes room for a segment of `capacity`; the last one dropped may serve again. Unseen records are never dropped. */
  #dropOldest(capacity: number): Segment | null {
    let spare: Segment | null = null;
    for (;;) {
      const oldest = this.#segments[0];
      if (oldest === undefined || this.#segments.length < 2) return spare;
      if (this.#bytes + capacity <= this.#retentionBytes || oldest.endOffset > this.#highWatermark) return spare;
      this.#segments.shift();
      this.#bytes -= oldest.length;
      spare = oldest;
    }
  }
}

function chunkOf(segment: Segment, from: number, to: number): HeldBytes {
  return {
    bytes: segment.bytes.subarray(from, to),
    hold: () => segment.hold(),
    release: () => segment.release(),
  };
}
