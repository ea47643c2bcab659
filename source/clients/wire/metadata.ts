/** What the Metadata API tells: who leads what. Errors of single topics or partitions stand in the answer. */
import type { ProtocolReader } from '../../protocol/protocol-reader.ts';
import type { ProtocolWriter } from '../../protocol/protocol-writer.ts';
import type { ControlApi } from './control-apis.ts';

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

/** All of an answer: what leaders are looked up in, and what only an administrator asks for. */
export interface MetadataAnswer extends ClusterMetadata {
  readonly brokers: readonly {
    readonly nodeId: number;
    readonly host: string;
    readonly port: number;
    readonly rack: string | null;
  }[];
  readonly clusterId: string | null;
  /** −1: none is known. */
  readonly controllerId: number;
  readonly topics: readonly (TopicMetadata & {
    readonly isInternal: boolean;
    /** The most replicas that a partition has. */
    readonly replicationFactor: number;
    /** What we may do with it: a bit for each AclOperation; null: not asked, or not told. */
    readonly operations: number | null;
  })[];
}

const noTopicId = '0'.repeat(32);

/**
 * Topics by name; null: all. Leader epochs come with version 7; from 9 on all brokers since Kafka 2.4 speak it. Topics are
 * never created by asking.
 */
export const metadataApi: ControlApi<readonly string[] | null, MetadataAnswer> = {
  name: 'Metadata',
  key: 3,
  oldest: 9,
  newest: 12,
  firstFlexible: 9,
  write: (writer, topics, version) => writeQuestion(writer, topics, version, false),
  read(reader, version) {
    reader.int32();
    const brokers = reader.array(() => {
      const broker = {
        nodeId: reader.int32(),
        host: reader.string(),
        port: reader.int32(),
        rack: reader.nullableString(),
      };
      reader.tags();
      return broker;
    });
    const clusterId = reader.nullableString();
    const controllerId = reader.int32();
    return { brokers, clusterId, controllerId, topics: reader.array(() => readTopic(reader, version)) };
  },
};

/** The same, and what we may do with each topic: brokers look that up, and not for nothing. */
export const metadataWithRightsApi: ControlApi<readonly string[], MetadataAnswer> = {
  ...metadataApi,
  write: (writer, topics, version) => writeQuestion(writer, topics, version, true),
};

function writeQuestion(
  writer: ProtocolWriter,
  topics: readonly string[] | null,
  version: number,
  withRights: boolean,
): void {
  if (topics === null) writer.arrayLength(-1);
  else {
    writer.array(topics, (name) => {
      if (version >= 10) writer.uuid(noTopicId);
      writer.string(name).tags();
    });
  }
  writer.boolean(false);
  if (version <= 10) writer.boolean(false);
  writer.boolean(withRights).tags();
}

/** Rights as requests carry them; a broker that was not asked answers the least number there is. */
export function readOperations(reader: ProtocolReader): number | null {
  const operations = reader.int32();
  return operations === -(2 ** 31) ? null : operations;
}

function readTopic(reader: ProtocolReader, version: number): MetadataAnswer['topics'][number] {
  const errorCode = reader.int16();
  const name = reader.nullableString();
  const topicId = version >= 10 ? reader.uuid() : noTopicId;
  const isInternal = reader.boolean();
  let replicationFactor = 0;
  const partitions = reader.array(() => {
    const partition = {
      errorCode: reader.int16(),
      partitionIndex: reader.int32(),
      leaderId: reader.int32(),
      leaderEpoch: reader.int32(),
    };
    replicationFactor = Math.max(replicationFactor, reader.array(() => reader.int32()).length);
    // Replicas in sync, those offline.
    for (let lists = 2; lists > 0; lists--) reader.array(() => reader.int32());
    reader.tags();
    return partition;
  });
  const operations = readOperations(reader);
  reader.tags();
  return { errorCode, name, topicId, isInternal, partitions, replicationFactor, operations };
}
