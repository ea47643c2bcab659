/** From a topic's name and a partition's number back to the place in the partition table. */
import type { PartitionTable } from './types.ts';

/** Place in the table by partition number, by topic. Numbers that are not in the table have none. */
export type PartitionPlaces = ReadonlyMap<string, readonly number[]>;

const known = new WeakMap<PartitionTable, PartitionPlaces>();

/** Made once a table, and shared by all who ask. */
export function placesOf(partitions: PartitionTable): PartitionPlaces {
  const made = known.get(partitions);
  if (made !== undefined) return made;
  const places = new Map<string, number[]>();
  partitions.forEach(({ topic, partition }, index) => {
    const ofTopic = places.get(topic) ?? [];
    ofTopic[partition] = index;
    places.set(topic, ofTopic);
  });
  known.set(partitions, places);
  return places;
}
