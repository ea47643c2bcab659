/**
 * Which partition a message goes to: sticky without a key, as KIP-794's uniform sticky partitioner with its adaptive
 * part off (it would hide a slow broker); murmur2 of the key otherwise, as Java's.
 */
import { murmur2Partition } from '../clients/wire/murmur2.ts';
import type { PartitionTable } from '../clients/types.ts';
import type { Keys } from '../config/plan.ts';
import { keyAt } from '../clients/keys.ts';
import { seededUniform } from './schedule.ts';

/** Stays with a partition until a batch's worth of messages went there, then takes another at random. */
export class StickyPartitioner {
  readonly #partitions: number;
  readonly #uniform: () => number;
  #current: number;
  #left = 0;

  constructor(partitions: number, seed: number) {
    this.#partitions = partitions;
    this.#uniform = seededUniform(seed);
    this.#current = this.#draw();
  }

  /** Partition for the next messages. `batchCapacity` as of now: a live change of batch size holds at the next switch. */
  partition(batchCapacity: number): number {
    if (this.#left <= 0) {
      this.#left = Math.max(1, batchCapacity);
      if (this.#partitions > 1) {
        const other = this.#draw();
        this.#current = other === this.#current ? (other + 1) % this.#partitions : other;
      }
    }
    return this.#current;
  }

  /** How many more messages fit before the switch. */
  get room(): number {
    return this.#left;
  }

  took(messages: number): void {
    this.#left -= messages;
  }

  #draw(): number {
    return Math.min(this.#partitions - 1, Math.floor(this.#uniform() * this.#partitions));
  }
}

/** Partition index of every key in the pool: a key's topic is fixed (keys are dealt to topics in turn), then murmur2. */
export function partitionsOfKeys(keys: Extract<Keys, { kind: 'pool' }>, partitions: PartitionTable): Int32Array {
  const topics = new Map<string, number[]>();
  for (const [index, { topic }] of partitions.entries()) {
    const indexes = topics.get(topic);
    if (indexes === undefined) topics.set(topic, [index]);
    else indexes.push(index);
  }
  const byTopic = [...topics.values()];
  return Int32Array.from({ length: keys.count }, (_, key) => {
    const indexes = byTopic[key % byTopic.length] ?? [];
    return indexes[murmur2Partition(Buffer.from(keyAt(keys, key)), indexes.length)] ?? 0;
  });
}
