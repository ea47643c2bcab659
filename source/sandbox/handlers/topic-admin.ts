import type { ProtocolReader } from '../../protocol/protocol-reader.ts';
import type { BrokerState } from '../context.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { isTopicConfig, topicConfigs } from '../topic-configs.ts';
import { isTopicName, type Topic } from '../topics.ts';
import { acts, type Handler, notThrottled, replyNow, verdict } from './handler.ts';

const noId = '0'.repeat(32);
/** Of one topic: more is a slip of the finger. */
const mostPartitions = 100_000;

interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly (readonly number[])[];
  readonly config: ReadonlyMap<string, string>;
}

interface Refusal {
  readonly code: number;
  readonly message: string | null;
}

const accepted: Refusal = { code: errorCode.none, message: null };

export const createTopics: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const wanted = reader.array(() => readNewTopic(reader, broker));
  reader.int32(); // timeout
  const validateOnly = reader.boolean();
  const { topics } = broker.sandbox;

  writer.int32(notThrottled).array(wanted, (topic) => {
    const refusal = refuseTopic(topic, broker);
    const isFine = refusal.code === errorCode.none;
    let made: Topic | undefined;
    if (isFine && !validateOnly && acts(request)) {
      made = topics.create(topic.name, topic.partitions, topic.replicationFactor, topic.config, topic.assignments);
    }
    const code = verdict(request, refusal.code);
    writer.string(topic.name);
    if (version >= 7) writer.uuid(made?.id ?? noId);
    writer.int16(code).string(refusal.message);
    if (version >= 5) {
      writer.int32(code === errorCode.none ? topic.partitions : -1);
      writer.int16(code === errorCode.none ? topic.replicationFactor : -1);
      writer.array(made === undefined ? [] : topicConfigs(made, topics), ({ name, value, isDefault }) => {
        writer.string(name).string(value).boolean(false);
        writer
          .int8(isDefault ? 5 : 1)
          .boolean(false)
          .tags();
      });
    }
    writer.tags();
  });
  writer.tags();
  return replyNow;
};

function readNewTopic(reader: ProtocolReader, broker: BrokerState): NewTopic {
  const name = reader.string();
  const partitions = reader.int32();
  const replicationFactor = reader.int16();
  const assignments = reader.array(() => {
    reader.int32(); // partition: in order
    const brokers = reader.array(() => reader.int32());
    reader.tags();
    return brokers;
  });
  const config = new Map<string, string>();
  reader.array(() => {
    const setting = reader.string();
    const value = reader.nullableString();
    if (value !== null) config.set(setting, value);
    reader.tags();
  });
  reader.tags();
  if (assignments.length > 0) {
    return {
      name,
      partitions: assignments.length,
      replicationFactor: assignments[0]?.length ?? 0,
      assignments,
      config,
    };
  }
  return {
    name,
    partitions: partitions === -1 ? broker.sandbox.topics.defaultPartitions : partitions,
    replicationFactor: replicationFactor === -1 ? 1 : replicationFactor,
    assignments,
    config,
  };
}

function refuseTopic(topic: NewTopic, { sandbox }: BrokerState): Refusal {
  const { name, partitions, replicationFactor, assignments, config } = topic;
  const brokers = sandbox.brokers.length;
  if (!isTopicName(name)) return { code: errorCode.invalidTopic, message: `The name '${name}' is not one of a topic.` };
  if (sandbox.topics.get(name) !== undefined) {
    return { code: errorCode.topicAlreadyExists, message: `Topic '${name}' already exists.` };
  }
  if (partitions < 1 || partitions > mostPartitions) {
    return {
      code: errorCode.invalidPartitions,
      message: `${partitions} partitions: 1 to ${mostPartitions} are possible.`,
    };
  }
  if (replicationFactor < 1 || replicationFactor > brokers) {
    return {
      code: errorCode.invalidReplicationFactor,
      message: `Replication factor ${replicationFactor} with ${brokers} broker(s).`,
    };
  }
  if (assignments.some((replicas) => !isAssignable(replicas, sandbox.brokers))) {
    return { code: errorCode.invalidReplicaAssignment, message: 'The assignment names brokers that are not there.' };
  }
  for (const setting of config.keys()) {
    if (!isTopicConfig(setting)) return { code: errorCode.invalidConfig, message: `Unknown topic setting ${setting}.` };
  }
  return accepted;
}

function isAssignable(replicas: readonly number[], brokers: readonly BrokerState[]): boolean {
  return replicas.length > 0 && replicas.every((id) => brokers.some((broker) => broker.id === id));
}

export const deleteTopics: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const wanted = reader.array(() => {
    const name = version >= 6 ? reader.nullableString() : reader.string();
    const id = version >= 6 ? reader.uuid() : noId;
    if (version >= 6) reader.tags(); // before, these are bare strings
    return { name, id };
  });
  const { topics, groups } = broker.sandbox;
  writer.int32(notThrottled).array(wanted, ({ name, id }) => {
    const topic = name === null ? topics.byId(id) : topics.get(name);
    const missing = name === null ? errorCode.unknownTopicId : errorCode.unknownTopicOrPartition;
    const code = verdict(request, topic === undefined ? missing : errorCode.none);
    if (topic !== undefined && acts(request)) {
      topics.delete(topic);
      groups.forgetTopic(topic.name);
    }
    writer.string(topic?.name ?? name);
    if (version >= 6) writer.uuid(topic?.id ?? id);
    writer.int16(code);
    if (version >= 5) writer.string(null);
    writer.tags();
  });
  writer.tags();
  return replyNow;
};

export const createPartitions: Handler = (request, writer, broker) => {
  const { reader } = request;
  const wanted = reader.array(() => {
    const name = reader.string();
    const count = reader.int32();
    const assignments = reader.array(() => {
      const replicas = reader.array(() => reader.int32());
      reader.tags();
      return replicas;
    });
    reader.tags();
    return { name, count, assignments };
  });
  reader.int32(); // timeout
  const validateOnly = reader.boolean();
  const { topics, brokers } = broker.sandbox;
  writer.int32(notThrottled).array(wanted, ({ name, count, assignments }) => {
    const topic = topics.get(name);
    let code: number = errorCode.none;
    if (topic === undefined) code = errorCode.unknownTopicOrPartition;
    else if (count <= topic.partitions.length || count > mostPartitions) code = errorCode.invalidPartitions;
    else if (assignments.some((replicas) => !isAssignable(replicas, brokers)))
      code = errorCode.invalidReplicaAssignment;
    if (topic !== undefined && code === errorCode.none && !validateOnly && acts(request)) {
      topics.addPartitions(topic, count, topic.partitions[0]?.replicas.length ?? 1, assignments);
    }
    writer.string(name).int16(verdict(request, code)).string(null).tags();
  });
  writer.tags();
  return replyNow;
};
