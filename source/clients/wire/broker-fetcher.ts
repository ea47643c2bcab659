/**
 * One consumer's fetching from one broker: one Fetch at a time for all partitions that this broker leads. When an
 * answer comes in, its batch headers are looked through, the next Fetch goes out, and only then its records are walked:
 * the broker works while we do. The answer's bytes stay untouched meanwhile, since nothing is received before we return.
 */
import type { ClientTuning } from '../../config/plan.ts';
import { messageOf } from '../../errors.ts';
import type { ConsumerKnobs, PartitionTable, RecordSink } from '../types.ts';
import { backoffMs } from './backoff.ts';
import { BrokerLink, type SocketFactory } from './broker-link.ts';
import { FetchRequest } from './fetch-request.ts';
import { FetchResponse } from './fetch-response.ts';
import { FetchSession } from './fetch-session.ts';
import { isFetchable, notRequested, type PartitionSlot } from './partition-slot.ts';
import { type BatchBounds, readBatchBounds, scanNextOffset, walkBatch } from './record-walker.ts';
import type { ConnectionSecurity } from './security.ts';
import type { LeaderDirectory } from './types.ts';

/** What a fetcher knows of the consumer that it belongs to. */
export interface FetcherOwner {
  readonly clientId: string;
  readonly security: ConnectionSecurity;
  readonly tuning: ClientTuning;
  readonly partitions: PartitionTable;
  readonly sink: RecordSink;
  readonly directory: LeaderDirectory;
  readonly openSocket: SocketFactory;
  readonly nowNs: () => number;
  readonly paused: boolean;
  readonly knobs: ConsumerKnobs;
  slotOf(partitionIndex: number): PartitionSlot | undefined;
  /** The broker refused to give a partition's records, or gave what is no record batch. */
  refused(slot: PartitionSlot, errorCode: number, nowNs: number): void;
  /** Records came that nobody can read; they were counted as corrupt. */
  unreadable(partitionIndex: number, why: string, nowNs: number): void;
  /** The broker refused the whole request. */
  requestRefused(brokerId: number, errorCode: number, nowNs: number): void;
}

/** A partition's share of an answer. */
interface Share {
  slot: PartitionSlot;
  start: number;
  end: number;
  highWatermark: number;
}

const nsPerMs = 1e6;
const corruptMessage = 2;
const sessionIdNotFound = 70;
const invalidSessionEpoch = 71;
/** A throttled broker says so in every answer; the operator hears of it once in so long. */
const throttleEventEveryNs = 1e9;

export class BrokerFetcher {
  readonly #brokerId: number;
  readonly #owner: FetcherOwner;
  readonly #link: BrokerLink;
  readonly #request: FetchRequest;
  readonly #response: FetchResponse;
  readonly #session = new FetchSession();

  readonly #members = new Set<PartitionSlot>();
  /** The members by partition index, once `#sort` has run. */
  #slots: PartitionSlot[] = [];
  #sorted = true;
  /** Where in `#slots` the next request begins: after the last partition that was served, so that each gets its turn. */
  #first = 0;

  #correlationId = 0;
  #inFlight = false;
  #deadlineNs = 0;
  /** Requests in a row that were refused as a whole. */
  #refusals = 0;
  #holdUntilNs = Number.NEGATIVE_INFINITY;
  /** How long the broker has muted the connection: what is sent now is answered that much later. */
  #throttledMs = 0;
  #nextThrottleEventNs = Number.NEGATIVE_INFINITY;

  /** The first `#shareCount` belong to the present answer; the objects are reused. */
  readonly #shares: Share[] = [];
  #shareCount = 0;
  readonly #bounds: BatchBounds = { end: -1, baseOffset: 0, nextOffset: 0 };

  constructor(brokerId: number, owner: FetcherOwner) {
    this.#brokerId = brokerId;
    this.#owner = owner;
    this.#request = new FetchRequest(owner.clientId, owner.partitions);
    this.#response = new FetchResponse(owner.partitions);
    this.#link = new BrokerLink({
      brokerId,
      clientId: owner.clientId,
      security: owner.security,
      tuning: owner.tuning,
      directory: owner.directory,
      openSocket: owner.openSocket,
      nowNs: owner.nowNs,
      onFrame: (bytes, view, start, end) => this.#onFrame(bytes, view, start, end),
      onReady: () => this.fetch(owner.nowNs()),
      onLost: () => this.#onLost(),
      isWanted: () => this.#members.size > 0,
      event: (event) => owner.sink.event(event),
    });
  }

  add(slot: PartitionSlot): void {
    this.#members.add(slot);
    this.#sorted = false;
  }

  /** An answer under way no longer counts for this slot. */
  remove(slot: PartitionSlot): void {
    if (!this.#members.delete(slot)) return;
    this.#session.leave(slot);
    slot.requestedOffset = notRequested;
    this.#sorted = false;
  }

  /** Connects, times out, and fetches what may be fetched again. */
  poll(nowNs: number): void {
    if (this.#inFlight && nowNs > this.#deadlineNs)
      this.#link.drop(`no answer to a fetch within ${this.#owner.tuning.requestTimeoutMs} ms`);
    this.#link.poll(nowNs);
    this.fetch(nowNs);
  }

  /** Sends the next Fetch, unless one is under way or there is nothing to ask for. */
  fetch(nowNs: number): void {
    if (this.#inFlight || this.#owner.paused || nowNs < this.#holdUntilNs || !this.#link.ready) return;
    this.#sort();
    let fetchable = 0;
    for (const slot of this.#slots) if (isFetchable(slot, nowNs)) fetchable++;
    if (fetchable === 0) return;
    const { knobs, tuning } = this.#owner;
    this.#correlationId = (this.#correlationId + 1) & 0x7fffffff;
    this.#session.write(this.#request, this.#correlationId, this.#slots, this.#first, fetchable, knobs, nowNs);
    this.#inFlight = true;
    this.#deadlineNs = nowNs + (knobs.fetchMaxWaitMs + tuning.requestTimeoutMs + this.#throttledMs) * nsPerMs;
    this.#throttledMs = 0;
    this.#link.write(this.#request.finish());
  }

  close(): void {
    this.#link.close();
  }

  #sort(): void {
    if (this.#sorted) return;
    this.#slots = [...this.#members].sort((a, b) => a.partitionIndex - b.partitionIndex);
    this.#first = 0;
    this.#sorted = true;
  }

  #onLost(): void {
    this.#inFlight = false;
    this.#session.lose();
    for (const slot of this.#members) slot.requestedOffset = notRequested;
  }

  #onFrame(bytes: Buffer, view: DataView, start: number, end: number): void {
    const nowNs = this.#owner.nowNs();
    if (!this.#inFlight || view.getInt32(start) !== this.#correlationId) {
      this.#link.drop('the broker answered what was not asked');
      return;
    }
    this.#inFlight = false;
    this.#link.answered();
    if (this.#owner.paused) {
      // Dropped, and asked for again from the same positions: the broker's session must not think we have it.
      this.#session.reset();
      return;
    }
    try {
      this.#response.begin(bytes, view, start + 4, end);
      this.#collect(view, nowNs);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      for (let i = 0; i < this.#shareCount; i++) this.#takeBack(i);
      this.#link.drop(`an answer that makes no sense: ${messageOf(error)}`);
      return;
    }
    this.#throttle(nowNs);
    this.fetch(nowNs);
    for (let i = 0; i < this.#shareCount; i++) {
      const share = this.#shares[i];
      if (share !== undefined) this.#walk(share, bytes, view, nowNs);
    }
  }

  #takeBack(index: number): void {
    const slot = this.#shares[index]?.slot;
    if (slot !== undefined) slot.fetchPosition = slot.position;
  }

  /** Takes what the answer has for us, and moves the fetch positions past it. */
  #collect(view: DataView, nowNs: number): void {
    const response = this.#response;
    this.#shareCount = 0;
    if (response.errorCode !== 0) {
      this.#requestRefused(response.errorCode, nowNs);
      return;
    }
    this.#refusals = 0;
    this.#session.accept(response.sessionId);
    let lastServed: PartitionSlot | null = null;
    while (response.next()) {
      const slot = this.#owner.slotOf(response.partitionIndex);
      // Revoked, moved away or moved back since it was asked for: somebody else reads on from the same position.
      if (slot === undefined || !this.#members.has(slot) || slot.requestedOffset !== slot.fetchPosition) continue;
      if (response.partitionError !== 0) {
        this.#owner.refused(slot, response.partitionError, nowNs);
        continue;
      }
      const { recordsStart, recordsEnd } = response;
      slot.fetchPosition = scanNextOffset(view, recordsStart, recordsEnd, slot.position);
      this.#share(slot, recordsStart, recordsEnd, response.highWatermark);
      if (slot.fetchPosition > slot.position) {
        lastServed = slot;
        slot.failures = 0;
      } else if (recordsEnd === recordsStart) slot.failures = 0;
      else if (lastServed === null) this.#owner.refused(slot, corruptMessage, nowNs);
    }
    if (lastServed !== null) this.#first = (this.#slots.indexOf(lastServed) + 1) % this.#slots.length;
  }

  #share(slot: PartitionSlot, start: number, end: number, highWatermark: number): void {
    const share = this.#shares[this.#shareCount];
    if (share === undefined) this.#shares.push({ slot, start, end, highWatermark });
    else {
      share.slot = slot;
      share.start = start;
      share.end = end;
      share.highWatermark = highWatermark;
    }
    this.#shareCount++;
  }

  /** Gives a partition's batches to the sink. Stops where the sink gives the partition up. */
  #walk(share: Share, bytes: Buffer, view: DataView, nowNs: number): void {
    const { slot, end, highWatermark } = share;
    const { partitionIndex } = slot;
    const { sink } = this.#owner;
    const bounds = this.#bounds;
    let at = share.start;
    let told = false;
    while (!slot.revoked) {
      readBatchBounds(view, at, end, bounds);
      if (bounds.end < 0) break;
      const trouble = walkBatch(bytes, view, at, bounds, partitionIndex, slot.position, nowNs, sink);
      if (trouble !== null) this.#owner.unreadable(partitionIndex, trouble, nowNs);
      at = bounds.end;
      slot.position = Math.max(slot.position, bounds.nextOffset);
      told = true;
      sink.position(partitionIndex, slot.position, highWatermark);
    }
    if (slot.revoked) return;
    if (slot.position < slot.fetchPosition) {
      // Nothing but batches that claim to end before where they were asked for: step over one offset.
      sink.corrupt(partitionIndex, slot.fetchPosition - slot.position);
      slot.position = slot.fetchPosition;
      told = false;
    }
    if (!told) sink.position(partitionIndex, slot.position, highWatermark);
  }

  #throttle(nowNs: number): void {
    const { throttleMs } = this.#response;
    if (throttleMs <= 0) return;
    this.#throttledMs = throttleMs;
    if (nowNs < this.#nextThrottleEventNs) return;
    this.#nextThrottleEventNs = nowNs + throttleEventEveryNs;
    this.#owner.sink.event({ kind: 'throttled', brokerId: this.#brokerId, throttleMs });
  }

  /** A session that the broker lost is begun anew at once; anything else waits. */
  #requestRefused(errorCode: number, nowNs: number): void {
    if (errorCode === invalidSessionEpoch) this.#session.reset();
    else this.#session.lose();
    const lostSession = errorCode === sessionIdNotFound || errorCode === invalidSessionEpoch;
    this.#refusals++;
    if (lostSession && this.#refusals === 1) return;
    const { retryBackoffMs, retryBackoffMaxMs } = this.#owner.tuning;
    this.#holdUntilNs = nowNs + backoffMs(this.#refusals - 1, retryBackoffMs, retryBackoffMaxMs) * nsPerMs;
    this.#owner.requestRefused(this.#brokerId, errorCode, nowNs);
  }
}
