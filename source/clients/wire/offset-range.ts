/** Where a partition's log begins and ends, asked of its leader when a position turned out to lie outside. */
import { byTopic } from '../by-topic.ts';
import type { TopicPartition } from '../types.ts';
import { listOffsetsApi } from './control-apis.ts';
import { ControlConnection } from './control-connection.ts';
import type { Caller } from './security.ts';
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
  caller: Caller,
  timeoutMs: number,
  queries: readonly RangeQuery[],
) => Promise<readonly OffsetRange[]>;

const latest = -1;
const earliest = -2;
/** What Kafka calls an answer that lacks a partition asked for. */
const unknownServerError = -1;

export const lookUpRanges: RangeLookUp = async (address, caller, timeoutMs, queries) => {
  const timeouts = { connectTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs };
  const connection = await ControlConnection.open({ address, ...caller, ...timeouts, closed: () => undefined });
  try {
    const ends = await listOffsets(connection, queries, latest);
    const starts = await listOffsets(connection, queries, earliest);
    return queries.map((query) => {
      const start = starts.get(keyOf(query.topic, query.partition));
      const end = ends.get(keyOf(query.topic, query.partition));
      if (start === undefined || end === undefined) return { errorCode: unknownServerError, start: -1, end: -1 };
      return { errorCode: start.errorCode || end.errorCode, start: start.offset, end: end.offset };
    });
  } finally {
    connection.close();
  }
};

interface Found {
  readonly errorCode: number;
  readonly offset: number;
}

async function listOffsets(
  connection: ControlConnection,
  queries: readonly RangeQuery[],
  timestamp: number,
): Promise<Map<string, Found>> {
  const topics = byTopic(queries, ({ partition, leaderEpoch }) => ({ partition, leaderEpoch }));
  const answers = await connection.ask(listOffsetsApi, { timestamp, topics });
  return new Map(
    answers.map(({ topic, partition, errorCode, offset }) => [keyOf(topic, partition), { errorCode, offset }]),
  );
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
