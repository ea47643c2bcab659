/** Finds the batch that each part of a Produce answer is about. */
import type { Batch } from './batch.ts';
import { decodeAnswer } from './produce-request.ts';

export interface AnswerTaker {
  readonly topicOf: (batch: Batch) => Buffer;
  readonly partitionOf: (batch: Batch) => number;
  /** −1: no such partition. */
  readonly partitionIndexOf: (topic: string, partition: number) => number;
  readonly answered: (batch: Batch, errorCode: number, baseOffset: number, logAppendTimeMs: number) => void;
}

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
  // Brokers may answer in an order of their own, but most keep that of the request.
  let next = 0;
  try {
    decodeAnswer(view, start, end, (topicStart, topicEnd, partition, errorCode, baseOffset, logAppendTimeMs) => {
      const expected = batches[next++];
      let batch = expected;
      if (expected === undefined || !isOf(expected, taker, bytes, topicStart, topicEnd, partition)) {
        const topic = bytes.toString('utf8', topicStart, topicEnd);
        batch = byIndex(batches, taker.partitionIndexOf(topic, partition));
      }
      if (batch?.inFlight === true) taker.answered(batch, errorCode, baseOffset, logAppendTimeMs);
    });
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  return true;
}

function isOf(
  batch: Batch,
  taker: AnswerTaker,
  bytes: Buffer,
  topicStart: number,
  topicEnd: number,
  partition: number,
): boolean {
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
