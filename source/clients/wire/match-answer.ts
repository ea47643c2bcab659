/** Finds the batch that each part of a Produce answer is about. */
import type { Batch } from './batch.ts';
import { ProduceAnswer } from './produce-request.ts';

export interface AnswerTaker {
  readonly topicOf: (batch: Batch) => Buffer;
  readonly partitionOf: (batch: Batch) => number;
  /** −1: no such partition. */
  readonly partitionIndexOf: (topic: string, partition: number) => number;
  readonly answered: (batch: Batch, errorCode: number, baseOffset: number, logAppendTimeMs: number) => void;
}

/** One answer at a time is read. */
const answer = new ProduceAnswer();

/**
 * Tells `taker` of every batch of the request that the answer in `bytes[start, end)` names. `batches` are ordered by
 * partition index. Answers false where the answer ends too early; what was read until then has been told.
 */
export function matchAnswer(
  batches: readonly Batch[],
  taker: AnswerTaker,
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
): boolean {
  try {
    answer.begin(view, start, end);
    // Brokers may answer in an order of their own, but most keep that of the request.
    for (let place = 0; answer.next(); place++) {
      const batch = batchOf(batches, place, taker, bytes);
      if (batch?.inFlight === true) taker.answered(batch, answer.errorCode, answer.baseOffset, answer.logAppendTimeMs);
    }
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  return true;
}

/** The batch that the present part of the answer is about. */
function batchOf(batches: readonly Batch[], place: number, taker: AnswerTaker, bytes: Buffer): Batch | undefined {
  const expected = batches[place];
  if (expected !== undefined && isOf(expected, taker, bytes)) return expected;
  const topic = bytes.toString('utf8', answer.topicStart, answer.topicEnd);
  return byIndex(batches, taker.partitionIndexOf(topic, answer.partition));
}

function isOf(batch: Batch, taker: AnswerTaker, bytes: Buffer): boolean {
  const { topicStart, topicEnd, partition } = answer;
  const topic = taker.topicOf(batch);
  if (taker.partitionOf(batch) !== partition || topic.length !== topicEnd - topicStart) return false;
  return topic.compare(bytes, topicStart, topicEnd) === 0;
}

/** The batch of a partition among batches ordered by partition index. */
function byIndex(batches: readonly Batch[], partitionIndex: number): Batch | undefined {
  let low = 0;
  let high = batches.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const batch = batches[middle];
    if (batch === undefined || batch.partitionIndex === partitionIndex) return batch;
    if (batch.partitionIndex < partitionIndex) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
