/**
 * Writes Fetch requests, version 11, into one buffer that is used again: only one request is on its way at a time.
 *
 *   header  api key 2, version 2, correlation id 4, client id string
 *   body    replica −1, max wait 4, min bytes 4, max bytes 4, isolation 1 (0: read_uncommitted),
 *           session id 4, session epoch 4, topics[name, partitions[index, leader epoch, offset 8, log start −1 8, max bytes]],
 *           forgotten[name, partitions[index]], rack string
 */
import type { ConsumerKnobs, PartitionTable, TopicPartition } from '../types.ts';

const fetchKey = 1;
const fetchVersion = 11;
const two32 = 4294967296;
/** Session epoch of a fetch outside any session; with the id of a session it also ends that session. */
export const noSessionEpoch = -1;

export class FetchRequest {
  readonly #clientId: Buffer;
  readonly #partitions: PartitionTable;
  /** Topic names as the wire wants them, encoded once. */
  readonly #names = new Map<string, Buffer>();
  #bytes = Buffer.allocUnsafeSlow(1024);
  /** The last request: the next one is as long, as a rule. */
  #whole = this.#bytes.subarray(0, 0);
  #at = 0;
  #countAt = 0;
  #topicCount = 0;
  #topic: string | null = null;
  #topicCountAt = 0;
  #partitionCount = 0;

  constructor(clientId: string, partitions: PartitionTable) {
    this.#clientId = Buffer.from(clientId);
    this.#partitions = partitions;
  }

  /** Starts a request; `partition` for each partition, `forget` for each forgotten one and `finish` follow, in this order. */
  begin(correlationId: number, knobs: ConsumerKnobs, sessionId: number, sessionEpoch: number): void {
    this.#at = 4;
    this.#reserve(128 + this.#clientId.length);
    this.#int16(fetchKey);
    this.#int16(fetchVersion);
    this.#int32(correlationId);
    this.#string(this.#clientId);
    this.#int32(-1);
    this.#int32(knobs.fetchMaxWaitMs);
    this.#int32(knobs.fetchMinBytes);
    this.#int32(knobs.fetchMaxBytes);
    this.#bytes[this.#at++] = 0;
    this.#int32(sessionId);
    this.#int32(sessionEpoch);
    this.#openTopics();
  }

  /** Asks for records from `offset` on. Neighbours of one topic share its entry. */
  partition(partitionIndex: number, leaderEpoch: number, offset: number, maxBytes: number): void {
    const partition = this.#enter(partitionIndex);
    this.#int32(partition);
    this.#int32(leaderEpoch);
    this.#int64(offset);
    this.#int32(-1);
    this.#int32(-1);
    this.#int32(maxBytes);
  }

  /** Ends the list of partitions to fetch; the forgotten ones may follow. */
  endPartitions(): void {
    this.#closeTopics();
    this.#openTopics();
  }

  /** Takes a partition out of the session. */
  forget(partitionIndex: number): void {
    this.#int32(this.#enter(partitionIndex));
  }

  /** The whole request with its length prefix: a view of the buffer, valid until the next `begin`. */
  finish(): Buffer {
    this.#closeTopics();
    this.#int16(0); // no rack
    this.#bytes.writeInt32BE(this.#at - 4, 0);
    if (this.#whole.length !== this.#at || this.#whole.buffer !== this.#bytes.buffer) {
      this.#whole = this.#bytes.subarray(0, this.#at);
    }
    return this.#whole;
  }

  #openTopics(): void {
    this.#countAt = this.#at;
    this.#at += 4;
    this.#topicCount = 0;
    this.#topic = null;
    this.#partitionCount = 0;
  }

  #closeTopics(): void {
    this.#closeTopic();
    this.#bytes.writeInt32BE(this.#topicCount, this.#countAt);
  }

  #closeTopic(): void {
    if (this.#topic !== null) this.#bytes.writeInt32BE(this.#partitionCount, this.#topicCountAt);
  }

  /** Makes room for one entry, opens its topic if it is another than before. Answers the partition's number. */
  #enter(partitionIndex: number): number {
    const { topic, partition } = partitionOf(this.#partitions, partitionIndex);
    const name = this.#encoded(topic);
    this.#reserve(64 + name.length);
    if (topic !== this.#topic) {
      this.#closeTopic();
      this.#topic = topic;
      this.#topicCount++;
      this.#string(name);
      this.#topicCountAt = this.#at;
      this.#at += 4;
      this.#partitionCount = 0;
    }
    this.#partitionCount++;
    return partition;
  }

  #encoded(topic: string): Buffer {
    const known = this.#names.get(topic);
    if (known !== undefined) return known;
    const encoded = Buffer.from(topic);
    this.#names.set(topic, encoded);
    return encoded;
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#at + more));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  #int16(value: number): void {
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
  }

  #int32(value: number): void {
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  #int64(value: number): void {
    const high = Math.floor(value / two32);
    this.#at = this.#bytes.writeInt32BE(high, this.#at);
    this.#at = this.#bytes.writeUInt32BE(value - high * two32, this.#at);
  }

  #string(encoded: Buffer): void {
    this.#int16(encoded.length);
    this.#at += encoded.copy(this.#bytes, this.#at);
  }
}

/** The partition at a place of the table; asking for one outside it is a bug. */
export function partitionOf(partitions: PartitionTable, partitionIndex: number): TopicPartition {
  const found = partitions[partitionIndex];
  if (found === undefined) throw new RangeError(`no partition ${partitionIndex} in a table of ${partitions.length}`);
  return found;
}
