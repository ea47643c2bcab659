/** Kafka's requests name a topic once, with all that is asked of its partitions. */
import type { TopicPartition } from './types.ts';

export interface TopicPart<Piece> {
  readonly name: string;
  readonly partitions: Piece[];
}

/** What is asked of each partition, by topic; topics in the order they first appear. */
export function byTopic<Item extends TopicPartition, Piece>(
  items: Iterable<Item>,
  pieceOf: (item: Item) => Piece,
): TopicPart<Piece>[] {
  const topics = new Map<string, TopicPart<Piece>>();
  for (const item of items) {
    const known = topics.get(item.topic) ?? { name: item.topic, partitions: [] };
    known.partitions.push(pieceOf(item));
    topics.set(item.topic, known);
  }
  return [...topics.values()];
}
