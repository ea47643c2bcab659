/** What an answer, a broken connection or the time means for a batch: done, to be sent again, or given up. */
import type { ClientTuning } from '../../config/plan.ts';
import { errorName } from '../../protocol/error-names.ts';
import type { ClientEvent, Fate } from '../types.ts';
import { backoffMs } from './backoff.ts';
import type { Batch } from './batch.ts';
import type { BrokerLane } from './broker-lane.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { connectionBroke, leavesDoubt, neverSent, timedOut, verdictOn } from './produce-errors.ts';
import type { LeaderDirectory } from './types.ts';

export interface FateParts {
  readonly queueOf: (batch: Batch) => PartitionQueue<BrokerLane>;
  readonly directory: LeaderDirectory;
  readonly tuning: Pick<ClientTuning, 'retryBackoffMs' | 'retryBackoffMaxMs'>;
  readonly nowNs: () => number;
  readonly completed: (batch: Batch) => void;
  readonly event: (event: ClientEvent) => void;
}

export class BatchFates {
  readonly #parts: FateParts;
  #finishedMessages = 0;

  constructor(parts: FateParts) {
    this.#parts = parts;
  }

  /** Messages of all batches that were completed. */
  get finishedMessages(): number {
    return this.#finishedMessages;
  }

  /** A broker has answered. `errorCode` 0 or Kafka's. */
  answered(batch: Batch, errorCode: number, baseOffset: number, logAppendTimeMs: number): void {
    const queue = this.#parts.queueOf(batch);
    queue.land(batch);
    if (batch.finished) return;
    const verdict = verdictOn(errorCode, batch.idempotent);
    if (verdict === 'acked') {
      queue.established(batch);
      batch.errorCode = 0;
      batch.baseOffset = baseOffset;
      batch.logAppendTimeMs = logAppendTimeMs;
      this.#finish(queue, batch, 'acked');
      return;
    }
    batch.errorCode = errorCode;
    if (leavesDoubt(errorCode)) batch.doubtful = true;
    const { partitionIndex, count: messages } = batch;
    const message = errorName(errorCode);
    // The last word about a batch is told by whoever hears it.
    if (verdict !== 'fail') this.#parts.event({ kind: 'error', errorCode, partitionIndex, messages, message });
    switch (verdict) {
      case 'fail':
        this.#finish(queue, batch, givenUp(batch));
        return;
      case 'sequence':
        if (queue.isFirst(batch)) this.#restartSequence(queue, message);
        break;
      case 'refresh':
        this.#parts.directory.refresh(message);
        break;
      case 'retry':
        break;
      default:
        verdict satisfies never;
    }
    this.#retry(queue, batch);
  }

  /** The connection broke, or was closed for a request `late`, before an answer came. */
  lost(batch: Batch, late: boolean): void {
    const queue = this.#parts.queueOf(batch);
    queue.land(batch);
    if (batch.finished) return;
    batch.errorCode = late ? timedOut : connectionBroke;
    batch.doubtful = true;
    this.#retry(queue, batch);
  }

  /** Past its delivery timeout; the caller has taken it out of line, or a request still holds it. */
  timeOut(queue: PartitionQueue<BrokerLane>, batch: Batch): void {
    if (batch.inFlight || batch.errorCode === 0) batch.errorCode = timedOut;
    if (batch.inFlight) batch.doubtful = true;
    this.#finish(queue, batch, givenUp(batch));
  }

  /** The producer closes. */
  giveUp(queue: PartitionQueue<BrokerLane>, batch: Batch): void {
    if (batch.inFlight) {
      batch.errorCode = connectionBroke;
      batch.doubtful = true;
    } else if (batch.errorCode === 0) {
      batch.errorCode = neverSent;
    }
    this.#finish(queue, batch, givenUp(batch));
  }

  #retry(queue: PartitionQueue<BrokerLane>, batch: Batch): void {
    const { tuning, nowNs } = this.#parts;
    const now = nowNs();
    if (now >= batch.deliveryDeadlineNs) {
      this.#finish(queue, batch, givenUp(batch));
      return;
    }
    batch.retryAtNs = now + backoffMs(batch.attempts - 1, tuning.retryBackoffMs, tuning.retryBackoffMaxMs) * 1e6;
    queue.requeue(batch);
    queue.lane?.ready.add(queue);
  }

  /** The last word about a batch. Whoever holds the batch sees to its way back to the pool. */
  #finish(queue: PartitionQueue<BrokerLane>, batch: Batch, fate: Fate): void {
    batch.finished = true;
    batch.fate = fate;
    batch.doneNs = this.#parts.nowNs();
    queue.settle(batch, fate !== 'acked');
    this.#finishedMessages += batch.count;
    this.#parts.completed(batch);
  }

  #restartSequence(queue: PartitionQueue<BrokerLane>, reason: string): void {
    queue.restartSequence();
    const message = `numbering starts again in partition ${queue.partition} of ${queue.topic}: ${reason}`;
    this.#parts.event({ kind: 'producer-id', message });
  }
}

function givenUp(batch: Batch): Fate {
  return batch.doubtful ? 'unknown' : 'failed';
}
