import type { BrokerState } from '../context.ts';
import { errorCode } from '../protocol/error-codes.ts';
import type { Partition } from '../topics.ts';
import { type Handler, notThrottled, replyNow, verdict } from './handler.ts';
import { checkLeadership } from './partition-check.ts';

const latest = -1;
const earliest = -2;
const largestTimestamp = -3;

interface FoundOffset {
  readonly offset: number;
  readonly timestampMs: number;
}

const nothingFound: FoundOffset = { offset: -1, timestampMs: -1 };

export const listOffsets: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  reader.int32(); // replica id
  if (version >= 2) reader.int8(); // isolation level: there are no transactions
  const topics = reader.array(() => {
    const name = reader.string();
    const partitions = reader.array(() => {
      const index = reader.int32();
      const leaderEpoch = version >= 4 ? reader.int32() : -1;
      const timestamp = reader.int64();
      reader.tags();
      return { index, leaderEpoch, timestamp };
    });
    reader.tags();
    return { name, partitions };
  });

  if (version >= 2) writer.int32(notThrottled);
  writer.array(topics, ({ name, partitions }) => {
    writer.string(name).array(partitions, ({ index, leaderEpoch, timestamp }) => {
      const partition = broker.sandbox.topics.partition(name, index);
      const { code, found } = lookUp(broker, partition, leaderEpoch, timestamp);
      const answered = verdict(request, code);
      const shown = answered === errorCode.none ? found : nothingFound;
      writer.int32(index).int16(answered).int64(shown.timestampMs).int64(shown.offset);
      if (version >= 4) writer.int32(partition?.leaderEpoch ?? -1);
      writer.tags();
    });
    writer.tags();
  });
  writer.tags();
  return replyNow;
};

function lookUp(
  broker: BrokerState,
  partition: Partition | undefined,
  leaderEpoch: number,
  timestamp: number,
): { readonly code: number; readonly found: FoundOffset } {
  const code = checkLeadership(broker, partition, leaderEpoch);
  if (code !== errorCode.none || partition === undefined) return { code, found: nothingFound };
  return { code, found: offsetFor(partition, timestamp) };
}

function offsetFor({ log }: Partition, timestamp: number): FoundOffset {
  switch (timestamp) {
    case latest:
      return { offset: log.highWatermark, timestampMs: -1 };
    case earliest:
      return { offset: log.startOffset, timestampMs: -1 };
    case largestTimestamp:
      return log.latestTimestamp() ?? nothingFound;
    default:
      return log.since(timestamp) ?? nothingFound;
  }
}
