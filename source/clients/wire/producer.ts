/**
 * The producing side of the wire client: takes messages into batches, sends them by broker, and says what became of each
 * batch. One per producer, with its own connections; leaders come from a directory that a thread's clients share.
 */
import { LoadtuiError, messageOf } from '../../errors.ts';
import type { Fate, MessageRun, ProducerClient, ProducerContext, ProducerGauges, ProducerKnobs } from '../types.ts';
import { backoffMs } from './backoff.ts';
import type { Batch, ProducerState } from './batch.ts';
import { BatchPool } from './batch-pool.ts';
import { BatchTemplate } from './batch-template.ts';
import { BrokerLane, type LaneLimits, type LaneOwner } from './broker-lane.ts';
import { EventLimiter } from './event-limiter.ts';
import { PartitionQueue } from './partition-queue.ts';
import { connectionBroke, describeError, timedOut, verdictOn } from './produce-errors.ts';
import { ProduceEncoder, prefixRoom } from './produce-request.ts';
import { RunZero } from './run-zero.ts';
import { BrokerSocket } from './socket.ts';
import type { BrokerAddress, BrokerSocketLike, LeaderDirectory } from './types.ts';

/** The broker keeps the last five batches of a producer: with more in flight it could not tell a repetition. */
const maxInFlightIdempotent = 5;
/** How often delivery timeouts are looked for. */
const sweepEveryNs = 50e6;
const connectPollMs = 10;

export interface WireProducerParts {
  readonly directory: LeaderDirectory;
  /** A new producer id; may be called again when the epochs of the last are used up. */
  readonly requestProducerId: (cancelled: () => boolean) => Promise<ProducerState>;
  /** Opens a connection; for tests. */
  readonly openSocket?: LaneOwner['openSocket'];
}

export class WireProducer implements ProducerClient {
  readonly #context: ProducerContext;
  readonly #parts: WireProducerParts;
  readonly #pool: BatchPool;
  readonly #zero: RunZero;
  readonly #limits: LaneLimits;
  readonly #owner: LaneOwner;
  readonly #queues: (PartitionQueue<BrokerLane> | undefined)[] = [];
  /** Queues that were ever used. */
  readonly #used: PartitionQueue<BrokerLane>[] = [];
  readonly #topics = new Map<string, { readonly name: Buffer; readonly places: number[] }>();
  readonly #lanes = new Map<number, BrokerLane>();
  readonly #events: EventLimiter;
  readonly #stopWatching: () => void;
  #knobs: ProducerKnobs;
  #shapeText: string;
  #identity: ProducerState | null = null;
  #identityUnderWay = false;
  #inFlightMessages = 0;
  #nextSweepNs = Number.POSITIVE_INFINITY;
  #connections = 0;
  #closed = false;

  constructor(context: ProducerContext, parts: WireProducerParts) {
    this.#context = context;
    this.#parts = parts;
    this.#knobs = context.knobs;
    this.#shapeText = JSON.stringify(context.knobs.shape);
    this.#zero = new RunZero(context.stamp);
    context.partitions.forEach(({ topic, partition }, index) => {
      const known = this.#topics.get(topic) ?? { name: Buffer.from(topic), places: [] };
      known.places[partition] = index;
      this.#topics.set(topic, known);
    });
    this.#pool = new BatchPool(context.tuning.bufferMemoryBytes, this.#template());
    const { tuning } = context;
    this.#limits = {
      maxInFlight: this.#maxInFlight(),
      maxRequestBytes: tuning.maxRequestBytes,
      requestTimeoutNs: tuning.requestTimeoutMs * 1e6,
      reconnectBackoffMs: tuning.reconnectBackoffMs,
      reconnectBackoffMaxMs: tuning.reconnectBackoffMaxMs,
    };
    this.#events = new EventLimiter(context.nowNs);
    this.#owner = this.#makeOwner();
    this.#stopWatching = parts.directory.onChange(() => this.#followLeaders());
  }

  async connect(): Promise<void> {
    await this.#parts.directory.start();
    if (this.#idempotent(this.#knobs)) await this.#renewIdentity();
    this.#followLeaders();
    this.#openLanes();
    const { requestTimeoutMs } = this.#context.tuning;
    const deadlineMs = performance.now() + requestTimeoutMs;
    // A broker that refuses is left to the retries, as long as another one answers.
    const lanes = [...this.#lanes.values()];
    const pending = () => lanes.some((lane) => !lane.isReady && lane.failures === 0);
    const anyReady = () => lanes.some((lane) => lane.isReady);
    while (!this.#closed && (pending() || !anyReady())) {
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
    const queue = this.#queueOf(run.partitionIndex);
    let taken = 0;
    while (taken < run.count) {
      const batch = this.#openBatch(queue, run, taken);
      if (batch === undefined) break;
      const count = Math.min(batch.template.capacity - batch.count, run.count - taken);
      batch.append(run, taken, count, this.#zero);
      taken += count;
      if (batch.full) this.#closeBatch(queue, batch);
    }
    this.#inFlightMessages += taken;
    return taken;
  }

  poll(nowNs: number): void {
    // A listener that is told of a batch may come back here.
    if (this.#closed || this.#owner.busy) return;
    for (const lane of this.#lanes.values()) lane.poll(nowNs);
    if (nowNs >= this.#nextSweepNs) this.#sweep(nowNs);
  }

  nextDeadlineNs(): number {
    let next = this.#nextSweepNs;
    for (const lane of this.#lanes.values()) next = Math.min(next, lane.nextDeadlineNs());
    return next;
  }

  configure(knobs: ProducerKnobs): void {
    this.#closeOpenBatches();
    const shapeText = JSON.stringify(knobs.shape);
    const sameLayout = shapeText === this.#shapeText && knobs.batchSizeBytes === this.#knobs.batchSizeBytes;
    this.#knobs = knobs;
    this.#shapeText = shapeText;
    if (!sameLayout) this.#pool.use(this.#template());
    this.#limits.maxInFlight = this.#maxInFlight();
    if (this.#idempotent(knobs)) this.#wantIdentity();
  }

  batchCapacity(): number {
    return this.#pool.template.capacity;
  }

  flush(): void {
    this.#closeOpenBatches();
    const nowNs = this.#context.nowNs();
    for (const lane of this.#lanes.values()) if (lane.isReady) lane.drain(nowNs);
  }

  gauges(): ProducerGauges {
    let inFlightRequests = 0;
    for (const lane of this.#lanes.values()) inFlightRequests += lane.inFlightRequests;
    return {
      inFlightMessages: this.#inFlightMessages,
      inFlightRequests,
      bufferedBytes: this.#pool.usedBytes,
      idempotent: this.#idempotent(this.#knobs),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#nextSweepNs = Number.POSITIVE_INFINITY;
    this.#stopWatching();
    for (const lane of this.#lanes.values()) lane.retire();
    for (const queue of this.#used) {
      const unfinished = [...queue.inFlight, ...queue.waiting].sort((a, b) => a.order - b.order);
      for (const batch of unfinished) {
        if (batch.finished) continue;
        if (batch.inFlight) {
          batch.doubtful = true;
          batch.errorCode = connectionBroke;
        }
        this.#finish(queue, batch, batch.doubtful ? 'unknown' : 'failed');
      }
      queue.inFlight.length = 0;
      queue.waiting.length = 0;
    }
  }

  #makeOwner(): LaneOwner {
    const context = this.#context;
    return {
      encoder: new ProduceEncoder(context.clientId, context.tuning.requestTimeoutMs),
      limits: this.#limits,
      zero: this.#zero,
      busy: false,
      nowNs: context.nowNs,
      identity: () => this.#identity,
      partitionIndexOf: (topic, partition) => this.#topics.get(topic)?.places[partition] ?? -1,
      topicOf: (batch) => this.#queueOf(batch.partitionIndex).topic,
      partitionOf: (batch) => this.#queueOf(batch.partitionIndex).partition,
      openSocket: this.#parts.openSocket ?? ((address, handlers) => this.#openSocket(address, handlers)),
      nextConnection: () => this.#connections++,
      written: (batch) => {
        if (batch.finished) return;
        if (batch.attempts === 1) context.listener.written(batch);
        else context.listener.retried(batch);
      },
      answered: (batch, errorCode, baseOffset, logAppendTimeMs) =>
        this.#answered(batch, errorCode, baseOffset, logAppendTimeMs),
      lost: (batch, late) => this.#lost(batch, late),
      released: (batch) => {
        if (batch.finished && !batch.inFlight) this.#pool.release(batch);
      },
      broken: (lane) => this.#parts.directory.refresh(`connection to broker ${lane.brokerId} broke`),
      event: (event) => context.listener.event(event),
    };
  }

  #openSocket(address: BrokerAddress, handlers: Parameters<LaneOwner['openSocket']>[1]): BrokerSocketLike {
    const { clientId, tuning } = this.#context;
    return new BrokerSocket({
      address,
      clientId,
      security: { protocol: 'plaintext' },
      sendBufferBytes: tuning.sendBufferBytes,
      receiveBufferBytes: Math.min(tuning.receiveBufferBytes, 65_536),
      ...handlers,
    });
  }

  #template(): BatchTemplate {
    const { clientId, stamp } = this.#context;
    const longestTopic = Math.max(0, ...[...this.#topics.values()].map(({ name }) => name.length));
    return new BatchTemplate({
      shape: this.#knobs.shape,
      batchSizeBytes: this.#knobs.batchSizeBytes,
      prefixRoom: prefixRoom(clientId, longestTopic),
      runId: stamp.runId,
    });
  }

  #idempotent(knobs: ProducerKnobs): boolean {
    return this.#context.tuning.idempotent && knobs.acks === 'all';
  }

  #maxInFlight(): number {
    const wanted = Math.max(1, this.#knobs.maxInFlight);
    return this.#idempotent(this.#knobs) ? Math.min(maxInFlightIdempotent, wanted) : wanted;
  }

  #queueOf(partitionIndex: number): PartitionQueue<BrokerLane> {
    return this.#queues[partitionIndex] ?? this.#makeQueue(partitionIndex);
  }

  #makeQueue(partitionIndex: number): PartitionQueue<BrokerLane> {
    const place = this.#context.partitions[partitionIndex];
    const topic = place === undefined ? undefined : this.#topics.get(place.topic);
    if (place === undefined || topic === undefined) throw new Error(`no partition with index ${partitionIndex}`);
    const queue = new PartitionQueue<BrokerLane>(partitionIndex, topic.name, place.partition);
    this.#queues[partitionIndex] = queue;
    this.#used.push(queue);
    this.#follow(queue);
    return queue;
  }

  /** The batch that takes message `taken` of the run; undefined without memory. */
  #openBatch(queue: PartitionQueue<BrokerLane>, run: MessageRun, taken: number): Batch | undefined {
    const open = queue.open;
    if (open !== undefined) {
      const goesOn =
        open.producerId === run.producerId && open.firstSequence + open.count === run.firstSequence + taken;
      if (goesOn && !open.full) return open;
      this.#closeBatch(queue, open);
    }
    const batch = this.#pool.take();
    if (batch === undefined) return undefined;
    const knobs = this.#knobs;
    const nowNs = this.#context.nowNs();
    batch.reset(run.partitionIndex, run.producerId, run.firstSequence + taken, knobs.acks, this.#idempotent(knobs));
    batch.lingerDeadlineNs = nowNs + knobs.lingerNs;
    batch.deliveryDeadlineNs = nowNs + this.#context.tuning.deliveryTimeoutMs * 1e6;
    if (this.#nextSweepNs === Number.POSITIVE_INFINITY) this.#nextSweepNs = nowNs + sweepEveryNs;
    queue.add(batch);
    if (queue.lane === null) this.#parts.directory.refresh('a partition without a leader');
    else queue.lane.ready.add(queue);
    return batch;
  }

  #closeBatch(queue: PartitionQueue<BrokerLane>, batch: Batch): void {
    batch.closed = true;
    queue.lane?.ready.add(queue);
  }

  #closeOpenBatches(): void {
    for (const queue of this.#used) {
      const { open } = queue;
      if (open !== undefined) this.#closeBatch(queue, open);
    }
  }

  #answered(batch: Batch, errorCode: number, baseOffset: number, logAppendTimeMs: number): void {
    const queue = this.#queueOf(batch.partitionIndex);
    queue.land(batch);
    if (batch.finished) return;
    batch.errorCode = errorCode;
    const verdict = verdictOn(errorCode, batch.idempotent);
    switch (verdict) {
      case 'acked':
        queue.established(batch);
        batch.errorCode = 0;
        batch.baseOffset = baseOffset;
        batch.logAppendTimeMs = logAppendTimeMs;
        this.#finish(queue, batch, 'acked');
        return;
      case 'sequence':
        if (queue.isFirst(batch)) this.#restartSequence(queue, errorCode);
        break;
      case 'refresh':
        this.#parts.directory.refresh(describeError(errorCode));
        break;
      case 'retry':
      case 'fail':
        break;
    }
    this.#reportError(errorCode, batch.partitionIndex);
    if (verdict === 'fail') this.#finish(queue, batch, batch.doubtful ? 'unknown' : 'failed');
    else this.#retry(queue, batch);
  }

  #lost(batch: Batch, late: boolean): void {
    const queue = this.#queueOf(batch.partitionIndex);
    queue.land(batch);
    if (batch.finished) return;
    batch.errorCode = late ? timedOut : connectionBroke;
    batch.doubtful = true;
    this.#retry(queue, batch);
  }

  #retry(queue: PartitionQueue<BrokerLane>, batch: Batch): void {
    const nowNs = this.#context.nowNs();
    if (nowNs >= batch.deliveryDeadlineNs) {
      this.#finish(queue, batch, batch.doubtful ? 'unknown' : 'failed');
      return;
    }
    const { retryBackoffMs, retryBackoffMaxMs } = this.#context.tuning;
    batch.retryAtNs = nowNs + backoffMs(batch.attempts - 1, retryBackoffMs, retryBackoffMaxMs) * 1e6;
    queue.requeue(batch);
    queue.lane?.ready.add(queue);
  }

  /** The last word about a batch. Whoever calls it sees to the batch's way back to the pool. */
  #finish(queue: PartitionQueue<BrokerLane>, batch: Batch, fate: Fate): void {
    batch.finished = true;
    batch.fate = fate;
    batch.doneNs = this.#context.nowNs();
    queue.settle(batch, fate !== 'acked');
    this.#inFlightMessages -= batch.count;
    this.#context.listener.completed(batch);
  }

  #restartSequence(queue: PartitionQueue<BrokerLane>, errorCode: number): void {
    queue.restartSequence();
    if (queue.epochsUsedUp) this.#wantIdentity(true);
    this.#context.listener.event({
      kind: 'producer-id',
      message: `numbering starts again in partition ${queue.partition} of ${queue.topic}: ${describeError(errorCode)}`,
    });
  }

  /** Gives up what is past its delivery timeout. What is in flight is given up too; its bytes stay with the request. */
  #sweep(nowNs: number): void {
    this.#owner.busy = true;
    let unfinished = false;
    for (const queue of this.#used) {
      for (const batch of queue.inFlight) {
        if (nowNs < batch.deliveryDeadlineNs || batch.finished) continue;
        batch.errorCode = timedOut;
        this.#finish(queue, batch, 'unknown');
      }
      while (queue.waiting.length > 0) {
        const batch = queue.waiting[0];
        if (batch === undefined || nowNs < batch.deliveryDeadlineNs) break;
        queue.waiting.shift();
        if (queue.waiting.length === 0) queue.lane?.ready.remove(queue);
        if (batch.errorCode === 0) batch.errorCode = timedOut;
        this.#finish(queue, batch, batch.doubtful ? 'unknown' : 'failed');
        this.#pool.release(batch);
      }
      if (queue.unfinished) unfinished = true;
    }
    this.#owner.busy = false;
    this.#nextSweepNs = unfinished ? nowNs + sweepEveryNs : Number.POSITIVE_INFINITY;
  }

  #followLeaders(): void {
    if (this.#closed) return;
    const { directory } = this.#parts;
    for (const [id, lane] of this.#lanes) {
      const address = directory.broker(id);
      if (address !== undefined) {
        lane.moveTo(address);
      } else {
        lane.abandon();
        this.#lanes.delete(id);
        for (const queue of this.#used) if (queue.lane === lane) this.#attach(queue, null);
      }
    }
    for (const queue of this.#used) this.#follow(queue);
  }

  #follow(queue: PartitionQueue<BrokerLane>): void {
    const leaderId = this.#parts.directory.leaderOf(queue.partitionIndex);
    const before = queue.leaderId;
    if (leaderId !== before && leaderId >= 0) {
      queue.leaderId = leaderId;
      if (before >= 0) {
        const { partitionIndex } = queue;
        this.#context.listener.event({ kind: 'leader-moved', partitionIndex, from: before, to: leaderId });
      }
    }
    const lane = leaderId < 0 ? null : this.#laneOf(leaderId);
    if (lane !== queue.lane) this.#attach(queue, lane);
  }

  #attach(queue: PartitionQueue<BrokerLane>, lane: BrokerLane | null): void {
    queue.lane?.ready.remove(queue);
    queue.lane = lane;
    if (queue.waiting.length > 0) lane?.ready.add(queue);
  }

  /** Connections to all leaders, before the first message needs one. */
  #openLanes(): void {
    for (let i = 0; i < this.#context.partitions.length; i++) {
      const leaderId = this.#parts.directory.leaderOf(i);
      if (leaderId >= 0) this.#laneOf(leaderId);
    }
  }

  #laneOf(brokerId: number): BrokerLane | null {
    const known = this.#lanes.get(brokerId);
    if (known !== undefined) return known;
    const address = this.#parts.directory.broker(brokerId);
    if (address === undefined) return null;
    const lane = new BrokerLane(this.#owner, address);
    this.#lanes.set(brokerId, lane);
    lane.connect();
    return lane;
  }

  async #renewIdentity(): Promise<void> {
    this.#identityUnderWay = true;
    try {
      this.#identity = await this.#parts.requestProducerId(() => this.#closed);
    } finally {
      this.#identityUnderWay = false;
    }
    for (const lane of this.#lanes.values()) lane.wake();
  }

  /** A producer id soon: idempotent batches wait for it. `anew`: the present one has no epochs left. */
  #wantIdentity(anew = false): void {
    if (this.#identityUnderWay || (this.#identity !== null && !anew)) return;
    this.#renewIdentity().catch((error: unknown) => {
      if (this.#closed) return;
      this.#context.listener.event({ kind: 'producer-id', message: messageOf(error) });
      this.#wantIdentity(anew);
    });
  }

  #reportError(errorCode: number, partitionIndex: number): void {
    if (!this.#events.allows(errorCode)) return;
    this.#context.listener.event({ kind: 'error', errorCode, partitionIndex, message: describeError(errorCode) });
  }
}
