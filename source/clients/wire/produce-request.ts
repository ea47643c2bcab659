/**
 * Produce version 7, the newest with topic names and without "flexible" encoding. Everything of a request but the record
 * batches stands in the room before each batch, so that a request is its batches' bytes, one after the other.
 *
 *   length · api key · version · correlation id · client id · transactional id · acks · timeout ·
 *   [topic · [partition · records' length · record batch]]
 */
import type { Acks } from '../../config/plan.ts';
import type { Batch } from './batch.ts';

const produceKey = 0;
const produceVersion = 7;
const correlationAt = 8;

/** Room that any batch needs before it: the whole header, one topic, one partition. */
export function prefixRoom(clientId: string, longestTopicBytes: number): number {
  return headerBytes(Buffer.byteLength(clientId)) + topicBytes(longestTopicBytes) + partitionBytes;
}

function headerBytes(clientIdBytes: number): number {
  // length, key, version, correlation id, client id, transactional id, acks, timeout, number of topics
  return 4 + 2 + 2 + 4 + (2 + clientIdBytes) + 2 + 2 + 4 + 4;
}

function topicBytes(nameBytes: number): number {
  return 2 + nameBytes + 4;
}

/** Partition number and length of its records. */
const partitionBytes = 8;

export class ProduceEncoder {
  readonly #clientId: Buffer;
  readonly #timeoutMs: number;

  constructor(clientId: string, requestTimeoutMs: number) {
    this.#clientId = Buffer.from(clientId);
    this.#timeoutMs = requestTimeoutMs;
  }

  /**
   * Writes what stands before each batch. `batches` are ordered by partition index, so that the partitions of a topic
   * stand together; `topicOf` gives a batch's topic name. Fills `starts` with where each batch's piece of the request
   * starts in its buffer, and answers the size of the whole.
   */
  encode(
    batches: readonly Batch[],
    topicOf: (batch: Batch) => Buffer,
    partitionOf: (batch: Batch) => number,
    correlationId: number,
    acks: Acks,
    starts: number[],
  ): number {
    let size = 0;
    let previous: Buffer | null = null;
    let topics = 0;
    for (let i = 0; i < batches.length; i++) {
      const batch = batches[i];
      if (batch === undefined) continue;
      const topic = topicOf(batch);
      const { batchAt } = batch.template;
      let start = batchAt - partitionBytes;
      batch.view.setInt32(start, partitionOf(batch));
      batch.view.setInt32(start + 4, batch.bytes);
      if (topic !== previous) {
        topics++;
        start -= topicBytes(topic.length);
        batch.view.setInt16(start, topic.length);
        topic.copy(batch.bytesOf, start + 2);
        batch.view.setInt32(start + 2 + topic.length, partitionsOfTopic(batches, i, topic, topicOf));
        previous = topic;
      }
      if (i === 0) start -= headerBytes(this.#clientId.length);
      starts[i] = start;
      size += batch.end - start + (batch.packed === null ? 0 : batch.packed.length);
    }
    const first = batches[0];
    if (first !== undefined) this.#encodeHeader(first, starts[0] ?? 0, size, correlationId, acks, topics);
    return size;
  }

  #encodeHeader(batch: Batch, start: number, size: number, correlationId: number, acks: Acks, topics: number): void {
    const { view, bytesOf } = batch;
    view.setInt32(start, size - 4);
    view.setInt16(start + 4, produceKey);
    view.setInt16(start + 6, produceVersion);
    view.setInt32(start + correlationAt, correlationId);
    view.setInt16(start + 12, this.#clientId.length);
    this.#clientId.copy(bytesOf, start + 14);
    const at = start + 14 + this.#clientId.length;
    view.setInt16(at, -1);
    view.setInt16(at + 2, acks === 'all' ? -1 : acks);
    view.setInt32(at + 4, this.#timeoutMs);
    view.setInt32(at + 8, topics);
  }
}

function partitionsOfTopic(
  batches: readonly Batch[],
  from: number,
  topic: Buffer,
  topicOf: (batch: Batch) => Buffer,
): number {
  let count = 0;
  for (let i = from; i < batches.length; i++) {
    const batch = batches[i];
    if (batch === undefined || topicOf(batch) !== topic) break;
    count++;
  }
  return count;
}

/** Throttle time of an answer, its last field, in ms. */
export function throttleOf(view: DataView, end: number): number {
  return view.getInt32(end - 4);
}

/** Reads answers where they lie: one is used again for every answer, its fields hold the partition that `next` went to. */
export class ProduceAnswer {
  topicStart = 0;
  topicEnd = 0;
  partition = -1;
  errorCode = 0;
  /** −1 where the broker gives none. */
  baseOffset = -1;
  logAppendTimeMs = -1;

  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #end = 0;
  #topicsLeft = 0;
  #partitionsLeft = 0;

  /** Begins with the answer in `view[start, end)`, which starts with the correlation id. */
  begin(view: DataView, start: number, end: number): void {
    this.#view = view;
    this.#end = end;
    this.#topicsLeft = view.getInt32(start + 4);
    this.#partitionsLeft = 0;
    this.#at = start + 8;
  }

  /** Goes to the next partition; false after the last one. Throws RangeError where the answer is shorter than it says. */
  next(): boolean {
    const view = this.#view;
    while (this.#partitionsLeft === 0) {
      if (this.#topicsLeft <= 0) return false;
      this.#topicsLeft--;
      this.topicStart = this.#at + 2;
      this.topicEnd = this.topicStart + view.getInt16(this.#at);
      this.#partitionsLeft = view.getInt32(this.topicEnd);
      this.#at = this.topicEnd + 4;
    }
    const at = this.#at;
    if (at + answerBytes > this.#end) throw new RangeError('a Produce answer that ends too early');
    this.#partitionsLeft--;
    this.partition = view.getInt32(at);
    this.errorCode = view.getInt16(at + 4);
    this.baseOffset = int64(view, at + 6);
    this.logAppendTimeMs = int64(view, at + 14);
    this.#at = at + answerBytes;
    return true;
  }
}

/** Partition, error code, base offset, log-append time, log start offset. */
const answerBytes = 4 + 2 + 8 + 8 + 8;

/** An int64 that is small enough for a double: offsets and times are. */
function int64(view: DataView, at: number): number {
  return view.getInt32(at) * 4294967296 + view.getUint32(at + 4);
}
