/**
 * The producing side of the wire client: takes messages into batches, sends them by broker, and says what became of each
 * batch. One per producer, with its own connections; leaders come from a directory that a thread's clients share.
 */
import { isIdempotent, maxInFlightIdempotent } from '../../config/idempotence.ts';
import { LoadtuiError } from '../../errors.ts';
import type {
  ClientEvent,
  MessageRun,
  ProducerClient,
  ProducerContext,
  ProducerGauges,
  ProducerKnobs,
} from '../types.ts';
import { Accumulator } from './accumulator.ts';
import type { ProducerState } from './batch.ts';
import { BatchFates } from './batch-fates.ts';
import { BrokerLane, type LaneLimits, type LaneOwner } from './broker-lane.ts';
import { EventLimiter } from './event-limiter.ts';
import { Identity } from './identity.ts';
import { LaneTable } from './lane-table.ts';
import { ProduceEncoder } from './produce-request.ts';
import { QueueTable } from './queue-table.ts';
import { RunZero } from './run-zero.ts';
import type { ConnectionSecurity } from './security.ts';
import { BrokerSocket } from './socket.ts';
import type { LeaderDirectory } from './types.ts';

/** How often delivery timeouts are looked for. */
const sweepEveryNs = 50e6;
/** How often memory that was not needed meanwhile is given back. */
const trimEveryNs = 10e9;
const connectPollMs = 10;
/** Answers to Produce are small. */
const receiveBufferBytes = 16_384;

export interface WireProducerParts {
  readonly directory: LeaderDirectory;
  readonly security: ConnectionSecurity;
  /** A new producer id; called again when the epochs of the last are used up. Rejects with LoadtuiError. */
  readonly requestProducerId: (cancelled: () => boolean) => Promise<ProducerState>;
  /** Opens a connection; for tests. */
  readonly openSocket?: LaneOwner['openSocket'];
}

export class WireProducer implements ProducerClient {
  readonly #context: ProducerContext;
  readonly #directory: LeaderDirectory;
  readonly #zero: RunZero;
  readonly #queues: QueueTable<BrokerLane>;
  readonly #lanes: LaneTable;
  readonly #owner: LaneOwner;
  readonly #limits: LaneLimits;
  readonly #identity: Identity;
  readonly #accumulator: Accumulator;
  readonly #fates: BatchFates;
  readonly #stopWatching: () => void;
  #knobs: ProducerKnobs;
  #takenMessages = 0;
  #nextSweepNs = Number.POSITIVE_INFINITY;
  #nextTrimNs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(context: ProducerContext, parts: WireProducerParts) {
    const { tuning, listener, nowNs } = context;
    this.#context = context;
    this.#directory = parts.directory;
    this.#knobs = context.knobs;
    this.#zero = new RunZero(context.stamp);
    this.#limits = {
      maxInFlight: this.#maxInFlight(),
      maxRequestBytes: tuning.maxRequestBytes,
      requestTimeoutNs: tuning.requestTimeoutMs * 1e6,
      reconnectBackoffMs: tuning.reconnectBackoffMs,
      reconnectBackoffMaxMs: tuning.reconnectBackoffMaxMs,
    };
    const events = new EventLimiter(nowNs);
    const event = (each: ClientEvent) => {
      if (mayTell(events, each)) listener.event(each);
    };
    this.#identity = new Identity({
      request: () => parts.requestProducerId(() => this.#closed),
      nowNs,
      changed: () => {
        for (const lane of this.#lanes.all()) lane.wake();
      },
      failed: (message) => {
        if (!this.#closed) event({ kind: 'producer-id', message });
      },
    });
    this.#queues = new QueueTable(context.partitions, (queue) => this.#lanes.follow(queue));
    this.#fates = new BatchFates({
      queueOf: (batch) => this.#queues.queueOf(batch),
      directory: parts.directory,
      tuning,
      nowNs,
      completed: (batch) => listener.completed(batch),
      event,
    });
    this.#lanes = new LaneTable({
      directory: parts.directory,
      makeLane: (address) => new BrokerLane(this.#owner, address),
      event,
    });
    this.#accumulator = new Accumulator(
      {
        context,
        queues: this.#queues,
        zero: this.#zero,
        leaderless: () => parts.directory.refresh('a partition without a leader'),
      },
      context.knobs,
      this.#idempotent(),
    );
    this.#owner = this.#makeOwner(parts, event);
    this.#stopWatching = parts.directory.onChange(() => {
      if (!this.#closed) this.#lanes.followAll(this.#queues.used);
    });
  }

  async connect(): Promise<void> {
    await this.#directory.start();
    if (this.#idempotent()) await this.#identity.ensure();
    this.#lanes.openAll(this.#context.partitions.length);
    const { requestTimeoutMs } = this.#context.tuning;
    const deadlineMs = performance.now() + requestTimeoutMs;
    while (!this.#closed && !this.#lanes.usable) {
      if (performance.now() > deadlineMs) {
        throw new LoadtuiError(`No broker accepts a connection within ${requestTimeoutMs} ms.`, {
          code: 'CANNOT_REACH',
          fault: 'cluster',
          next: 'Check that the addresses the brokers advertise can be reached from here.',
        });
      }
      await new Promise((resolve) => setTimeout(resolve, connectPollMs));
      this.poll(this.#context.nowNs());
    }
  }

  offer(run: MessageRun): number {
    if (this.#closed) return 0;
    const taken = this.#accumulator.append(run);
    this.#takenMessages += taken;
    if (taken > 0 && this.#nextSweepNs === Number.POSITIVE_INFINITY) {
      this.#nextSweepNs = this.#context.nowNs() + sweepEveryNs;
    }
    return taken;
  }

  poll(nowNs: number): void {
    // A listener that is told of a batch may come back here.
    if (this.#closed || this.#owner.busy) return;
    for (const lane of this.#lanes.all()) lane.poll(nowNs);
    if (nowNs >= this.#nextSweepNs) this.#sweep(nowNs);
    if (nowNs >= this.#nextTrimNs) {
      this.#nextTrimNs = nowNs + trimEveryNs;
      this.#accumulator.trim();
    }
  }

  nextDeadlineNs(): number {
    let next = this.#nextSweepNs;
    for (const lane of this.#lanes.all()) next = Math.min(next, lane.nextDeadlineNs());
    return next;
  }

  configure(knobs: ProducerKnobs): void {
    this.#knobs = knobs;
    this.#accumulator.configure(knobs, this.#idempotent());
    this.#limits.maxInFlight = this.#maxInFlight();
    if (this.#idempotent()) this.#identity.want(false);
  }

  batchCapacity(): number {
    return this.#accumulator.capacity;
  }

  flush(): void {
    this.#accumulator.closeOpenBatches();
    const nowNs = this.#context.nowNs();
    for (const lane of this.#lanes.all()) lane.drain(nowNs);
  }

  gauges(): ProducerGauges {
    let inFlightRequests = 0;
    let sendQueueBytes = 0;
    for (const lane of this.#lanes.all()) {
      inFlightRequests += lane.inFlightRequests;
      sendQueueBytes += lane.sendQueueBytes;
    }
    return {
      inFlightMessages: this.#takenMessages - this.#fates.finishedMessages,
      inFlightRequests,
      bufferedBytes: this.#accumulator.usedBytes,
      sendQueueBytes,
      idempotent: this.#idempotent(),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#nextSweepNs = Number.POSITIVE_INFINITY;
    this.#stopWatching();
    for (const lane of this.#lanes.all()) lane.retire();
    for (const queue of this.#queues.used) {
      const unfinished = [...queue.inFlight, ...queue.waiting].sort((a, b) => a.order - b.order);
      for (const batch of unfinished) {
        if (!batch.finished) this.#fates.giveUp(queue, batch);
        this.#accumulator.release(batch);
      }
      queue.inFlight.length = 0;
      queue.waiting.length = 0;
    }
  }

  #makeOwner({ openSocket, security }: WireProducerParts, event: LaneOwner['event']): LaneOwner {
    const { clientId, tuning, listener, nowNs } = this.#context;
    const queues = this.#queues;
    let connections = 0;
    return {
      encoder: new ProduceEncoder(clientId, tuning.requestTimeoutMs),
      limits: this.#limits,
      zero: this.#zero,
      busy: false,
      nowNs,
      identity: () => this.#identity.current,
      partitionIndexOf: (topic, partition) => queues.indexOf(topic, partition),
      topicOf: (batch) => queues.queueOf(batch).topic,
      partitionOf: (batch) => queues.queueOf(batch).partition,
      openSocket:
        openSocket ??
        ((address, handlers) =>
          new BrokerSocket({
            address,
            clientId,
            security,
            receiveBufferBytes,
            ...handlers,
          })),
      nextConnection: () => connections++,
      written: (batch) => {
        if (batch.attempts === 1) listener.written(batch);
        else listener.retried(batch);
      },
      answered: (batch, errorCode, baseOffset, logAppendTimeMs) =>
        this.#fates.answered(batch, errorCode, baseOffset, logAppendTimeMs),
      lost: (batch, late) => this.#fates.lost(batch, late),
      released: (batch) => {
        if (batch.finished && !this.#closed) this.#accumulator.release(batch);
      },
      broken: (lane) => this.#directory.refresh(`connection to broker ${lane.brokerId} broke`),
      event,
    };
  }

  #idempotent(): boolean {
    return isIdempotent(this.#context.tuning.idempotent, this.#knobs.acks);
  }

  #maxInFlight(): number {
    const wanted = Math.max(1, this.#knobs.maxInFlight);
    return this.#idempotent() ? Math.min(maxInFlightIdempotent, wanted) : wanted;
  }

  /** Gives up what is past its delivery timeout. What is in flight is given up too; its bytes stay with the request. */
  #sweep(nowNs: number): void {
    this.#owner.busy = true;
    let unfinished = false;
    let needsIdentity = false;
    for (const queue of this.#queues.used) {
      for (const batch of queue.inFlight) {
        if (nowNs >= batch.deliveryDeadlineNs && !batch.finished) this.#fates.timeOut(queue, batch);
      }
      for (;;) {
        const batch = queue.waiting[0];
        if (batch === undefined || nowNs < batch.deliveryDeadlineNs) break;
        queue.waiting.shift();
        if (queue.waiting.length === 0) queue.lane?.ready.remove(queue);
        this.#fates.timeOut(queue, batch);
        this.#accumulator.release(batch);
      }
      if (queue.unfinished) unfinished = true;
      if (queue.needsNewIdentity(this.#identity.current)) needsIdentity = true;
    }
    if (this.#idempotent()) this.#identity.want(needsIdentity);
    this.#owner.busy = false;
    this.#nextSweepNs = unfinished ? nowNs + sweepEveryNs : Number.POSITIVE_INFINITY;
  }
}

/** What every batch may cause is told once a second; what happens to a connection or a leader, each time. */
function mayTell(events: EventLimiter, event: ClientEvent): boolean {
  if (event.kind === 'error') return events.allows(`error ${event.errorCode}`);
  if (event.kind === 'throttled') return events.allows(`throttled ${event.brokerId}`);
  return true;
}
