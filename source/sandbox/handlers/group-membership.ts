import type { JoinAnswer, SyncAnswer } from '../groups/types.ts';
import type { AnswerWriter } from '../protocol/answer-writer.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { checkCoordinator } from './coordinator-check.ts';
import { acts, type Handler, notThrottled, type Request, replyNow } from './handler.ts';

const noBytes = Buffer.alloc(0);

export const joinGroup: Handler = async (request, writer, broker) => {
  const { reader, version, clientId, clientHost } = request;
  const groupId = reader.string();
  const sessionTimeoutMs = reader.int32();
  const rebalanceTimeoutMs = version >= 1 ? reader.int32() : sessionTimeoutMs;
  const memberId = reader.string();
  const instanceId = version >= 5 ? reader.nullableString() : null;
  const protocolType = reader.string();
  const protocols = reader.array(() => {
    const name = reader.string();
    const metadata = reader.copiedBytes();
    reader.tags();
    return { name, metadata };
  });

  const code = groupId === '' ? errorCode.invalidGroupId : checkCoordinator(request, broker, groupId);
  let answer: JoinAnswer = { code, generation: -1, protocol: '', leaderId: '', memberId, members: [] };
  if (code === errorCode.none) {
    answer = await broker.sandbox.groups.getOrCreate(groupId).join({
      memberId,
      instanceId,
      clientId,
      clientHost,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocolType,
      protocols,
      idFirst: version >= 4,
    });
  }
  writeJoin(writer, request, answer, protocolType);
  return replyNow;
};

function writeJoin(writer: AnswerWriter, { version }: Request, answer: JoinAnswer, protocolType: string): void {
  if (version >= 2) writer.int32(notThrottled);
  writer.int16(answer.code).int32(answer.generation);
  if (version >= 7) writer.string(protocolType);
  writer.string(answer.protocol).string(answer.leaderId);
  if (version >= 9) writer.boolean(false); // the leader assigns
  writer.string(answer.memberId).array(answer.members, ({ id, instanceId, metadata }) => {
    writer.string(id);
    if (version >= 5) writer.string(instanceId);
    writer.byteArray(metadata).tags();
  });
  writer.tags();
}

export const syncGroup: Handler = async (request, writer, broker) => {
  const { reader, version } = request;
  const groupId = reader.string();
  const generation = reader.int32();
  const memberId = reader.string();
  if (version >= 3) reader.nullableString(); // instance id
  if (version >= 5) {
    reader.nullableString(); // protocol type
    reader.nullableString(); // protocol name
  }
  const assignments = new Map(
    reader.array(() => {
      const member = reader.string();
      const assignment = reader.copiedBytes();
      reader.tags();
      return [member, assignment] as const;
    }),
  );

  const code = checkCoordinator(request, broker, groupId);
  const group = broker.sandbox.groups.get(groupId);
  let answer: SyncAnswer = { code: code === errorCode.none ? errorCode.unknownMemberId : code, assignment: noBytes };
  if (code === errorCode.none && group !== undefined) answer = await group.sync(memberId, generation, assignments);
  if (version >= 1) writer.int32(notThrottled);
  writer.int16(answer.code);
  if (version >= 5) writer.string(group?.protocolType ?? null).string(group?.protocol ?? null);
  writer.byteArray(answer.assignment).tags();
  return replyNow;
};

export const heartbeat: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const groupId = reader.string();
  const generation = reader.int32();
  const memberId = reader.string();
  const refused = checkCoordinator(request, broker, groupId);
  const group = broker.sandbox.groups.get(groupId);
  const code =
    refused === errorCode.none ? (group?.heartbeat(memberId, generation) ?? errorCode.unknownMemberId) : refused;
  if (version >= 1) writer.int32(notThrottled);
  writer.int16(code).tags();
  return replyNow;
};

export const leaveGroup: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const groupId = reader.string();
  const leaving =
    version < 3
      ? [{ memberId: reader.string(), instanceId: null }]
      : reader.array(() => {
          const memberId = reader.string();
          const instanceId = reader.nullableString();
          if (version >= 5) reader.nullableString(); // reason
          reader.tags();
          return { memberId, instanceId };
        });

  const refused = checkCoordinator(request, broker, groupId);
  const group = broker.sandbox.groups.get(groupId);
  const results = leaving.map(({ memberId, instanceId }) => {
    const left = acts(request) && group !== undefined ? group.leave(memberId, instanceId) : errorCode.unknownMemberId;
    return { memberId, instanceId, code: left };
  });
  const single = version < 3 ? (results[0]?.code ?? errorCode.none) : errorCode.none;
  if (version >= 1) writer.int32(notThrottled);
  writer.int16(refused === errorCode.none ? single : refused);
  if (version >= 3) {
    writer.array(results, ({ memberId, instanceId, code }) => {
      writer.string(memberId).string(instanceId).int16(code).tags();
    });
  }
  writer.tags();
  return replyNow;
};
