/** What one asks of a cluster, apart from producing and consuming. Everything here may be slow; nothing here is hot. */
import type { PartitionTable, TopicPartition } from '../clients/types.ts';
import type { Inspection } from './inspect.ts';
import type { Rights } from './rights.ts';

export interface BrokerInfo {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface ClusterInfo {
  readonly clusterId: string | null;
  readonly brokers: readonly BrokerInfo[];
  /** Finalised feature `metadata.version`, e.g. "4.3-IV0"; null where the broker does not say. */
  readonly metadataVersion: string | null;
  /** From the advertised API versions, e.g. "4.0"; null where nothing can be inferred. */
  readonly inferredAtLeast: string | null;
}

export interface TopicInfo {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number | null;
  readonly maxMessageBytes: number | null;
  readonly created: boolean;
}

export interface PartitionOffsets {
  readonly partitionIndex: number;
  readonly logStartOffset: number;
  /** High watermark. */
  readonly logEndOffset: number;
}

/** What stands against writing to a topic that was there before us. */
export interface TopicUse {
  readonly records: number;
  /** Groups, other than `ownGroup`, that hold offsets on the topic. */
  readonly foreignGroups: readonly string[];
  /** The look at the groups took longer than its 2 s. */
  readonly incomplete: boolean;
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface EndOffsetSink {
  /** High watermarks as they stood at `asOfMs` (Unix ms), same places in both lists. */
  offsets(asOfMs: number, indexes: readonly number[], logEnds: readonly number[]): void;
  /** Some partitions gave no answer; tried again at the next tick. */
  failed(message: string): void;
}

export interface EndOffsetWatch {
  tick(): void;
}

/** All methods reject with LoadtuiError (fault `cluster` or `usage`) once their own retries are used up. */
export interface Cluster {
  /** Finds the cluster, within `timeoutMs` of trying. CANNOT_REACH names host, port and what to try; TLS_LISTENER where a TLS alert came back, SECURITY where TLS or a login stands in the way. */
  connect(timeoutMs: number): Promise<ClusterInfo>;
  /**
   * Looks once at every given and every advertised address, each within `knockMs`, and tells of all of them. Rejects as
   * `connect` does where none of the given ones lets us in.
   */
  inspect(knockMs: number): Promise<Inspection>;
  listTopics(): Promise<readonly string[]>;
  /** null: there is no such topic. */
  describeTopic(name: string): Promise<TopicInfo | null>;
  /** Creates and waits until every partition has a leader. Splits what one request cannot carry. */
  createTopics(topics: readonly NewTopic[]): Promise<readonly TopicInfo[]>;
  /** Asks whether such a topic could be created, without creating it. null: yes; else the broker's reason. */
  whyNotCreate(topic: NewTopic): Promise<string | null>;
  /** What we may do with a topic. */
  topicRights(name: string): Promise<Rights>;
  deleteTopics(names: readonly string[]): Promise<void>;
  topicUse(name: string, ownGroup: string, timeoutMs: number): Promise<TopicUse>;
  offsets(partitions: PartitionTable, indexes: readonly number[]): Promise<readonly PartitionOffsets[]>;
  /** Follows the high watermarks of all partitions: each `tick` asks every leader that owes no answer, and waits for none. */
  watchEndOffsets(partitions: PartitionTable, sink: EndOffsetSink): EndOffsetWatch;
  /** GROUP_BUSY when the group has live members. */
  checkGroup(group: string): Promise<void>;
  /** What we may do with a group; one that is not there yet is `seen`. */
  groupRights(group: string): Promise<Rights>;
  /** Commits without joining. Answers false without the right to commit. Retries errors 14, 15 and 16. */
  commit(group: string, partitions: PartitionTable, positions: ReadonlyMap<number, number>): Promise<boolean>;
  committed(group: string, partitions: PartitionTable): Promise<ReadonlyMap<number, number>>;
  /** When loadtui last committed for a group, Unix ms by the clock of the run's machine; null: it is not known to have. */
  lastCommitMs(group: string, partitions: PartitionTable): Promise<number | null>;
  deleteGroups(groups: readonly string[]): Promise<void>;
  listGroups(): Promise<readonly string[]>;
  /** Round trip of an idle ApiVersions request to each broker by its advertised name, ms; null: no answer. */
  ping(): Promise<ReadonlyMap<number, number | null>>;
  close(): Promise<void>;
}

export type { PartitionTable, TopicPartition };

/** Topics that loadtui makes are named so; `topics --clean` removes only these. */
export const madeTopicPrefix = 'loadtui-';
