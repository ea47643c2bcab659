/** Java's default partitioner for records with a key. */
import { murmur2 } from '@platformatic/kafka';

/** Partition of a key among `partitions`: the hash without its sign, as `Utils.toPositive`. */
export function murmur2Partition(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
