import type { BrokerState } from '../context.ts';
import { clusterId } from '../identity.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { brokerConfigs, type ConfigEntry, topicConfigs } from '../topic-configs.ts';
import { type Handler, notThrottled, operationsUnknown, replyNow, verdict } from './handler.ts';

const resource = { topic: 2, broker: 4 } as const;
const source = { topic: 1, default: 5 } as const;

export const describeConfigs: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const asked = reader.array(() => {
    const type = reader.int8();
    const name = reader.string();
    const keys = reader.nullableArray(() => reader.string());
    reader.tags();
    return { type, name, keys };
  });
  writer.int32(notThrottled).array(asked, ({ type, name, keys }) => {
    const found = configsOf(broker, type, name);
    const entries = found.entries.filter((entry) => keys === null || keys.length === 0 || keys.includes(entry.name));
    writer.int16(verdict(request, found.code)).string(null).int8(type).string(name);
    writer.array(entries, (entry) => {
      writer.string(entry.name).string(entry.value).boolean(false);
      writer.int8(entry.isDefault ? source.default : source.topic).boolean(false);
      writer.arrayLength(0); // synonyms
      if (version >= 3) writer.int8(entry.type).string(null);
      writer.tags();
    });
    writer.tags();
  });
  writer.tags();
  return replyNow;
};

function configsOf(
  { sandbox }: BrokerState,
  type: number,
  name: string,
): { readonly code: number; readonly entries: readonly ConfigEntry[] } {
  if (type === resource.topic) {
    const topic = sandbox.topics.get(name);
    if (topic === undefined) return { code: errorCode.unknownTopicOrPartition, entries: [] };
    return { code: errorCode.none, entries: topicConfigs(topic, sandbox.topics) };
  }
  const known = type === resource.broker && sandbox.brokers.some(({ id }) => String(id) === name);
  if (!known) return { code: errorCode.invalidRequest, entries: [] };
  return { code: errorCode.none, entries: brokerConfigs(Number(name), sandbox.options) };
}

export const describeCluster: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  reader.boolean(); // with authorised operations
  const endpointType = version >= 1 ? reader.int8() : 1;
  const { brokers } = broker.sandbox;
  writer.int32(notThrottled).int16(verdict(request, errorCode.none)).string(null);
  if (version >= 1) writer.int8(endpointType);
  writer.string(clusterId).int32(brokers[0]?.id ?? broker.id);
  writer.array(brokers, ({ id, port }) => {
    writer.int32(id).string(request.advertisedHost).int32(port).string(null).tags();
  });
  writer.int32(operationsUnknown).tags();
  return replyNow;
};
