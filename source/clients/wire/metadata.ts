/** What the Metadata API tells: who leads what. Errors of single topics or partitions stand in the answer. */

export interface PartitionMetadata {
  readonly errorCode: number;
  readonly partitionIndex: number;
  /** −1: nobody leads. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly name: string | null;
  /** 32 hexadecimal digits; all zeros before version 10. */
  readonly topicId: string;
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly topics: readonly TopicMetadata[];
}
