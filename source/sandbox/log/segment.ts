import { readInt64, writeInt64 } from '../../protocol/int64.ts';
import { batchBytes, batchField, batchOffsets } from './record-batch.ts';

/** One index entry for about so many bytes, as Kafka's index.interval.bytes. */
const indexIntervalBytes = 4096;

/** A stretch of a partition's log in one buffer: batches one after the other, with a sparse index of where they start. */
export class Segment {
  readonly bytes: Buffer;
  readonly #indexOffsets: Float64Array;
  readonly #indexPositions: Int32Array;
  #indexEntries = 0;
  #lastIndexed = 0;
  #readers = 0;
  length = 0;
  baseOffset = 0;
  /** Offset after the last record. */
  endOffset = 0;
  maxTimestampMs = -1;

  constructor(capacityBytes: number, baseOffset: number) {
    // Not from the pool, and not zeroed: pages that are never written cost nothing.
    this.bytes = Buffer.allocUnsafeSlow(capacityBytes);
    const entries = Math.ceil(capacityBytes / indexIntervalBytes) + 1;
    this.#indexOffsets = new Float64Array(entries);
    this.#indexPositions = new Int32Array(entries);
    this.reset(baseOffset);
  }

  /** Forgets the content, so that the buffer serves again: a warm buffer has no page faults. */
  reset(baseOffset: number): void {
    this.length = 0;
    this.baseOffset = baseOffset;
    this.endOffset = baseOffset;
    this.maxTimestampMs = -1;
    this.#indexEntries = 0;
    this.#lastIndexed = 0;
  }

  /** A socket still reads from the buffer: it must not be written anew. */
  get inUse(): boolean {
    return this.#readers > 0;
  }

  hold(): void {
    this.#readers++;
  }

  release(): void {
    this.#readers--;
  }

  hasRoom(length: number): boolean {
    return this.length + length <= this.bytes.length;
  }

  /** Copies one batch in and patches base offset and leader epoch, both outside the checksum. */
  append(source: Buffer, from: number, length: number, leaderEpoch: number): void {
    const at = this.length;
    source.copy(this.bytes, at, from, from + length);
    writeInt64(this.bytes, this.endOffset, at);
    this.bytes.writeInt32BE(leaderEpoch, at + batchField.leaderEpoch);
    if (at === 0 || at - this.#lastIndexed >= indexIntervalBytes) {
      this.#indexOffsets[this.#indexEntries] = this.endOffset;
      this.#indexPositions[this.#indexEntries] = at;
      this.#indexEntries++;
      this.#lastIndexed = at;
    }
    const maxTimestampMs = readInt64(this.bytes, at + batchField.maxTimestamp);
    if (maxTimestampMs > this.maxTimestampMs) this.maxTimestampMs = maxTimestampMs;
    this.endOffset += batchOffsets(this.bytes, at);
    this.length += length;
  }

  /** Position of the batch that holds `offset`, which must lie in this segment. */
  positionOf(offset: number): number {
    let low = 0;
    let high = this.#indexEntries - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsetAt(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    let at = this.#positionAt(low);
    while (at < this.length && readInt64(this.bytes, at) + batchOffsets(this.bytes, at) <= offset) {
      at += batchBytes(this.bytes, at);
    }
    return at;
  }

  /** End of the last whole batch after `from` that ends by `from + maxBytes` and holds nothing from `endOffset` on. */
  endWithin(from: number, maxBytes: number, endOffset: number): number {
    const limit = from + maxBytes;
    if (limit >= this.length && endOffset >= this.endOffset) return this.length;
    let low = 0;
    let high = this.#indexEntries - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#positionAt(middle) <= limit && this.#offsetAt(middle) <= endOffset) low = middle;
      else high = middle - 1;
    }
    let at = Math.max(from, this.#positionAt(low));
    while (at < this.length) {
      const next = at + batchBytes(this.bytes, at);
      if (next > limit || readInt64(this.bytes, at) >= endOffset) break;
      at = next;
    }
    return at;
  }

  /** Position of the first batch with a record not older than `timestampMs`; −1 where there is none. */
  positionSince(timestampMs: number): number {
    if (this.maxTimestampMs < timestampMs) return -1;
    for (let at = 0; at < this.length; at += batchBytes(this.bytes, at)) {
      if (readInt64(this.bytes, at + batchField.maxTimestamp) >= timestampMs) return at;
    }
    return -1;
  }

  #offsetAt(entry: number): number {
    return this.#indexOffsets[entry] ?? 0;
  }

  #positionAt(entry: number): number {
    return this.#indexPositions[entry] ?? 0;
  }
}
