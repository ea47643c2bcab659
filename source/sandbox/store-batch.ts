import type { FaultBox } from './faults.ts';
import { batchField } from './log/record-batch.ts';
import type { Timeline } from './timeline.ts';
import type { Partition } from './topics.ts';

/** A batch held back by `swap` is stored alone when no other follows within this time. */
const longestHoldMs = 1000;

/**
 * Stores one batch and answers the base offset to acknowledge. Storage faults strike here: the batch is acknowledged with the
 * offset that it would have had, whatever happens to it.
 */
export function storeBatch(
  partition: Partition,
  source: Buffer,
  at: number,
  length: number,
  faults: FaultBox,
  timeline: Timeline,
): number {
  const { log, leaderEpoch } = partition;
  const held = partition.heldBatch;
  if (held !== null) {
    partition.heldBatch = null;
    const baseOffset = log.append(source, at, length, leaderEpoch);
    log.append(held, 0, held.length, leaderEpoch);
    return baseOffset;
  }
  const fault = faults.quiet ? null : faults.takeStorage();
  if (fault === null) return log.append(source, at, length, leaderEpoch);
  const baseOffset = log.endOffset;
  switch (fault) {
    case 'drop':
      return baseOffset;
    case 'duplicate':
      log.append(source, at, length, leaderEpoch);
      log.append(source, at, length, leaderEpoch);
      return baseOffset;
    case 'corrupt':
      return log.append(corrupted(source, at, length), 0, length, leaderEpoch);
    case 'swap':
      hold(partition, Buffer.from(source.subarray(at, at + length)), timeline);
      return baseOffset;
  }
}

/** A copy with the lowest bit flipped in the middle of the records: the structure stays, the checksum no longer fits. */
function corrupted(source: Buffer, at: number, length: number): Buffer {
  const copy = Buffer.from(source.subarray(at, at + length));
  const middle = (batchField.records + length) >> 1;
  copy.writeUInt8(copy.readUInt8(middle) ^ 1, middle);
  return copy;
}

function hold(partition: Partition, batch: Buffer, timeline: Timeline): void {
  partition.heldBatch = batch;
  timeline.after(longestHoldMs, () => {
    if (partition.heldBatch !== batch) return;
    partition.heldBatch = null;
    partition.log.append(batch, 0, batch.length, partition.leaderEpoch);
    partition.log.publish(partition.log.endOffset);
  });
}
