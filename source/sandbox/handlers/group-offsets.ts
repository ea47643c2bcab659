import type { ProtocolReader } from '../../protocol/protocol-reader.ts';
import type { BrokerState } from '../context.ts';
import type { AnswerWriter } from '../protocol/answer-writer.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { checkCoordinator } from './coordinator-check.ts';
import { acts, type Handler, notThrottled, type Request, replyNow } from './handler.ts';

export const offsetCommit: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const groupId = reader.string();
  const generation = reader.int32();
  const memberId = reader.string();
  if (version >= 7) reader.nullableString(); // instance id: the member id says enough
  if (version <= 4) reader.int64(); // retention: offsets stay
  const topics = reader.array(() => {
    const name = reader.string();
    const partitions = reader.array(() => readCommit(reader, version));
    reader.tags();
    return { name, partitions };
  });

  const code = commitCheck(request, broker, groupId, memberId, generation);
  const stores = acts(request) && (code === errorCode.none || request.forced?.when === 'after-append');
  if (version >= 3) writer.int32(notThrottled);
  writer.array(topics, ({ name, partitions }) => {
    writer.string(name).array(partitions, ({ index, ...offset }) => {
      const exists = broker.sandbox.topics.partition(name, index) !== undefined;
      if (exists && stores) broker.sandbox.groups.getOrCreate(groupId).offsets.commit(name, index, offset);
      const missing = code === errorCode.none && !exists;
      writer
        .int32(index)
        .int16(missing ? errorCode.unknownTopicOrPartition : code)
        .tags();
    });
    writer.tags();
  });
  writer.tags();
  return replyNow;
};

function readCommit(reader: ProtocolReader, version: number) {
  const index = reader.int32();
  const offset = reader.int64();
  const leaderEpoch = version >= 6 ? reader.int32() : -1;
  const metadata = reader.string();
  reader.tags();
  return { index, offset, leaderEpoch, metadata };
}

function commitCheck(
  request: Request,
  broker: BrokerState,
  groupId: string,
  memberId: string,
  generation: number,
): number {
  if (groupId === '') return errorCode.invalidGroupId;
  const code = checkCoordinator(request, broker, groupId);
  if (code !== errorCode.none) return code;
  const group = broker.sandbox.groups.get(groupId);
  if (group !== undefined) return group.commitCheck(memberId, generation);
  return generation < 0 ? errorCode.none : errorCode.illegalGeneration;
}

interface OffsetQuery {
  readonly groupId: string;
  /** null: all that was committed. */
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[] | null;
}

export const offsetFetch: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  if (version >= 3) writer.int32(notThrottled);
  if (version >= 8) {
    const queries = reader.array(() => {
      const query = readQuery(reader);
      reader.tags();
      return query;
    });
    writer.array(queries, (query) => {
      writer.string(query.groupId);
      writeOffsets(writer, request, broker, query);
      writer.tags();
    });
  } else {
    writeOffsets(writer, request, broker, readQuery(reader));
  }
  writer.tags();
  return replyNow;
};

function readQuery(reader: ProtocolReader): OffsetQuery {
  const groupId = reader.string();
  const topics = reader.nullableArray(() => {
    const topic = reader.string();
    const partitions = reader.array(() => reader.int32());
    reader.tags();
    return { topic, partitions };
  });
  return { groupId, topics };
}

function writeOffsets(writer: AnswerWriter, request: Request, broker: BrokerState, query: OffsetQuery): void {
  const { version } = request;
  const code = checkCoordinator(request, broker, query.groupId);
  const offsets = broker.sandbox.groups.get(query.groupId)?.offsets;
  writer.array(query.topics ?? offsets?.all() ?? [], ({ topic, partitions }) => {
    writer.string(topic).array(partitions, (index) => {
      const committed = code === errorCode.none ? offsets?.get(topic, index) : undefined;
      writer.int32(index).int64(committed?.offset ?? -1);
      if (version >= 5) writer.int32(committed?.leaderEpoch ?? -1);
      writer
        .string(committed?.metadata ?? '')
        .int16(code)
        .tags();
    });
    writer.tags();
  });
  if (version >= 2) writer.int16(code);
}
