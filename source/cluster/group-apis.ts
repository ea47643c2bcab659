/** Requests about consumer groups, each in versions that Kafka 2.4 to 4.x and the sandbox answer. */
import type { ControlApi } from '../clients/wire/control-apis.ts';
import { readOperations } from '../clients/wire/metadata.ts';
import type { ProtocolReader } from '../protocol/protocol-reader.ts';

export interface CoordinatorAnswer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly nodeId: number;
}

const groupKey = 0;

/** The broker that keeps a group's offsets. */
export const findCoordinatorApi: ControlApi<string, CoordinatorAnswer> = {
  name: 'FindCoordinator',
  key: 10,
  oldest: 2,
  newest: 2,
  firstFlexible: 3,
  write(writer, group) {
    writer.string(group).int8(groupKey);
  },
  read(reader) {
    reader.int32();
    return { errorCode: reader.int16(), errorMessage: reader.nullableString(), nodeId: reader.int32() };
  },
};

export interface ListGroupsAnswer {
  readonly errorCode: number;
  readonly groups: readonly string[];
}

/** All groups that a broker coordinates, of either protocol. */
export const listGroupsApi: ControlApi<null, ListGroupsAnswer> = {
  name: 'ListGroups',
  key: 16,
  oldest: 2,
  newest: 2,
  firstFlexible: 3,
  write: () => undefined,
  read(reader) {
    reader.int32();
    const errorCode = reader.int16();
    const groups = reader.array(() => {
      const group = reader.string();
      reader.string();
      return group;
    });
    return { errorCode, groups };
  },
};

export interface GroupMember {
  readonly clientId: string;
  readonly clientHost: string;
}

export interface GroupAnswer {
  readonly errorCode: number;
  readonly members: readonly GroupMember[];
  /** What we may do with it: a bit for each AclOperation; null: not asked, or not told. */
  readonly operations: number | null;
}

/** Members of one group; null: the broker answered for none. */
export const describeGroupsApi: ControlApi<string, GroupAnswer | null> = {
  name: 'DescribeGroups',
  key: 15,
  oldest: 4,
  newest: 4,
  firstFlexible: 5,
  write(writer, group) {
    writer.array([group], (each) => writer.string(each)).boolean(false);
  },
  read(reader) {
    reader.int32();
    const [answer] = reader.array(() => {
      const errorCode = reader.int16();
      // Group, state, kind of protocol, protocol.
      for (let texts = 4; texts > 0; texts--) reader.string();
      const members = reader.array(() => {
        reader.string();
        reader.nullableString();
        const member = { clientId: reader.string(), clientHost: reader.string() };
        reader.skip(Math.max(0, reader.bytesLength())); // metadata
        reader.skip(Math.max(0, reader.bytesLength())); // assignment
        return member;
      });
      return { errorCode, members, operations: readOperations(reader) };
    });
    return answer ?? null;
  },
};

/** The same, and what we may do with the group. */
export const describeGroupRightsApi: ControlApi<string, GroupAnswer | null> = {
  ...describeGroupsApi,
  write(writer, group) {
    writer.array([group], (each) => writer.string(each)).boolean(true);
  },
};

/** Members of a group of the newer protocol (KIP-848), which DescribeGroups calls dead. */
export const describeConsumerGroupsApi: ControlApi<string, GroupAnswer | null> = {
  name: 'ConsumerGroupDescribe',
  key: 69,
  oldest: 0,
  newest: 0,
  firstFlexible: 0,
  write(writer, group) {
    writer
      .array([group], (each) => writer.string(each))
      .boolean(false)
      .tags();
  },
  read(reader) {
    reader.int32();
    const [answer] = reader.array(() => {
      const errorCode = reader.int16();
      // Its message, group, state; epochs of the group and of the assignment; the assignor.
      for (let texts = 3; texts > 0; texts--) reader.nullableString();
      reader.int32();
      reader.int32();
      reader.nullableString();
      const members = reader.array(() => readConsumerMember(reader));
      const operations = readOperations(reader);
      reader.tags();
      return { errorCode, members, operations };
    });
    reader.tags();
    return answer ?? null;
  },
};

function readConsumerMember(reader: ProtocolReader): GroupMember {
  // Member, instance, rack; the member's epoch.
  for (let texts = 3; texts > 0; texts--) reader.nullableString();
  reader.int32();
  const member = { clientId: reader.string(), clientHost: reader.string() };
  reader.array(() => reader.string());
  reader.nullableString();
  // What it has and what it is to have.
  for (let assignments = 2; assignments > 0; assignments--) {
    reader.array(() => {
      reader.uuid();
      reader.string();
      reader.array(() => reader.int32());
      reader.tags();
    });
    reader.tags();
  }
  reader.tags();
  return member;
}

export interface CommitQuestion {
  readonly group: string;
  readonly topics: readonly CommitTopic[];
}

export interface CommitTopic {
  readonly name: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: number; readonly metadata: string }[];
}

export interface CommitAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
}

const noGeneration = -1;
const noMember = '';
const noLeaderEpoch = -1;

/** From outside the group: without generation and member. */
export const offsetCommitApi: ControlApi<CommitQuestion, readonly CommitAnswer[]> = {
  name: 'OffsetCommit',
  key: 8,
  oldest: 7,
  newest: 7,
  firstFlexible: 8,
  write(writer, { group, topics }) {
    writer.string(group).int32(noGeneration).string(noMember).string(null);
    writer.array(topics, ({ name, partitions }) => {
      writer.string(name).array(partitions, ({ partition, offset, metadata }) => {
        writer.int32(partition).int64(offset).int32(noLeaderEpoch).string(metadata);
      });
    });
  },
  read(reader) {
    reader.int32();
    const topics = reader.array(() => {
      const topic = reader.string();
      return reader.array(() => ({ topic, partition: reader.int32(), errorCode: reader.int16() }));
    });
    return topics.flat();
  },
};

export interface FetchOffsetsQuestion {
  readonly groups: readonly string[];
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[];
}

export interface FetchedOffset {
  readonly topic: string;
  readonly partition: number;
  /** −1: none is committed. */
  readonly offset: number;
  readonly metadata: string | null;
  readonly errorCode: number;
}

export interface FetchedOffsets {
  readonly errorCode: number;
  readonly offsets: readonly FetchedOffset[];
}

/** Stands for the group's name where an older broker answers without it. */
export const unnamedGroup = '';

/** By group. Before version 8 (Kafka 3.0) a request is about one group, the first, and its answer does not name it. */
export const offsetFetchApi: ControlApi<FetchOffsetsQuestion, ReadonlyMap<string, FetchedOffsets>> = {
  name: 'OffsetFetch',
  key: 9,
  oldest: 5,
  newest: 8,
  firstFlexible: 6,
  write(writer, { groups, topics }, version) {
    const writeGroup = (group: string): void => {
      writer.string(group).array(topics, ({ name, partitions }) => {
        writer
          .string(name)
          .array(partitions, (partition) => writer.int32(partition))
          .tags();
      });
    };
    if (version >= 8) {
      writer.array(groups, (group) => {
        writeGroup(group);
        writer.tags();
      });
    } else writeGroup(groups[0] ?? unnamedGroup);
    // Offsets of transactions that are still open count, too.
    if (version >= 7) writer.boolean(false);
    writer.tags();
  },
  read(reader, version) {
    reader.int32();
    const readGroup = (): FetchedOffsets => {
      const offsets = reader.array(() => readOffsets(reader)).flat();
      const errorCode = reader.int16();
      reader.tags();
      return { errorCode, offsets };
    };
    if (version < 8) return new Map([[unnamedGroup, readGroup()]]);
    return new Map(reader.array(() => [reader.string(), readGroup()] as const));
  },
};

function readOffsets(reader: ProtocolReader): readonly FetchedOffset[] {
  const topic = reader.string();
  const offsets = reader.array(() => {
    const partition = reader.int32();
    const offset = reader.int64();
    reader.int32(); // leader epoch
    const metadata = reader.nullableString();
    const errorCode = reader.int16();
    reader.tags();
    return { topic, partition, offset, metadata, errorCode };
  });
  reader.tags();
  return offsets;
}

/** Groups whose offsets are deleted; error codes in their order. */
export const deleteGroupsApi: ControlApi<readonly string[], readonly number[]> = {
  name: 'DeleteGroups',
  key: 42,
  oldest: 1,
  newest: 1,
  firstFlexible: 2,
  write(writer, groups) {
    writer.array(groups, (group) => writer.string(group));
  },
  read(reader) {
    reader.int32();
    return reader.array(() => {
      reader.string();
      return reader.int16();
    });
  },
};
