/**
 * The wire client's consumer: keeps each assigned partition with its leader's fetcher, and says what is to be done
 * when a broker refuses. It joins no group; positions are the session's to keep.
 */

import { LoadtuiError, messageOf } from '../../errors.ts';
import { errorName } from '../../protocol/error-names.ts';
import type {
  Assignment,
  ConsumerClient,
  ConsumerContext,
  ConsumerKnobs,
  PartitionTable,
  RecordSink,
} from '../types.ts';
import { backoffMs } from './backoff.ts';
import { BrokerFetcher, type FetcherOwner } from './broker-fetcher.ts';
import type { SocketFactory } from './broker-link.ts';
import { partitionOf } from './fetch-request.ts';
import { lookUpRanges, type OffsetRange, type RangeLookUp } from './offset-range.ts';
import { newSlot, type PartitionSlot, seek } from './partition-slot.ts';
import type { ConnectionSecurity } from './security.ts';
import { BrokerSocket } from './socket.ts';
import type { LeaderDirectory } from './types.ts';

const nsPerMs = 1e6;
const offsetOutOfRange = 1;
const corruptMessage = 2;
/**
 * Errors that fresh metadata mends: no such partition here (yet), no leader, not the leader, no replica, storage failed,
 * no listener, leader epoch too old or too new, the new leader does not know its high watermark yet.
 */
const leaderErrors: ReadonlySet<number> = new Set([3, 5, 6, 9, 56, 72, 74, 75, 78]);
/** A move of a leader takes a few tries; what lasts longer is told to the operator. */
const quietFailures = 5;
/** The same error is told once; again only after it was absent for so long. */
const burstGapNs = 5e9;

export class WireConsumer implements ConsumerClient, FetcherOwner {
  readonly clientId: string;
  readonly tuning: ConsumerContext['tuning'];
  readonly partitions: PartitionTable;
  readonly sink: RecordSink;
  readonly directory: LeaderDirectory;
  readonly security: ConnectionSecurity;
  readonly openSocket: SocketFactory;
  readonly nowNs: () => number;
  readonly #lookUpRanges: RangeLookUp;
  readonly #stopListening: () => void;
  readonly #slots = new Map<number, PartitionSlot>();
  readonly #fetchers = new Map<number, BrokerFetcher>();
  /** When each error code was last seen. */
  readonly #errorsSeen = new Map<number, number>();
  #outOfRange: PartitionSlot[] = [];
  #knobs: ConsumerKnobs;
  #paused = false;
  #closed = false;

  constructor(
    context: ConsumerContext,
    directory: LeaderDirectory,
    security: ConnectionSecurity,
    openSocket: SocketFactory = (options) => new BrokerSocket(options),
    rangeLookUp: RangeLookUp = lookUpRanges,
  ) {
    this.clientId = context.clientId;
    this.tuning = context.tuning;
    this.partitions = context.partitions;
    this.sink = context.sink;
    this.nowNs = context.nowNs;
    this.directory = directory;
    this.security = security;
    this.openSocket = openSocket;
    this.#lookUpRanges = rangeLookUp;
    this.#knobs = context.knobs;
    this.#stopListening = directory.onChange(() => this.#onDirectoryChange());
  }

  get paused(): boolean {
    return this.#paused;
  }

  get knobs(): ConsumerKnobs {
    return this.#knobs;
  }

  /** Learns the leaders; connections are made when partitions are assigned. Rejects with LoadtuiError as `LeaderDirectory.start`. */
  connect(): Promise<void> {
    return this.directory.start();
  }

  /** Throws a LoadtuiError (BUG) for a partition that is assigned already. */
  assign(assignments: readonly Assignment[]): void {
    const nowNs = this.nowNs();
    for (const assignment of assignments) {
      const { topic, partition } = partitionOf(this.partitions, assignment.partitionIndex);
      if (this.#slots.has(assignment.partitionIndex))
        throw new LoadtuiError(`${topic}-${partition} is assigned twice`, { code: 'BUG', fault: 'bug' });
      const slot = newSlot(assignment);
      this.#slots.set(assignment.partitionIndex, slot);
      this.#place(slot);
    }
    for (const fetcher of this.#fetchers.values()) fetcher.poll(nowNs);
  }

  /** Partitions that are not assigned are left out of the answer. Not to be called from within `batch` or `record`. */
  revoke(partitionIndexes: readonly number[]): readonly Assignment[] {
    const stands: Assignment[] = [];
    for (const partitionIndex of partitionIndexes) {
      const slot = this.#slots.get(partitionIndex);
      if (slot === undefined) continue;
      slot.revoked = true;
      this.#slots.delete(partitionIndex);
      this.#fetchers.get(slot.leader)?.remove(slot);
      stands.push({ partitionIndex, position: slot.position });
    }
    return stands;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    const nowNs = this.nowNs();
    for (const fetcher of this.#fetchers.values()) fetcher.poll(nowNs);
  }

  configure(knobs: ConsumerKnobs): void {
    this.#knobs = knobs;
  }

  positions(): readonly Assignment[] {
    return Array.from(this.#slots.values(), ({ partitionIndex, position }) => ({ partitionIndex, position }));
  }

  poll(nowNs: number): void {
    if (this.#closed) return;
    for (const fetcher of this.#fetchers.values()) fetcher.poll(nowNs);
    if (this.#outOfRange.length > 0) this.#startLookUps();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    for (const slot of this.#slots.values()) slot.revoked = true;
    for (const fetcher of this.#fetchers.values()) fetcher.close();
  }

  slotOf(partitionIndex: number): PartitionSlot | undefined {
    return this.#slots.get(partitionIndex);
  }

  refused(slot: PartitionSlot, errorCode: number, nowNs: number): void {
    if (errorCode === offsetOutOfRange) {
      slot.lookingUp = true;
      this.#outOfRange.push(slot);
      return;
    }
    this.#putOff(slot, nowNs);
    const mends = leaderErrors.has(errorCode);
    if (mends) this.directory.refresh(nameOf(errorCode));
    if (!mends || slot.failures > quietFailures) {
      const { topic, partition } = partitionOf(this.partitions, slot.partitionIndex);
      this.#report(errorCode, slot.partitionIndex, `reading ${topic}-${partition}: ${nameOf(errorCode)}`, nowNs);
    }
  }

  unreadable(partitionIndex: number, why: string, nowNs: number): void {
    this.#report(corruptMessage, partitionIndex, why, nowNs);
  }

  requestRefused(brokerId: number, errorCode: number, nowNs: number): void {
    this.#report(errorCode, -1, `broker ${brokerId} refuses to fetch: ${nameOf(errorCode)}`, nowNs);
  }

  /** Not fetched for a while: the longer the more often it failed in a row. */
  #putOff(slot: PartitionSlot, nowNs: number): void {
    const { retryBackoffMs, retryBackoffMaxMs } = this.tuning;
    slot.retryAtNs = nowNs + backoffMs(slot.failures++, retryBackoffMs, retryBackoffMaxMs) * nsPerMs;
  }

  #report(errorCode: number, partitionIndex: number, message: string, nowNs: number): void {
    const seenNs = this.#errorsSeen.get(errorCode) ?? Number.NEGATIVE_INFINITY;
    this.#errorsSeen.set(errorCode, nowNs);
    if (nowNs - seenNs > burstGapNs) {
      this.sink.event({ kind: 'error', errorCode, partitionIndex, messages: 0, message });
    }
  }

  /** Hands a slot to its leader's fetcher. Without a leader it waits for the directory to change. */
  #place(slot: PartitionSlot): void {
    const { partitionIndex, lastLeader } = slot;
    slot.leader = this.directory.leaderOf(partitionIndex);
    slot.leaderEpoch = this.directory.leaderEpochOf(partitionIndex);
    if (slot.leader < 0) {
      this.directory.refresh('a partition without a leader');
      return;
    }
    slot.lastLeader = slot.leader;
    const known = this.#fetchers.get(slot.leader);
    const fetcher = known ?? new BrokerFetcher(slot.leader, this);
    if (known === undefined) this.#fetchers.set(slot.leader, fetcher);
    fetcher.add(slot);
    if (lastLeader >= 0 && lastLeader !== slot.leader)
      this.sink.event({ kind: 'leader-moved', partitionIndex, from: lastLeader, to: slot.leader });
  }

  #onDirectoryChange(): void {
    for (const slot of this.#slots.values()) this.#follow(slot);
    const nowNs = this.nowNs();
    for (const fetcher of this.#fetchers.values()) fetcher.poll(nowNs);
  }

  /** Moves a slot to its new leader, which is asked at once. An answer of the old one no longer counts. */
  #follow(slot: PartitionSlot): void {
    const leader = this.directory.leaderOf(slot.partitionIndex);
    const leaderEpoch = this.directory.leaderEpochOf(slot.partitionIndex);
    if (leader === slot.leader && leaderEpoch === slot.leaderEpoch) return;
    slot.retryAtNs = Number.NEGATIVE_INFINITY;
    slot.leaderEpoch = leaderEpoch;
    if (leader === slot.leader) return;
    this.#fetchers.get(slot.leader)?.remove(slot);
    this.#place(slot);
  }

  /** One look-up a broker for all partitions that were found out of range. */
  #startLookUps(): void {
    const byLeader = Map.groupBy(this.#outOfRange, (slot) => slot.leader);
    this.#outOfRange = [];
    for (const [leader, slots] of byLeader) void this.#lookUp(leader, slots);
  }

  async #lookUp(leader: number, slots: readonly PartitionSlot[]): Promise<void> {
    const address = this.directory.broker(leader);
    if (address === undefined) {
      this.directory.refresh('a position out of range, and no leader to ask');
      const nowNs = this.nowNs();
      for (const slot of slots) {
        slot.lookingUp = false;
        this.#putOff(slot, nowNs);
      }
      return;
    }
    const queries = slots.map(({ partitionIndex, leaderEpoch }) => ({
      ...partitionOf(this.partitions, partitionIndex),
      leaderEpoch,
    }));
    let ranges: readonly OffsetRange[] = [];
    let failure = '';
    try {
      ranges = await this.#lookUpRanges(
        address,
        { clientId: this.clientId, security: this.security },
        this.tuning.requestTimeoutMs,
        queries,
      );
    } catch (error) {
      failure = messageOf(error);
    }
    if (this.#closed) return;
    const nowNs = this.nowNs();
    slots.forEach((slot, i) => {
      const range = ranges[i];
      slot.lookingUp = false;
      if (slot.revoked) return;
      if (range === undefined) {
        this.#putOff(slot, nowNs);
        this.#report(offsetOutOfRange, slot.partitionIndex, `cannot learn where the log begins: ${failure}`, nowNs);
      } else if (range.errorCode !== 0) this.refused(slot, range.errorCode, nowNs);
      else this.#goIntoRange(slot, range, nowNs);
    });
    for (const fetcher of this.#fetchers.values()) fetcher.fetch(nowNs);
  }

  /** Never back to the earliest record of its own accord: what was lost is said, and reading goes on where the log allows. */
  #goIntoRange(slot: PartitionSlot, { start, end }: OffsetRange, nowNs: number): void {
    const { partitionIndex, position } = slot;
    if (position < start) {
      seek(slot, start);
      this.sink.expired(partitionIndex, start - position);
    } else if (position > end) {
      seek(slot, end);
      this.sink.event({ kind: 'truncated', partitionIndex, from: position, to: end });
    } else {
      // Back in range by now, as after a change of leaders: asked again, not at once.
      this.#putOff(slot, nowNs);
      return;
    }
    this.sink.position(partitionIndex, slot.position, end);
  }
}

function nameOf(errorCode: number): string {
  return `${errorName(errorCode)} (${errorCode})`;
}
