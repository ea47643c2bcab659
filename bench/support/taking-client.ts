/**
 * A producer client that takes what it is offered, up to a number a tick, gathers it by partition as the real one does,
 * and acknowledges a batch once it is full.
 */
import type { BatchResult, Fate, MessageRun, ProducerClient, ProducerListener } from '../../source/clients/types.ts';
import type { Acks } from '../../source/config/plan.ts';

/** As long as a broker near by takes. */
const answerNs = 500_000;

class TakenBatch implements BatchResult {
  readonly partitionIndex: number;
  readonly intendedNs: Float64Array;
  readonly offeredNs: Float64Array;
  readonly epochs: Uint16Array;
  readonly brokerId = 0;
  readonly connection = 0;
  readonly valueBytes = 100;
  readonly fill = 1;
  readonly attempts = 1;
  readonly throttleMs = 0;
  readonly baseOffset = 0;
  readonly logAppendTimeMs = -1;
  readonly acks: Acks = 1;
  readonly fate: Fate = 'acked';
  readonly errorCode = 0;
  producerId = 0;
  firstSequence = 0;
  count = 0;
  bytes = 0;
  plainBytes = 0;
  writtenNs = 0;
  doneNs = 0;

  constructor(partitionIndex: number, capacity: number) {
    this.partitionIndex = partitionIndex;
    this.intendedNs = new Float64Array(capacity);
    this.offeredNs = new Float64Array(capacity);
    this.epochs = new Uint16Array(capacity);
  }
}

export class TakingClient implements ProducerClient {
  /** Messages that are still taken; what is offered beyond is refused. */
  room = Number.POSITIVE_INFINITY;
  taken = 0;
  readonly #listener: ProducerListener;
  readonly #batches: readonly TakenBatch[];
  readonly #capacity: number;

  constructor(listener: ProducerListener, partitions: number, capacity: number) {
    this.#listener = listener;
    this.#capacity = capacity;
    this.#batches = Array.from({ length: partitions }, (_, index) => new TakenBatch(index, capacity));
  }

  offer(run: MessageRun): number {
    const batch = this.#batches[run.partitionIndex];
    if (batch === undefined) throw new RangeError('no such partition');
    const count = Math.min(run.count, this.room);
    for (let i = 0; i < count; i++) {
      if (batch.count === this.#capacity) this.#answer(batch);
      if (batch.count === 0) batch.firstSequence = run.firstSequence + i;
      batch.intendedNs[batch.count] = run.intendedNs[run.start + i] ?? 0;
      batch.offeredNs[batch.count] = run.offeredNs[run.start + i] ?? 0;
      batch.count++;
    }
    this.room -= count;
    this.taken += count;
    return count;
  }

  batchCapacity(): number {
    return this.#capacity;
  }

  gauges() {
    return { inFlightMessages: 0, inFlightRequests: 0, bufferedBytes: 0, sendQueueBytes: 0, idempotent: false };
  }

  nextDeadlineNs(): number {
    return Number.POSITIVE_INFINITY;
  }

  async connect(): Promise<void> {}
  async close(): Promise<void> {}
  poll(): void {}
  configure(): void {}
  flush(): void {}

  #answer(batch: TakenBatch): void {
    batch.bytes = batch.count * batch.valueBytes;
    batch.writtenNs = batch.offeredNs[batch.count - 1] ?? 0;
    batch.doneNs = batch.writtenNs + answerNs;
    this.#listener.written(batch);
    this.#listener.completed(batch);
    batch.count = 0;
  }
}
