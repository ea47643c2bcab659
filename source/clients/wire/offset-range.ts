/** Where a partition's log begins and ends, asked of its leader when a position turned out to lie outside. */
import { Connection, listOffsetsV5, ResponseError } from '@platformatic/kafka';
import { byTopic } from '../by-topic.ts';
import type { TopicPartition } from '../types.ts';
import type { BrokerAddress } from './types.ts';

export interface OffsetRange {
  /** Kafka's code; 0: start and end are right. */
  readonly errorCode: number;
  readonly start: number;
  /** High watermark. */
  readonly end: number;
}

export interface RangeQuery extends TopicPartition {
  readonly leaderEpoch: number;
}

/** Answers one range for each query, in their order. Rejects when the broker cannot be asked. */
export type RangeLookUp = (
  address: BrokerAddress,
  clientId: string,
  timeoutMs: number,
  queries: readonly RangeQuery[],
) => Promise<readonly OffsetRange[]>;

const consumerReplica = -1;
const readUncommitted = 0;
const latest = -1n;
const earliest = -2n;
/** What Kafka calls an answer that lacks a partition asked for. */
const unknownServerError = -1;

export const lookUpRanges: RangeLookUp = async (address, clientId, timeoutMs, queries) => {
  const connection = new Connection(clientId, { connectTimeout: timeoutMs, requestTimeout: timeoutMs });
  // Without a listener a broken connection would end the process; the call that waits rejects anyway.
  connection.on('error', () => undefined);
  try {
    await connection.connect(address.host, address.port);
    const ends = await listOffsets(connection, queries, latest);
    const starts = await listOffsets(connection, queries, earliest);
    return queries.map((query) => {
      const start = starts.get(keyOf(query.topic, query.partition));
      const end = ends.get(keyOf(query.topic, query.partition));
      if (start === undefined || end === undefined) return { errorCode: unknownServerError, start: -1, end: -1 };
      return { errorCode: start.errorCode || end.errorCode, start: start.offset, end: end.offset };
    });
  } finally {
    connection.close(() => undefined);
  }
};

interface Answer {
  readonly errorCode: number;
  readonly offset: number;
}

async function listOffsets(
  connection: Connection,
  queries: readonly RangeQuery[],
  timestamp: bigint,
): Promise<Map<string, Answer>> {
  const topics = byTopic(queries, ({ partition, leaderEpoch }) => ({
    partitionIndex: partition,
    currentLeaderEpoch: leaderEpoch,
    timestamp,
  }));
  const response = await listOffsetsV5.api
    .async(connection, consumerReplica, readUncommitted, topics)
    .catch(partialAnswer);
  const answers = new Map<string, Answer>();
  for (const { name, partitions } of response.topics) {
    for (const { partitionIndex, errorCode, offset } of partitions)
      answers.set(keyOf(name, partitionIndex), { errorCode, offset: Number(offset) });
  }
  return answers;
}

/** One refused partition makes the library reject the whole answer; the answer comes along with the error. */
function partialAnswer(error: unknown): listOffsetsV5.ListOffsetsResponse {
  if (error instanceof ResponseError && isAnswer(error.response)) return error.response;
  throw error;
}

function isAnswer(value: unknown): value is listOffsetsV5.ListOffsetsResponse {
  return typeof value === 'object' && value !== null && 'topics' in value && Array.isArray(value.topics);
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
