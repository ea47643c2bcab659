/** Java's default partitioner for records with a key. */

const multiplier = 0x5bd1e995;
const shift = 24;
/** Kafka's seed of MurmurHash2 (Austin Appleby, 2008). */
const seed = 0x9747b28c;

/** Partition of a key among `partitions`: the hash without its sign, as `Utils.toPositive`. */
export function murmur2Partition(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

function murmur2(key: Buffer): number {
  const { length } = key;
  let hash = seed ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let word = Math.imul(key.readInt32LE(at), multiplier);
    word = Math.imul(word ^ (word >>> shift), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (at < length) {
    for (let rest = length - 1; rest >= at; rest--) hash ^= key.readUInt8(rest) << (8 * (rest - at));
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}
