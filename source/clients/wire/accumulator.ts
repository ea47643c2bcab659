/**
 * Where messages wait to be sent, as in Java's RecordAccumulator: each goes into the open batch of its partition, or
 * opens one as long as there is memory.
 */
import type { MessageRun, ProducerContext, ProducerKnobs } from '../types.ts';
import type { Batch } from './batch.ts';
import { BatchPool } from './batch-pool.ts';
import { BatchTemplate } from './batch-template.ts';
import type { BrokerLane } from './broker-lane.ts';
import { type Codec, codecOf } from './codecs.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { prefixRoom } from './produce-request.ts';
import type { QueueTable } from './queue-table.ts';
import type { RunZero } from './run-zero.ts';

export interface AccumulatorParts {
  readonly context: Pick<ProducerContext, 'clientId' | 'stamp' | 'tuning' | 'nowNs'>;
  readonly queues: QueueTable<BrokerLane>;
  readonly zero: RunZero;
  /** A batch was opened in a partition without a known leader. */
  readonly leaderless: () => void;
}

export class Accumulator {
  readonly #parts: AccumulatorParts;
  readonly #pool: BatchPool;
  #knobs: ProducerKnobs;
  #idempotent: boolean;
  #codec: Codec;
  /** Of what the template was made. */
  #layoutText: string;

  constructor(parts: AccumulatorParts, knobs: ProducerKnobs, idempotent: boolean) {
    this.#parts = parts;
    this.#knobs = knobs;
    this.#idempotent = idempotent;
    this.#codec = codecOf(knobs.compression, parts.context.tuning);
    this.#layoutText = layoutTextOf(knobs);
    this.#pool = new BatchPool(parts.context.tuning.bufferMemoryBytes, this.#template());
  }

  /** Messages that a batch holds at most. */
  get capacity(): number {
    return this.#pool.template.capacity;
  }

  /** Memory of the batches in use. */
  get usedBytes(): number {
    return this.#pool.usedBytes;
  }

  /** Takes the first messages of a run; answers how many: fewer than all where memory runs out. */
  append(run: MessageRun): number {
    const queue = this.#parts.queues.queue(run.partitionIndex);
    let taken = 0;
    while (taken < run.count) {
      const batch = this.#batchFor(queue, run, taken);
      if (batch === undefined) break;
      const count = Math.min(batch.template.capacity - batch.count, run.count - taken);
      batch.append(run, taken, count, this.#parts.zero);
      taken += count;
      if (batch.full) closeBatch(queue, batch);
    }
    return taken;
  }

  /** Open batches go out as they are; those to come are made by the new knobs. */
  configure(knobs: ProducerKnobs, idempotent: boolean): void {
    this.closeOpenBatches();
    this.#knobs = knobs;
    this.#idempotent = idempotent;
    this.#codec = codecOf(knobs.compression, this.#parts.context.tuning);
    const layoutText = layoutTextOf(knobs);
    if (layoutText === this.#layoutText) return;
    this.#layoutText = layoutText;
    this.#pool.use(this.#template());
  }

  /** What is there goes out without waiting for more. */
  closeOpenBatches(): void {
    for (const queue of this.#parts.queues.used) {
      const { open } = queue;
      if (open !== undefined) closeBatch(queue, open);
    }
  }

  /** Gives back the memory of batches that were not needed since the last call. */
  trim(): void {
    this.#pool.trim();
  }

  /** Nothing needs the batch's bytes any more. */
  release(batch: Batch): void {
    this.#pool.release(batch);
  }

  /** The batch that takes message `taken` of the run; undefined without memory. */
  #batchFor(queue: PartitionQueue<BrokerLane>, run: MessageRun, taken: number): Batch | undefined {
    const firstSequence = run.firstSequence + taken;
    const { open } = queue;
    if (open !== undefined) {
      if (open.producerId === run.producerId && open.firstSequence + open.count === firstSequence) return open;
      closeBatch(queue, open);
    }
    const batch = this.#pool.take();
    if (batch === undefined) return undefined;
    const { lingerNs, acks } = this.#knobs;
    const { nowNs, tuning } = this.#parts.context;
    const openedNs = nowNs();
    batch.reset(run.partitionIndex, run.producerId, firstSequence, {
      acks,
      idempotent: this.#idempotent,
      codec: this.#codec,
    });
    batch.lingerDeadlineNs = openedNs + lingerNs;
    batch.deliveryDeadlineNs = openedNs + tuning.deliveryTimeoutMs * 1e6;
    queue.add(batch);
    if (queue.lane === null) this.#parts.leaderless();
    else queue.lane.ready.add(queue);
    return batch;
  }

  #template(): BatchTemplate {
    const { clientId, stamp } = this.#parts.context;
    return new BatchTemplate({
      shape: this.#knobs.shape,
      batchSizeBytes: this.#knobs.batchSizeBytes,
      prefixRoom: prefixRoom(clientId, this.#parts.queues.longestTopicBytes),
      runId: stamp.runId,
    });
  }
}

/** It takes no more messages and goes out when it can. */
function closeBatch(queue: PartitionQueue<BrokerLane>, batch: Batch): void {
  batch.closed = true;
  queue.lane?.ready.add(queue);
}

function layoutTextOf({ shape, batchSizeBytes }: ProducerKnobs): string {
  return JSON.stringify([shape, batchSizeBytes]);
}
