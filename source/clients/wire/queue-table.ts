/** The queues of one producer's partitions, made when first used, and the names of their topics. */
import { type PartitionPlaces, placesOf } from '../partition-places.ts';
import type { PartitionTable } from '../types.ts';
import type { Batch } from './batch.ts';
import { PartitionQueue, type QueueLane } from './partition-queue.ts';

export class QueueTable<Lane extends QueueLane> {
  /** Queues that were ever used. */
  readonly used: PartitionQueue<Lane>[] = [];
  readonly #partitions: PartitionTable;
  readonly #places: PartitionPlaces;
  /** Topics' names as they go on the wire. */
  readonly #names: ReadonlyMap<string, Buffer>;
  readonly #queues: (PartitionQueue<Lane> | undefined)[] = [];
  readonly #made: (queue: PartitionQueue<Lane>) => void;

  /** `made` is called with every new queue. */
  constructor(partitions: PartitionTable, made: (queue: PartitionQueue<Lane>) => void) {
    this.#partitions = partitions;
    this.#made = made;
    this.#places = placesOf(partitions);
    this.#names = new Map([...this.#places.keys()].map((topic) => [topic, Buffer.from(topic)]));
  }

  get longestTopicBytes(): number {
    let longest = 0;
    for (const name of this.#names.values()) longest = Math.max(longest, name.length);
    return longest;
  }

  /** Throws where the partition table has no such place. */
  queue(partitionIndex: number): PartitionQueue<Lane> {
    return this.#queues[partitionIndex] ?? this.#make(partitionIndex);
  }

  queueOf(batch: Batch): PartitionQueue<Lane> {
    return this.queue(batch.partitionIndex);
  }

  /** Place of a partition in the table; −1: none. */
  indexOf(topic: string, partition: number): number {
    return this.#places.get(topic)?.[partition] ?? -1;
  }

  #make(partitionIndex: number): PartitionQueue<Lane> {
    const place = this.#partitions[partitionIndex];
    const name = place === undefined ? undefined : this.#names.get(place.topic);
    if (place === undefined || name === undefined) throw new Error(`no partition with index ${partitionIndex}`);
    const queue = new PartitionQueue<Lane>(partitionIndex, name, place.partition);
    this.#queues[partitionIndex] = queue;
    this.used.push(queue);
    this.#made(queue);
    return queue;
  }
}
