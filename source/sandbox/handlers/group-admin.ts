import { coordinatorOf } from '../context.ts';
import type { Group } from '../groups/group.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { checkCoordinator } from './coordinator-check.ts';
import { acts, type Handler, notThrottled, operationsUnknown, replyNow } from './handler.ts';

const noBytes = Buffer.alloc(0);

/** Each broker lists the groups that it coordinates. */
export const listGroups: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const states = version >= 4 ? reader.array(() => reader.string().toLowerCase()) : [];
  const groups = broker.sandbox.groups
    .all()
    .filter(({ id }) => coordinatorOf(broker.sandbox, id)?.id === broker.id)
    .filter(({ phase }) => states.length === 0 || states.includes(phase.toLowerCase()));
  if (version >= 1) writer.int32(notThrottled);
  writer.int16(errorCode.none).array(groups, ({ id, protocolType, phase }) => {
    writer.string(id).string(protocolType);
    if (version >= 4) writer.string(phase);
    writer.tags();
  });
  writer.tags();
  return replyNow;
};

/** A group that nobody knows is described as Dead, as Kafka does it. */
export const describeGroups: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const ids = reader.array(() => reader.string());
  if (version >= 1) writer.int32(notThrottled);
  writer.array(ids, (id) => {
    const code = checkCoordinator(request, broker, id);
    const group = code === errorCode.none ? broker.sandbox.groups.get(id) : undefined;
    writer
      .int16(code)
      .string(id)
      .string(group?.phase ?? 'Dead');
    writer.string(group?.protocolType ?? '').string(group?.protocol ?? '');
    writer.array(group?.members ?? [], (member) => {
      writer.string(member.id);
      if (version >= 4) writer.string(member.instanceId);
      writer.string(member.clientId).string(`/${member.clientHost}`);
      writer.byteArray(metadataOf(group, member.protocols)).byteArray(member.assignment).tags();
    });
    if (version >= 3) writer.int32(operationsUnknown);
    writer.tags();
  });
  writer.tags();
  return replyNow;
};

function metadataOf(
  group: Group | undefined,
  protocols: readonly { readonly name: string; readonly metadata: Buffer }[],
): Buffer {
  return protocols.find(({ name }) => name === group?.protocol)?.metadata ?? noBytes;
}

export const deleteGroups: Handler = (request, writer, broker) => {
  const ids = request.reader.array(() => request.reader.string());
  writer.int32(notThrottled).array(ids, (id) => {
    let code = checkCoordinator(request, broker, id);
    if (code === errorCode.none && acts(request)) code = broker.sandbox.groups.delete(id);
    writer.string(id).int16(code).tags();
  });
  writer.tags();
  return replyNow;
};
