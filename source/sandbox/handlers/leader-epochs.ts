import { errorCode } from '../protocol/error-codes.ts';
import { type Handler, notThrottled, replyNow } from './handler.ts';
import { checkLeadership } from './partition-check.ts';

/** OffsetForLeaderEpoch: where a leader's time ended, for consumers that look for truncation. */
export const offsetForLeaderEpoch: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  if (version >= 3) reader.int32(); // replica id
  const topics = reader.array(() => {
    const name = reader.string();
    const partitions = reader.array(() => {
      const index = reader.int32();
      const currentEpoch = reader.int32();
      const epoch = reader.int32();
      reader.tags();
      return { index, currentEpoch, epoch };
    });
    reader.tags();
    return { name, partitions };
  });

  writer.int32(notThrottled).array(topics, ({ name, partitions }) => {
    writer.string(name).array(partitions, ({ index, currentEpoch, epoch }) => {
      const partition = broker.sandbox.topics.partition(name, index);
      const code = checkLeadership(broker, partition, currentEpoch);
      const end =
        code === errorCode.none && partition !== undefined ? partition.endOfEpoch(epoch) : { epoch: -1, endOffset: -1 };
      writer.int16(code).int32(index).int32(end.epoch).int64(end.endOffset).tags();
    });
    writer.tags();
  });
  writer.tags();
  return replyNow;
};
