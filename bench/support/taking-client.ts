/** A producer client that takes what it is offered, up to a number a tick, and acknowledges it at once. */
import type { BatchResult, Fate, MessageRun, ProducerClient, ProducerListener } from '../../source/clients/types.ts';
import type { Acks } from '../../source/config/plan.ts';

const largestRun = 4096;
/** As long as a broker near by takes. */
const answerNs = 500_000;

class TakenBatch implements BatchResult {
  readonly intendedNs = new Float64Array(largestRun);
  readonly offeredNs = new Float64Array(largestRun);
  readonly epochs = new Uint16Array(largestRun);
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
  partitionIndex = 0;
  producerId = 0;
  firstSequence = 0;
  count = 0;
  bytes = 0;
  writtenNs = 0;
  doneNs = 0;
}

export class TakingClient implements ProducerClient {
  /** Messages that are still taken; what is offered beyond is refused. */
  room = Number.POSITIVE_INFINITY;
  taken = 0;
  readonly #listener: ProducerListener;
  readonly #batch = new TakenBatch();
  readonly #capacity: number;

  constructor(listener: ProducerListener, capacity: number) {
    this.#listener = listener;
    this.#capacity = capacity;
  }

  offer(run: MessageRun): number {
    const count = Math.min(run.count, this.room, this.#capacity);
    if (count === 0) return 0;
    this.room -= count;
    this.taken += count;
    const batch = this.#batch;
    for (let i = 0; i < count; i++) {
      batch.intendedNs[i] = run.intendedNs[run.start + i] ?? 0;
      batch.offeredNs[i] = run.offeredNs[run.start + i] ?? 0;
    }
    batch.partitionIndex = run.partitionIndex;
    batch.producerId = run.producerId;
    batch.firstSequence = run.firstSequence;
    batch.count = count;
    batch.bytes = count * batch.valueBytes;
    batch.writtenNs = batch.offeredNs[0] ?? 0;
    batch.doneNs = batch.writtenNs + answerNs;
    this.#listener.written(batch);
    this.#listener.completed(batch);
    return count;
  }

  batchCapacity(): number {
    return this.#capacity;
  }

  gauges() {
    return { inFlightMessages: 0, inFlightRequests: 0, bufferedBytes: 0, idempotent: false };
  }

  nextDeadlineNs(): number {
    return Number.POSITIVE_INFINITY;
  }

  async connect(): Promise<void> {}
  async close(): Promise<void> {}
  poll(): void {}
  configure(): void {}
  flush(): void {}
}
