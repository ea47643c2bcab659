import type { BrokerState } from '../context.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { batchOffsets, checkBatchHeader } from '../log/record-batch.ts';
import type { AnswerWriter } from '../protocol/answer-writer.ts';
import { apiKey } from '../protocol/api-versions.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { storeBatch } from '../store-batch.ts';
import type { Topic } from '../topics.ts';
import type { Handler, Reply, Request } from './handler.ts';

/** What one request did so far. Records are appended on arrival, and seen by readers once the request is finished. */
class ProduceWork {
  batches = 0;
  records = 0;
  bytes = 0;
  failed = false;
  readonly appended: { readonly log: PartitionLog; readonly endOffset: number }[] = [];
}

/** Answers while it reads: the answer names topics and partitions in the order of the request. */
export const produce: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const { faults, desk, timeline, counters } = broker.sandbox;
  reader.nullableString(); // transactional id
  const acks = reader.int16();
  reader.int32(); // timeout: the sandbox has no replicas to wait for
  const work = new ProduceWork();

  const topicCount = reader.arrayLength();
  writer.arrayLength(topicCount);
  for (let i = 0; i < topicCount; i++) {
    const name = reader.string();
    const topic = broker.sandbox.topics.get(name);
    const partitionCount = reader.arrayLength();
    writer.string(name).arrayLength(partitionCount);
    for (let j = 0; j < partitionCount; j++) producePartition(request, writer, broker, topic, acks, work);
    reader.tags();
    writer.tags();
  }

  counters.producedBatches += work.batches;
  counters.producedRecords += work.records;
  const served = desk.serve(work.records, work.bytes);
  const seen = work.appended;
  if (served === null) publish(seen);
  else timeline.at(served.finishedAtMs, () => publish(seen));

  const hasFaults = !faults.quiet && work.batches > 0;
  const muteMs = Math.max(hasFaults ? faults.takeThrottleMs(work.batches) : 0, desk.throttleMs(work.records));
  const answeredAtMs = served?.answeredAtMs ?? timeline.now();
  if (acks === 0) return work.failed ? { kind: 'close', atMs: timeline.now() } : { kind: 'silent', muteMs };
  if (hasFaults && faults.takeLostAck(work.batches)) return { kind: 'close', atMs: answeredAtMs };
  if (version >= 1) writer.int32(muteMs);
  writer.tags();
  return reply(served === null ? null : answeredAtMs, muteMs);
};

function reply(atMs: number | null, muteMs: number): Reply {
  return atMs === null ? { kind: 'now', muteMs } : { kind: 'at', atMs, muteMs };
}

function publish(appended: readonly { readonly log: PartitionLog; readonly endOffset: number }[]): void {
  for (const { log, endOffset } of appended) log.publish(endOffset);
}

function producePartition(
  request: Request,
  writer: AnswerWriter,
  broker: BrokerState,
  topic: Topic | undefined,
  acks: number,
  work: ProduceWork,
): void {
  const { reader, version } = request;
  const index = reader.int32();
  const length = reader.bytesLength();
  const at = reader.position;
  if (length > 0) reader.skip(length);
  reader.tags();

  const partition = topic?.partitions[index];
  const { faults } = broker.sandbox;
  const forced = faults.quiet ? null : faults.takeError(apiKey.produce);
  let code =
    forced?.when === 'before-append' ? forced.errorCode : refusal(broker, topic, index, reader.bytes, at, length);
  if (code === errorCode.none && (acks < -1 || acks > 1)) code = errorCode.invalidRequiredAcks;
  if (code === errorCode.none && acks === -1 && topic !== undefined && partition !== undefined) {
    if (partition.replicas.length < topic.minInsyncReplicas) code = errorCode.notEnoughReplicas;
  }
  let baseOffset = -1;
  if (code === errorCode.none && partition !== undefined) {
    const check = partition.producers.check(reader.bytes, at);
    if (check.kind === 'refused') code = check.errorCode;
    else if (check.kind === 'duplicate') baseOffset = check.baseOffset;
    else {
      baseOffset = storeBatch(partition, reader.bytes, at, length, faults, broker.sandbox.timeline);
      partition.producers.remember(reader.bytes, at, baseOffset);
      work.batches++;
      work.records += batchOffsets(reader.bytes, at);
      work.bytes += length;
      work.appended.push({ log: partition.log, endOffset: partition.log.endOffset });
    }
  }
  if (forced?.when === 'after-append') {
    code = forced.errorCode;
    baseOffset = -1;
  }
  if (code !== errorCode.none) work.failed = true;

  writer.int32(index).int16(code).int64(baseOffset).int64(-1); // log-append time: topics keep the producer's time
  if (version >= 5) writer.int64(partition?.log.startOffset ?? -1);
  if (version >= 8) writer.arrayLength(0).string(null);
  writer.tags();
}

function refusal(
  broker: BrokerState,
  topic: Topic | undefined,
  index: number,
  bytes: Buffer,
  at: number,
  length: number,
): number {
  const partition = topic?.partitions[index];
  if (topic === undefined || partition === undefined) return errorCode.unknownTopicOrPartition;
  if (partition.leaderId !== broker.id) return errorCode.notLeaderOrFollower;
  if (length > topic.maxMessageBytes) return errorCode.messageTooLarge;
  return checkBatchHeader(bytes, at, length);
}
