/** Which key and which partition the next messages of a producer get. */

import type { PartitionTable } from '../clients/types.ts';
import type { Keys } from '../config/plan.ts';
import { ByPartition } from './by-partition.ts';
import { keyPartitions } from './key-partitions.ts';
import { seededUniform } from './schedule.ts';
import { StickyPartitioner } from './sticky-partitioner.ts';
import { zipfTable } from './zipf-table.ts';

/** Messages taken from the schedule and not yet by the client: the first so many entries of each array. */
export interface Pending {
  readonly intendedNs: Float64Array;
  readonly offeredNs: Float64Array;
  readonly keyIndex: Int32Array;
}

/** Messages [start, start + count) of the pending ones may go to this partition together. Reused by the chooser. */
export interface Choice {
  partitionIndex: number;
  count: number;
}

export interface Chooser {
  /** Number of the next message's key; 0 where messages have none. */
  key(): number;
  /** Brings the first `count` pending messages into an order in which more of them go together. */
  arrange(pending: Pending, count: number): void;
  /** Where the pending messages from `head` on go, and how many of them together. */
  next(keyIndex: Int32Array, head: number, tail: number, client: { batchCapacity(): number }): Choice;
  /** The client took so many of the last choice. */
  took(messages: number): void;
}

type KeyPool = Extract<Keys, { kind: 'pool' }>;

export function chooserFor(keys: Keys, partitions: PartitionTable, seed: number): Chooser {
  return keys.kind === 'none' ? new StickyChooser(partitions.length, seed) : new KeyChooser(keys, partitions, seed);
}

class StickyChooser implements Chooser {
  readonly #sticky: StickyPartitioner;
  readonly #choice: Choice = { partitionIndex: 0, count: 0 };

  constructor(partitions: number, seed: number) {
    this.#sticky = new StickyPartitioner(partitions, seed);
  }

  key(): number {
    return 0;
  }

  arrange(): void {}

  next(_keyIndex: Int32Array, head: number, tail: number, client: { batchCapacity(): number }): Choice {
    this.#choice.partitionIndex = this.#sticky.partition(client.batchCapacity());
    this.#choice.count = Math.min(tail - head, this.#sticky.room);
    return this.#choice;
  }

  took(messages: number): void {
    this.#sticky.took(messages);
  }
}

class KeyChooser implements Chooser {
  readonly #partitionOfKey: Int32Array;
  readonly #nextKey: () => number;
  readonly #choice: Choice = { partitionIndex: 0, count: 0 };
  readonly #byPartition: ByPartition;

  constructor(keys: KeyPool, partitions: PartitionTable, seed: number) {
    this.#partitionOfKey = keyPartitions(keys, partitions);
    this.#byPartition = new ByPartition(this.#partitionOfKey, partitions.length);
    this.#nextKey = keySource(keys, seed);
  }

  key(): number {
    return this.#nextKey();
  }

  /** Messages of one partition keep their order: keys would send each message alone, at twice the cost. */
  arrange(pending: Pending, count: number): void {
    this.#byPartition.sort(pending, count);
  }

  next(keyIndex: Int32Array, head: number, tail: number): Choice {
    const partitionOfKey = this.#partitionOfKey;
    const partition = partitionOfKey[keyIndex[head] ?? 0] ?? 0;
    let end = head + 1;
    while (end < tail && partitionOfKey[keyIndex[end] ?? 0] === partition) end++;
    this.#choice.partitionIndex = partition;
    this.#choice.count = end - head;
    return this.#choice;
  }

  took(): void {}
}

/** Numbers of the keys of a producer's messages, one after the other. */
function keySource(keys: KeyPool, seed: number): () => number {
  const { count } = keys;
  switch (keys.order) {
    case 'round-robin': {
      // Producers start at different keys, else all of them would write the same partition at the same moment.
      let turn = (seed * 7919) % count;
      return () => {
        const key = turn;
        turn = key + 1 === count ? 0 : key + 1;
        return key;
      };
    }
    case 'random': {
      const random = seededUniform(seed);
      return () => Math.min(count - 1, Math.floor(random() * count));
    }
    case 'zipf': {
      const random = seededUniform(seed);
      const table = zipfTable(count, keys.exponent);
      return () => table.draw(random);
    }
  }
}
