/** What metadata has told of a partition table: leaders, their epochs, brokers. Older news never replaces newer. */
import { type PartitionPlaces, placesOf } from '../partition-places.ts';
import type { PartitionTable, TopicPartition } from '../types.ts';
import type { ClusterMetadata, TopicMetadata } from './metadata.ts';
import type { BrokerAddress } from './types.ts';

const noLeader = -1;
const noEpoch = -1;

export class LeaderTable {
  readonly #partitions: PartitionTable;
  readonly #places: PartitionPlaces;
  readonly #topicIds = new Map<string, string>();
  readonly #leaders: Int32Array;
  readonly #epochs: Int32Array;
  /** Partitions that a broker has told us of. */
  readonly #seen: Uint8Array;
  #brokers: ReadonlyMap<number, BrokerAddress> = new Map();

  constructor(partitions: PartitionTable) {
    this.#partitions = partitions;
    this.#places = placesOf(partitions);
    this.#leaders = new Int32Array(partitions.length).fill(noLeader);
    this.#epochs = new Int32Array(partitions.length).fill(noEpoch);
    this.#seen = new Uint8Array(partitions.length);
  }

  get topics(): readonly string[] {
    return [...this.#places.keys()];
  }

  get brokers(): ReadonlyMap<number, BrokerAddress> {
    return this.#brokers;
  }

  /** Every partition has a leader. */
  get allLed(): boolean {
    return !this.#leaders.includes(noLeader);
  }

  /** The first partition that no broker has told of; undefined: all exist. */
  get firstUnseen(): TopicPartition | undefined {
    return this.#partitions[this.#seen.indexOf(0)];
  }

  /** −1: nobody leads. */
  leaderOf(partitionIndex: number): number {
    return this.#leaders[partitionIndex] ?? noLeader;
  }

  /** −1: unknown. */
  epochOf(partitionIndex: number): number {
    return this.#epochs[partitionIndex] ?? noEpoch;
  }

  /** Takes an answer; says whether a leader, an epoch or a broker is another than before. */
  take(answer: ClusterMetadata): boolean {
    let changed = this.#takeBrokers(answer);
    for (const topic of answer.topics) if (this.#takeTopic(topic)) changed = true;
    return changed;
  }

  #takeBrokers(answer: ClusterMetadata): boolean {
    if (answer.brokers.length === 0) return false;
    const brokers = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { id: nodeId, host, port }]));
    const same =
      brokers.size === this.#brokers.size &&
      [...brokers.values()].every(({ id, host, port }) => {
        const known = this.#brokers.get(id);
        return known !== undefined && known.host === host && known.port === port;
      });
    if (!same) this.#brokers = brokers;
    return !same;
  }

  #takeTopic(topic: TopicMetadata): boolean {
    const name = topic.name ?? '';
    const places = this.#places.get(name);
    if (places === undefined || topic.partitions.length === 0) return false;
    // A topic that was deleted and made again counts its epochs from zero.
    const recreated = topic.topicId !== this.#topicIds.get(name);
    this.#topicIds.set(name, topic.topicId);
    let changed = false;
    for (const { partitionIndex, leaderId, leaderEpoch } of topic.partitions) {
      const place = places[partitionIndex];
      if (place === undefined) continue;
      this.#seen[place] = 1;
      const epoch = this.epochOf(place);
      if (!recreated && leaderEpoch < epoch) continue;
      if (this.leaderOf(place) === leaderId && epoch === leaderEpoch) continue;
      this.#leaders[place] = leaderId;
      this.#epochs[place] = leaderEpoch;
      changed = true;
    }
    return changed;
  }
}
