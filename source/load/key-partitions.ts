/** Which partition each key of a pool goes to: murmur2 of the key, as Java's default partitioner. */
import { keyAt } from '../clients/keys.ts';
import type { PartitionTable } from '../clients/types.ts';
import { murmur2Partition } from '../clients/wire/murmur2.ts';
import type { Keys } from '../config/plan.ts';

/** Partition index by key number. With several topics, keys are dealt to topics in turn, so that a key keeps its topic. */
export function keyPartitions(keys: Extract<Keys, { kind: 'pool' }>, partitions: PartitionTable): Int32Array {
  const indexesOfTopic = new Map<string, number[]>();
  for (const [index, { topic }] of partitions.entries()) {
    const indexes = indexesOfTopic.get(topic);
    if (indexes === undefined) indexesOfTopic.set(topic, [index]);
    else indexes.push(index);
  }
  const topics = [...indexesOfTopic.values()];
  return Int32Array.from({ length: keys.count }, (_, key) => {
    const indexes = topics[key % topics.length] ?? [];
    return indexes[murmur2Partition(Buffer.from(keyAt(keys, key)), indexes.length)] ?? 0;
  });
}
