import type { ProtocolReader } from '../../protocol/protocol-reader.ts';
import type { BrokerState } from '../context.ts';
import { clusterId } from '../identity.ts';
import type { AnswerWriter } from '../protocol/answer-writer.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { isTopicName, type Topic } from '../topics.ts';
import { type Handler, notThrottled, operationsUnknown, type Request, replyNow, verdict } from './handler.ts';

const noId = '0'.repeat(32);

interface Wanted {
  readonly name: string | null;
  readonly id: string;
}

export const metadata: Handler = (request, writer, broker) => {
  const { version, reader } = request;
  const wanted = readWanted(reader, version);
  const mayCreate = version < 4 || reader.boolean();
  const { topics } = broker.sandbox;
  const answers = wanted?.map((each) => lookUp(each, mayCreate, broker)) ?? topics.all().map(found);

  if (version >= 3) writer.int32(notThrottled);
  writeBrokers(writer, request, broker);
  if (version >= 2) writer.string(clusterId);
  if (version >= 1) writer.int32(broker.sandbox.brokers[0]?.id ?? broker.id);
  writer.array(answers, (answer) => writeTopic(writer, request, answer));
  if (version >= 8 && version <= 10) writer.int32(operationsUnknown);
  writer.tags();
  return replyNow;
};

/** null: all topics. */
function readWanted(reader: ProtocolReader, version: number): Wanted[] | null {
  const wanted = reader.nullableArray(() => {
    const id = version >= 10 ? reader.uuid() : noId;
    const name = reader.nullableString();
    reader.tags();
    return { name, id };
  });
  return version === 0 && wanted?.length === 0 ? null : wanted;
}

interface Answer {
  readonly code: number;
  readonly name: string | null;
  readonly id: string;
  readonly topic: Topic | null;
}

function found(topic: Topic): Answer {
  return { code: errorCode.none, name: topic.name, id: topic.id, topic };
}

function lookUp({ name, id }: Wanted, mayCreate: boolean, broker: BrokerState): Answer {
  const { topics, options } = broker.sandbox;
  if (name === null) {
    const topic = topics.byId(id);
    return topic === undefined ? { code: errorCode.unknownTopicId, name, id, topic: null } : found(topic);
  }
  const topic = topics.get(name);
  if (topic !== undefined) return found(topic);
  if (!isTopicName(name)) return { code: errorCode.invalidTopic, name, id, topic: null };
  if (mayCreate && options.autoCreateTopics) return found(topics.create(name, topics.defaultPartitions, 1));
  return { code: errorCode.unknownTopicOrPartition, name, id, topic: null };
}

function writeBrokers(writer: AnswerWriter, request: Request, broker: BrokerState): void {
  writer.array(broker.sandbox.brokers, ({ id, port }) => {
    writer.int32(id).string(request.advertisedHost).int32(port);
    if (request.version >= 1) writer.string(null);
    writer.tags();
  });
}

function writeTopic(writer: AnswerWriter, request: Request, answer: Answer): void {
  const { version } = request;
  writer.int16(verdict(request, answer.code));
  // Before version 12 a name is never null; it can only be so where a topic was asked for by its id.
  writer.string(version >= 12 ? answer.name : (answer.name ?? ''));
  if (version >= 10) writer.uuid(answer.id);
  if (version >= 1) writer.boolean(false);
  writer.array(answer.topic?.partitions ?? [], (partition) => {
    writer.int16(errorCode.none).int32(partition.index).int32(partition.leaderId);
    if (version >= 7) writer.int32(partition.leaderEpoch);
    const writeId = (id: number) => writer.int32(id);
    writer.array(partition.replicas, writeId).array(partition.replicas, writeId);
    if (version >= 5) writer.arrayLength(0);
    writer.tags();
  });
  if (version >= 8) writer.int32(operationsUnknown);
  writer.tags();
}
