/**
 * The requests we make, each in the versions whose shape is the same to us. Kafka 2.4 to 4.x and the sandbox answer them;
 * `pickVersion` takes the highest that both sides know.
 */
import {
  type Connection,
  consumerGroupDescribeV0,
  createPartitionsV2,
  createPartitionsV3,
  createTopicsV4,
  createTopicsV5,
  createTopicsV6,
  createTopicsV7,
  deleteGroupsV0,
  deleteGroupsV1,
  deleteGroupsV2,
  deleteTopicsV4,
  deleteTopicsV5,
  deleteTopicsV6,
  describeConfigsV2,
  describeConfigsV3,
  describeConfigsV4,
  describeGroupsV3,
  describeGroupsV4,
  describeGroupsV5,
  findCoordinatorV2,
  findCoordinatorV3,
  findCoordinatorV4,
  findCoordinatorV5,
  findCoordinatorV6,
  listGroupsV2,
  listGroupsV3,
  listGroupsV4,
  listGroupsV5,
  listOffsetsV4,
  listOffsetsV5,
  listOffsetsV6,
  listOffsetsV7,
  listOffsetsV8,
  listOffsetsV9,
  metadataV7,
  metadataV8,
  metadataV9,
  metadataV10,
  metadataV11,
  metadataV12,
  offsetCommitV6,
  offsetCommitV7,
  offsetCommitV8,
  offsetCommitV9,
  offsetFetchV5,
  offsetFetchV6,
  offsetFetchV7,
  offsetFetchV8,
  offsetFetchV9,
} from '@platformatic/kafka';
import type { ApiRanges } from './broker-version.ts';

/** The library gives either for an absent text. */
export type MaybeText = string | null | undefined;

/** One version of a request. */
export interface ApiCall<Args extends readonly unknown[], Response> {
  readonly key: number;
  readonly version: number;
  readonly async: (connection: Connection, ...args: Args) => Promise<Response>;
}

export interface ApiFamily<Args extends readonly unknown[], Response> {
  readonly name: string;
  /** Highest first. */
  readonly versions: readonly ApiCall<Args, Response>[];
}

/** The highest version that the broker knows too; undefined where there is none. */
export function pickVersion<Args extends readonly unknown[], Response>(
  family: ApiFamily<Args, Response>,
  ranges: ApiRanges,
): ApiCall<Args, Response> | undefined {
  return family.versions.find(({ key, version }) => {
    const range = ranges.get(key);
    return range !== undefined && version >= range.min && version <= range.max;
  });
}

export interface PartitionMetadata {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly replicaNodes: readonly number[];
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly name: MaybeText;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionMetadata[];
}

export interface MetadataAnswer {
  readonly brokers: readonly { nodeId: number; host: string; port: number; rack: MaybeText }[];
  readonly clusterId: MaybeText;
  readonly controllerId: number;
  readonly topics: readonly TopicMetadata[];
}

/** Arguments: topic names (null: all), whether a missing topic may be created by asking (never). */
export const metadata: ApiFamily<[topics: string[] | null, autoCreate: false], MetadataAnswer> = {
  name: 'Metadata',
  versions: [metadataV12.api, metadataV11.api, metadataV10.api, metadataV9.api, metadataV8.api, metadataV7.api],
};

export interface CreateTopic {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: [];
  readonly configs: { name: string; value: string }[];
}

export interface CreateTopicsAnswer {
  readonly topics: readonly { name: string; errorCode: number; errorMessage: MaybeText }[];
}

export const createTopics: ApiFamily<
  [topics: CreateTopic[], timeoutMs: number, validateOnly: boolean],
  CreateTopicsAnswer
> = {
  name: 'CreateTopics',
  versions: [createTopicsV7.api, createTopicsV6.api, createTopicsV5.api, createTopicsV4.api],
};

export const createPartitions: ApiFamily<
  [topics: { name: string; count: number; assignments: null }[], timeoutMs: number, validateOnly: boolean],
  { readonly results: readonly { name: string; errorCode: number; errorMessage: MaybeText }[] }
> = { name: 'CreatePartitions', versions: [createPartitionsV3.api, createPartitionsV2.api] };

export const deleteTopics: ApiFamily<
  [topics: { name: string }[], timeoutMs: number],
  { readonly responses: readonly { name: MaybeText; errorCode: number; errorMessage: MaybeText }[] }
> = { name: 'DeleteTopics', versions: [deleteTopicsV6.api, deleteTopicsV5.api, deleteTopicsV4.api] };

/** Kafka's resource type for a topic. */
export const topicResource = 2;

export const describeConfigs: ApiFamily<
  [resources: { resourceType: typeof topicResource; resourceName: string; configurationKeys: string[] }[]],
  {
    readonly results: readonly {
      errorCode: number;
      errorMessage: MaybeText;
      resourceName: string;
      configs: readonly { name: string; value: MaybeText }[];
    }[];
  }
> = { name: 'DescribeConfigs', versions: [describeConfigsV4.api, describeConfigsV3.api, describeConfigsV2.api] };

export interface ListOffsetsTopic {
  readonly name: string;
  readonly partitions: { partitionIndex: number; currentLeaderEpoch: number; timestamp: bigint }[];
}

export const listOffsets: ApiFamily<
  [replica: number, isolationLevel: number, topics: ListOffsetsTopic[]],
  {
    readonly topics: readonly {
      name: string;
      partitions: readonly { partitionIndex: number; errorCode: number; offset: bigint }[];
    }[];
  }
> = {
  name: 'ListOffsets',
  versions: [
    listOffsetsV9.api,
    listOffsetsV8.api,
    listOffsetsV7.api,
    listOffsetsV6.api,
    listOffsetsV5.api,
    listOffsetsV4.api,
  ],
};

export const findCoordinator: ApiFamily<
  [keyType: number, keys: string[]],
  {
    readonly coordinators: readonly {
      nodeId: number;
      host: string;
      port: number;
      errorCode: number;
      errorMessage: MaybeText;
    }[];
  }
> = {
  name: 'FindCoordinator',
  versions: [
    findCoordinatorV6.api,
    findCoordinatorV5.api,
    findCoordinatorV4.api,
    findCoordinatorV3.api,
    findCoordinatorV2.api,
  ],
};

export const listGroups: ApiFamily<
  [states: [], types: []],
  { readonly errorCode: number; readonly groups: readonly { groupId: string }[] }
> = { name: 'ListGroups', versions: [listGroupsV5.api, listGroupsV4.api, listGroupsV3.api, listGroupsV2.api] };

export interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly clientHost: string;
}

export const describeGroups: ApiFamily<
  [groups: string[], authorizedOperations: boolean],
  {
    readonly groups: readonly {
      errorCode: number;
      groupId: string;
      groupState: string;
      members: readonly GroupMember[];
    }[];
  }
> = { name: 'DescribeGroups', versions: [describeGroupsV5.api, describeGroupsV4.api, describeGroupsV3.api] };

/** Groups of the newer protocol (KIP-848), which DescribeGroups calls dead. */
export const describeConsumerGroups: ApiFamily<
  [groups: string[], authorizedOperations: boolean],
  { readonly groups: readonly { errorCode: number; groupId: string; members: readonly GroupMember[] }[] }
> = { name: 'ConsumerGroupDescribe', versions: [consumerGroupDescribeV0.api] };

export interface CommitTopic {
  readonly name: string;
  readonly partitions: {
    partitionIndex: number;
    committedOffset: bigint;
    committedLeaderEpoch: number;
    committedMetadata: string;
  }[];
}

export const offsetCommit: ApiFamily<
  [group: string, generation: number, memberId: string, instanceId: null, topics: CommitTopic[]],
  {
    readonly topics: readonly {
      name: string;
      partitions: readonly { partitionIndex: number; errorCode: number }[];
    }[];
  }
> = {
  name: 'OffsetCommit',
  versions: [offsetCommitV9.api, offsetCommitV8.api, offsetCommitV7.api, offsetCommitV6.api],
};

export interface FetchedOffsets {
  readonly name: string;
  readonly partitions: readonly {
    partitionIndex: number;
    committedOffset: bigint;
    errorCode: number;
    metadata?: string | null | undefined;
  }[];
}

/** Before version 8 one group a request, answered at the top level; from 8 on answered by group. */
export const offsetFetch: ApiFamily<
  [
    groups: {
      groupId: string;
      memberId: null;
      memberEpoch: number;
      topics: { name: string; partitionIndexes: number[] }[];
    }[],
    requireStable: boolean,
  ],
  {
    readonly groups?: readonly { groupId: string; errorCode: number; topics: readonly FetchedOffsets[] }[];
    readonly topics?: readonly FetchedOffsets[];
    readonly errorCode?: number;
  }
> = {
  name: 'OffsetFetch',
  versions: [offsetFetchV9.api, offsetFetchV8.api, offsetFetchV7.api, offsetFetchV6.api, offsetFetchV5.api],
};

export const deleteGroups: ApiFamily<
  [groups: string[]],
  { readonly results: readonly { groupId: string; errorCode: number }[] }
> = { name: 'DeleteGroups', versions: [deleteGroupsV2.api, deleteGroupsV1.api, deleteGroupsV0.api] };
