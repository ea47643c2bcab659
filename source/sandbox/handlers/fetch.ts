import type { BrokerState } from '../context.ts';
import type { FetchPartition, FetchSession, SessionPartition } from '../fetch-sessions.ts';
import type { LogRead } from '../log/partition-log.ts';
import { batchBytes, batchOffsets } from '../log/record-batch.ts';
import type { AnswerWriter } from '../protocol/answer-writer.ts';
import { errorCode } from '../protocol/error-codes.ts';
import type { Partition } from '../topics.ts';
import { type FetchRequest, readFetchRequest } from './fetch-request.ts';
import { type Handler, notThrottled, type Reply, type Request, replyNow } from './handler.ts';
import { checkLeadership } from './partition-check.ts';

/** What there is for one partition. */
interface Found {
  readonly wanted: FetchPartition;
  readonly code: number;
  readonly partition: Partition | undefined;
  readonly read: LogRead;
  /** Set where a session remembers the partition. */
  readonly remembered: SessionPartition | null;
}

const noRecords: LogRead = { chunks: [], bytes: 0 };

/**
 * Answers at once where there are `minBytes`, an error, or no time to wait; else when enough was published, when something
 * changed, or after the longest wait.
 */
export const fetch: Handler = (request, writer, broker) => {
  const { timeline, counters } = broker.sandbox;
  const asked = readFetchRequest(request.reader, request.version);
  counters.fetches++;
  const lookUp = broker.sessions.lookUp(asked.sessionId, asked.sessionEpoch);
  if (lookUp.kind === 'refused') {
    writeAnswer(writer, request.version, lookUp.errorCode, 0, []);
    return replyNow;
  }
  const session = lookUp.kind === 'none' ? null : lookUp.session;
  if (session !== null) {
    for (const wanted of asked.wanted) session.add(wanted);
    for (const { topic, index } of asked.forgotten) session.forget(topic, index);
  }
  const changesOnly = lookUp.kind === 'incremental';
  const first = lookAround(asked, session, broker, request);
  const bytes = totalBytes(first);
  const failed = first.some(({ code }) => code !== errorCode.none);
  if (bytes >= asked.minBytes || failed || asked.maxWaitMs <= 0 || first.length === 0) {
    return answer(writer, request.version, first, session, changesOnly, broker);
  }
  return new Promise<Reply>((resolve) => {
    let missing = asked.minBytes - bytes;
    const look = (published: number) => {
      missing -= published;
      if (missing <= 0) finish();
    };
    const finish = () => {
      deadline.cancel();
      for (const { partition } of first) partition?.log.removeWaiter(look);
      const found = lookAround(asked, session, broker, request);
      resolve(answer(writer, request.version, found, session, changesOnly, broker));
    };
    const deadline = timeline.after(asked.maxWaitMs, finish);
    for (const { partition } of first) partition?.log.addWaiter(look);
  });
};

function totalBytes(found: readonly Found[]): number {
  let bytes = 0;
  for (const { read } of found) bytes += read.bytes;
  return bytes;
}

/** Reads what can be read of everything that is wanted, within the limits of the request. */
function lookAround(
  asked: FetchRequest,
  session: FetchSession | null,
  broker: BrokerState,
  { forced }: Request,
): Found[] {
  const found: Found[] = [];
  let left = asked.maxBytes;
  const look = (wanted: FetchPartition, remembered: SessionPartition | null) => {
    const partition = broker.sandbox.topics.partition(wanted.topic, wanted.index);
    const code = forced?.errorCode ?? check(wanted, partition, broker);
    let read = noRecords;
    if (code === errorCode.none && partition !== undefined && left > 0) {
      // The first batch of the answer comes whatever its size, so that a consumer never gets stuck.
      read = partition.log.read(wanted.offset, Math.min(left, wanted.maxBytes), left === asked.maxBytes);
      left -= read.bytes;
    }
    found.push({ wanted, code, partition, read, remembered });
  };
  if (session === null) for (const wanted of asked.wanted) look(wanted, null);
  else for (const remembered of session.partitions.values()) look(remembered.wanted, remembered);
  return found;
}

function check(wanted: FetchPartition, partition: Partition | undefined, broker: BrokerState): number {
  const code = checkLeadership(broker, partition, wanted.leaderEpoch);
  if (code !== errorCode.none || partition === undefined) return code;
  const { startOffset, endOffset } = partition.log;
  return wanted.offset < startOffset || wanted.offset > endOffset ? errorCode.offsetOutOfRange : errorCode.none;
}

/** In a running session only what has changed is told; partitions that got data are served last next time. */
function answer(
  writer: AnswerWriter,
  version: number,
  found: readonly Found[],
  session: FetchSession | null,
  changesOnly: boolean,
  { sandbox }: BrokerState,
): Reply {
  const told = changesOnly ? found.filter(isNews) : found;
  writeAnswer(writer, version, errorCode.none, session?.id ?? 0, told);
  for (const { remembered, partition, read } of told) {
    if (session === null || remembered === null) continue;
    remembered.highWatermark = partition?.log.highWatermark ?? -1;
    remembered.logStartOffset = partition?.log.startOffset ?? -1;
    if (read.bytes > 0) session.moveToEnd(remembered);
  }
  const atMs = sandbox.desk.limitsReaders ? sandbox.desk.serveFetch(recordsIn(told)) : null;
  return atMs === null ? replyNow : { kind: 'at', atMs };
}

/** Records from where each partition is read. Batches are whole: of the first one what lies before may count as well. */
function recordsIn(found: readonly Found[]): number {
  let records = 0;
  for (const { read } of found) {
    for (const { bytes } of read.chunks) {
      const batches = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at < batches.length; at += batchBytes(batches, at)) records += batchOffsets(batches, at);
    }
  }
  return records;
}

function isNews({ code, read, partition, remembered }: Found): boolean {
  return (
    code !== errorCode.none ||
    read.bytes > 0 ||
    partition?.log.highWatermark !== remembered?.highWatermark ||
    partition?.log.startOffset !== remembered?.logStartOffset
  );
}

function writeAnswer(
  writer: AnswerWriter,
  version: number,
  code: number,
  sessionId: number,
  found: readonly Found[],
): void {
  writer.int32(notThrottled);
  if (version >= 7) writer.int16(code).int32(sessionId);
  const topics = Map.groupBy(found, ({ wanted }) => wanted.topic);
  writer.arrayLength(topics.size);
  for (const [topic, partitions] of topics) {
    writer.string(topic).arrayLength(partitions.length);
    for (const each of partitions) writePartition(writer, version, each);
    writer.tags();
  }
  writer.tags();
}

function writePartition(writer: AnswerWriter, version: number, { wanted, code, partition, read }: Found): void {
  const known = code === errorCode.unknownTopicOrPartition ? undefined : partition;
  const highWatermark = known?.log.highWatermark ?? -1;
  writer.int32(wanted.index).int16(code).int64(highWatermark).int64(highWatermark);
  if (version >= 5) writer.int64(known?.log.startOffset ?? -1);
  writer.arrayLength(0); // aborted transactions
  if (version >= 11) writer.int32(-1); // no other replica is preferred
  writer.records(read.chunks, read.bytes).tags();
}
