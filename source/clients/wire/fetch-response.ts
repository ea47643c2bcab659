/**
 * Reads Fetch answers, version 11, where they lie: one decoder is used again for every answer, its fields hold the
 * partition that `next` went to.
 *
 *   throttle 4, error 2, session id 4, topics[name, partitions[index 4, error 2, high watermark 8, last stable 8,
 *   log start 8, aborted[producer id 8, first offset 8], preferred replica 4, records bytes]]
 */

import { type PartitionPlaces, placesOf } from '../partition-places.ts';
import type { PartitionTable } from '../types.ts';

const two32 = 4294967296;
const abortedBytes = 16;

export class FetchResponse {
  throttleMs = 0;
  errorCode = 0;
  sessionId = 0;

  /** Place in the partition table; −1 for one that is not in it. */
  partitionIndex = -1;
  partitionError = 0;
  highWatermark = -1;
  /** −1 where the broker does not say. */
  logStartOffset = -1;
  recordsStart = 0;
  recordsEnd = 0;

  readonly #places: PartitionPlaces;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #end = 0;
  #topicsLeft = 0;
  #partitionsLeft = 0;
  #topicName: Buffer = Buffer.alloc(0);
  #topicPlaces: readonly number[] = [];

  constructor(partitions: PartitionTable) {
    this.#places = placesOf(partitions);
  }

  /** Begins with the answer whose body (after the correlation id) is [start, end). Throws RangeError on a broken one. */
  begin(bytes: Buffer, view: DataView, start: number, end: number): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#at = start;
    this.#end = end;
    this.throttleMs = this.#int32();
    this.errorCode = this.#int16();
    this.sessionId = this.#int32();
    this.#topicsLeft = this.#int32();
    this.#partitionsLeft = 0;
  }

  /** Goes to the next partition; false after the last one. Throws RangeError where the answer is broken. */
  next(): boolean {
    while (this.#partitionsLeft === 0) {
      if (this.#topicsLeft <= 0) return false;
      this.#topicsLeft--;
      const length = this.#int16();
      this.#findTopic(this.#skip(length), length);
      this.#partitionsLeft = this.#int32();
    }
    this.#partitionsLeft--;
    this.partitionIndex = this.#topicPlaces[this.#int32()] ?? -1;
    this.partitionError = this.#int16();
    this.highWatermark = this.#int64();
    this.#skip(8); // last stable offset: only transactions make it differ
    this.logStartOffset = this.#int64();
    this.#skip(Math.max(0, this.#int32()) * abortedBytes);
    this.#skip(4); // preferred read replica: none without a rack
    const length = Math.max(0, this.#int32());
    this.recordsStart = this.#skip(length);
    this.recordsEnd = this.recordsStart + length;
    return true;
  }

  /** Most answers are about the topic that the last one was about: no text is made for its name. */
  #findTopic(start: number, length: number): void {
    const same =
      this.#topicName.length === length && this.#bytes.compare(this.#topicName, 0, length, start, start + length) === 0;
    if (same) return;
    this.#topicName = Buffer.from(this.#bytes.subarray(start, start + length));
    this.#topicPlaces = this.#places.get(this.#topicName.toString('latin1')) ?? [];
  }

  /** Steps over `length` bytes. Answers where they began. */
  #skip(length: number): number {
    const at = this.#at;
    if (length < 0 || at + length > this.#end)
      throw new RangeError(`a Fetch answer of which ${length} bytes at ${at} are not there`);
    this.#at = at + length;
    return at;
  }

  #int16(): number {
    return this.#view.getInt16(this.#skip(2));
  }

  #int32(): number {
    return this.#view.getInt32(this.#skip(4));
  }

  #int64(): number {
    const at = this.#skip(8);
    return this.#view.getInt32(at) * two32 + this.#view.getUint32(at + 4);
  }
}
