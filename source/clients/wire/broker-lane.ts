/**
 * One producer's connection to one broker: what waits for that broker, what is in flight, and the way back after a
 * broken connection. What an answer means for a batch is decided elsewhere (`LaneOwner`).
 */
import { formatAddress } from '../../config/address.ts';
import type { ClientEvent } from '../types.ts';
import { backoffMs } from './backoff.ts';
import type { Batch, ProducerState } from './batch.ts';
import { empty, removeAt } from './lists.ts';
import { type AnswerTaker, matchAnswer } from './match-answer.ts';
import type { PartitionQueue, QueueLane } from './partition-queue.ts';
import { unknownServerError } from './produce-errors.ts';
import { throttleOf } from './produce-request.ts';
import { ReadySet } from './ready-set.ts';
import { type BatchPlaces, RequestInFlight } from './request-in-flight.ts';
import type { RunZero } from './run-zero.ts';
import type { BrokerAddress, BrokerSocketLike, BrokerSocketOptions } from './types.ts';

export interface LaneLimits {
  maxInFlight: number;
  readonly maxRequestBytes: number;
  readonly requestTimeoutNs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
}

export interface LaneOwner extends BatchPlaces, AnswerTaker {
  readonly limits: LaneLimits;
  readonly zero: RunZero;
  readonly nowNs: () => number;
  readonly identity: () => ProducerState | null;
  readonly openSocket: (address: BrokerAddress, handlers: SocketHandlers) => BrokerSocketLike;
  /** A number for a new connection. */
  readonly nextConnection: () => number;
  readonly written: (batch: Batch) => void;
  /** True while answers are worked through: nothing is sent then, even if a listener asks for it. */
  busy: boolean;
  /** No request holds the batch any more; it may be recycled if it is finished. */
  readonly released: (batch: Batch) => void;
  /** The connection went before an answer came. */
  readonly lost: (batch: Batch, timedOut: boolean) => void;
  readonly broken: (lane: BrokerLane) => void;
  readonly event: (event: ClientEvent) => void;
}

export type SocketHandlers = Pick<BrokerSocketOptions, 'onFrame' | 'onReady' | 'onRenewed' | 'onClosed'>;

export class BrokerLane implements QueueLane {
  readonly ready: ReadySet<BrokerLane> = new ReadySet();
  readonly #owner: LaneOwner;
  #address: BrokerAddress;
  #socket: BrokerSocketLike;
  #connection = -1;
  #nextCorrelation = 0;
  /** In the order in which they were written. */
  readonly #inFlight: RequestInFlight[] = [];
  readonly #free: RequestInFlight[] = [];
  readonly #picked: PartitionQueue<BrokerLane>[] = [];
  #throttledUntilNs = 0;
  #failures = 0;
  #reconnectAtNs = 0;
  #announcedAway = false;
  #timedOut = false;
  #retired = false;

  constructor(owner: LaneOwner, address: BrokerAddress) {
    this.#owner = owner;
    this.#address = address;
    this.#socket = this.#makeSocket();
  }

  get brokerId(): number {
    return this.#address.id;
  }

  get isReady(): boolean {
    return this.#socket.state === 'ready';
  }

  /** Connection attempts that failed since the last one that did not. */
  get failures(): number {
    return this.#failures;
  }

  get inFlightRequests(): number {
    return this.#inFlight.length;
  }

  /** Written, and not taken by the kernel yet. */
  get sendQueueBytes(): number {
    return this.#socket.queuedBytes;
  }

  connect(): void {
    this.#socket.connect();
  }

  /** Follows a broker that answers at another address now. */
  moveTo(address: BrokerAddress): void {
    if (address.host === this.#address.host && address.port === this.#address.port) return;
    this.#socket.close();
    this.#address = address;
    this.#socket = this.#makeSocket();
    this.#failures = 0;
    this.#socket.connect(this.#announcedAway);
  }

  wake(): void {
    this.ready.readyAtNs = 0;
  }

  /** Reconnects and sends what is due; closes the connection where the oldest request has waited too long. */
  poll(nowNs: number): void {
    if (this.#retired) return;
    const oldest = this.#inFlight[0];
    if (oldest !== undefined && nowNs >= oldest.deadlineNs) {
      this.#timedOut = true;
      this.#socket.close();
    }
    const { state } = this.#socket;
    if (state === 'ready') this.drain(nowNs);
    else if ((state === 'closed' || state === 'idle') && nowNs >= this.#reconnectAtNs)
      this.#socket.connect(this.#announcedAway);
  }

  /** When `poll` has something to do; answers and connections come by themselves. */
  nextDeadlineNs(): number {
    const { state } = this.#socket;
    if (state === 'closed' || state === 'idle') return this.#reconnectAtNs;
    const timeout = this.#inFlight[0]?.deadlineNs ?? Number.POSITIVE_INFINITY;
    if (state !== 'ready' || this.#inFlight.length >= this.#owner.limits.maxInFlight) return timeout;
    return Math.min(timeout, Math.max(this.ready.readyAtNs, this.#throttledUntilNs));
  }

  /** Sends requests while something is ready and slots are free. */
  drain(nowNs: number): void {
    const owner = this.#owner;
    // A listener that is told of a batch may come back here.
    if (owner.busy) return;
    owner.busy = true;
    const { limits, identity } = owner;
    while (
      this.#socket.state === 'ready' &&
      this.#inFlight.length < limits.maxInFlight &&
      nowNs >= this.#throttledUntilNs &&
      nowNs >= this.ready.readyAtNs &&
      this.ready.isReady(nowNs, identity())
    ) {
      this.ready.pick(nowNs, limits.maxRequestBytes, identity(), this.#picked);
      if (this.#picked.length === 0) break;
      this.#send();
    }
    owner.busy = false;
  }

  /** The broker has left the cluster: what is in flight is lost, and no connection is tried again. */
  abandon(): void {
    this.#socket.close();
    this.#retired = true;
  }

  /** Closes for good. What is in flight stays with its queues; nobody is told. */
  retire(): void {
    this.#retired = true;
    this.#socket.close();
  }

  #makeSocket(): BrokerSocketLike {
    return this.#owner.openSocket(this.#address, {
      onFrame: (bytes, view, start, end) => this.#answered(bytes, view, start, end),
      onReady: () => this.#opened(),
      onRenewed: (tookMs) => this.#renewed(tookMs),
      onClosed: (reason) => this.#closed(reason),
    });
  }

  #send(): void {
    const { identity, zero, limits } = this.#owner;
    const request = this.#free.pop() ?? new RequestInFlight();
    const { batches } = request;
    for (const queue of this.#picked) {
      const batch = queue.depart(identity(), zero);
      if (queue.waiting.length === 0) this.ready.remove(queue);
      if (batch === undefined) continue;
      batch.brokerId = this.#address.id;
      batch.connection = this.#connection;
      batches.push(batch);
    }
    // Packing takes its time, which is no part of the round trip.
    const nowNs = this.#owner.nowNs();
    request.correlationId = this.#nextCorrelation;
    request.deadlineNs = nowNs + limits.requestTimeoutNs;
    this.#nextCorrelation = (this.#nextCorrelation + 1) & 0x7fffffff;
    const pieces = request.encode(this.#owner);
    this.#inFlight.push(request);
    this.#socket.write(pieces, request.acks === 0 ? this.#handingOver(request) : undefined);
    for (let i = 0; i < batches.length; i++) {
      const batch = batches[i];
      if (batch === undefined) continue;
      if (batch.attempts === 1) batch.writtenNs = nowNs;
      this.#owner.written(batch);
    }
  }

  /** Apart from `#send`: a function that makes a closure makes room for what that closes over at each call. */
  #handingOver(request: RequestInFlight): () => void {
    return () => this.#handedOver(request);
  }

  /** acks=0: the kernel has the request, and that is all there is to know. */
  #handedOver(request: RequestInFlight): void {
    const at = this.#inFlight.indexOf(request);
    if (at < 0) return;
    removeAt(this.#inFlight, at);
    this.#owner.busy = true;
    for (const batch of request.batches) this.#owner.answered(batch, 0, -1, -1);
    this.#recycle(request);
    this.#owner.busy = false;
    this.drain(this.#owner.nowNs());
  }

  #answered(bytes: Buffer, view: DataView, start: number, end: number): void {
    const nowNs = this.#owner.nowNs();
    const correlationId = view.getInt32(start);
    const at = this.#placeOf(correlationId);
    const request = this.#inFlight[at];
    if (request === undefined) {
      this.#fail(`an answer that nobody asked for (correlation id ${correlationId})`);
      return;
    }
    removeAt(this.#inFlight, at);
    const throttleMs = throttleOf(view, end);
    const { batches } = request;
    for (const batch of batches) batch.throttleMs = throttleMs;
    if (throttleMs > 0) {
      this.#throttledUntilNs = nowNs + throttleMs * 1e6;
      this.#owner.event({ kind: 'throttled', brokerId: this.#address.id, throttleMs });
    }
    this.#owner.busy = true;
    const malformed = !matchAnswer(batches, this.#owner, bytes, view, start, end);
    // The broker has left some out, or the answer broke off: nobody knows what became of them.
    for (const batch of batches) if (batch.inFlight) this.#owner.answered(batch, unknownServerError, -1, -1);
    this.#recycle(request);
    this.#owner.busy = false;
    if (malformed) this.#fail('a Produce answer that ends too early');
    else this.drain(nowNs);
  }

  /** Where the request with this number is among those in flight: the first, as a rule; −1: nowhere. */
  #placeOf(correlationId: number): number {
    for (let at = 0; at < this.#inFlight.length; at++) {
      const request = this.#inFlight[at];
      if (request?.correlationId === correlationId && request.acks !== 0) return at;
    }
    return -1;
  }

  #recycle(request: RequestInFlight): void {
    for (const batch of request.batches) this.#owner.released(batch);
    empty(request.batches);
    this.#free.push(request);
  }

  #fail(reason: string): void {
    this.#owner.event({
      kind: 'error',
      errorCode: unknownServerError,
      partitionIndex: -1,
      messages: 0,
      message: `broker ${this.#address.id} (${formatAddress(this.#address)}) sent ${reason}`,
    });
    this.#socket.close();
  }

  #opened(): void {
    this.#failures = 0;
    this.#connection = this.#owner.nextConnection();
    this.#throttledUntilNs = 0;
    if (this.#announcedAway) {
      this.#announcedAway = false;
      this.#owner.event({ kind: 'reconnected', brokerId: this.#address.id, address: formatAddress(this.#address) });
    }
    this.wake();
    this.drain(this.#owner.nowNs());
  }

  #renewed(tookMs: number): void {
    this.#owner.event({ kind: 'login-renewed', brokerId: this.#address.id, tookMs });
    this.drain(this.#owner.nowNs());
  }

  #closed(reason: string): void {
    if (this.#retired) return;
    const { limits, nowNs } = this.#owner;
    const timedOut = this.#timedOut;
    this.#timedOut = false;
    this.#reconnectAtNs =
      nowNs() + backoffMs(this.#failures, limits.reconnectBackoffMs, limits.reconnectBackoffMaxMs) * 1e6;
    this.#failures++;
    if (!this.#announcedAway) {
      this.#announcedAway = true;
      const text = timedOut ? 'no answer in time' : reason;
      this.#owner.event({
        kind: 'disconnected',
        brokerId: this.#address.id,
        address: formatAddress(this.#address),
        reason: text,
      });
    }
    this.#owner.busy = true;
    const requests = this.#inFlight.splice(0);
    for (const request of requests) {
      for (const batch of request.batches) if (batch.inFlight) this.#owner.lost(batch, timedOut);
      this.#recycle(request);
    }
    this.#owner.busy = false;
    this.#owner.broken(this);
  }
}
