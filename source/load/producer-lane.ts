/**
 * One producer's way from the schedule to the client: takes what is due, chooses partition and sequence number, offers
 * it in runs and books what becomes of it. A slot of the schedule; its thread calls `tick`.
 */
import { probeProducerId } from '../clients/stamp.ts';
import type {
  BatchResult,
  ClientEvent,
  MessageRun,
  PartitionTable,
  ProducerClient,
  ProducerListener,
} from '../clients/types.ts';
import type { Keys } from '../config/plan.ts';
import type { Figures } from '../measure/figures.ts';
import { totalAt } from '../measure/figures.ts';
import type { Recorder } from '../measure/recorder.ts';
import { type Chooser, chooserFor } from './chooser.ts';
import type { AckedTail, GivenUp } from './protocol.ts';
import { ArrivalCursor, type Segment } from './schedule.ts';
import type { TickLog } from './tick-log.ts';

const runCapacity = 2048;
const longestTickNs = 1e6;
/** Given-up ranges kept apart; more are counted but no longer told from real losses. */
const maxGivenUp = 10_000;

/** Places of the latency tags in a producer thread's figures. */
export const producerTags = ['response', 'service', 'slip'] as const;
const responseTag = 0;
const serviceTag = 1;
const slipTag = 2;

export interface LaneHost {
  readonly figures: Figures;
  readonly recorder: Recorder;
  readonly ticks: TickLog;
  readonly partitions: PartitionTable;
  readonly maxBehindNs: number;
  readonly messageLimit: number | null;
  /** Messages claimed by all unthrottled producers of the run, towards `messageLimit`. */
  readonly claimed: BigInt64Array;
  readonly offeredLateNs: number;
  readonly nowNs: () => number;
  event(event: ClientEvent): void;
  failed(errorCode: number, messages: number, fate: 'failed' | 'unknown', nowNs: number): void;
  missed(messages: number, nowNs: number): void;
}

export class ProducerLane implements ProducerListener {
  readonly producerId: number;
  readonly #host: LaneHost;
  readonly #totals: Float64Array;
  readonly #cursor: ArrivalCursor;
  readonly #intendedNs = new Float64Array(runCapacity);
  readonly #offeredNs = new Float64Array(runCapacity);
  readonly #keyIndex: Int32Array;
  readonly #run: MessageRun;
  readonly #nextSequence: Float64Array;
  readonly #nextProbe: Float64Array;
  readonly #lastAcked: Float64Array;
  readonly #givenUp: GivenUp[] = [];
  #givenUpOverflow = 0;
  #chooser: Chooser;
  #client: ProducerClient | null = null;
  /** Messages taken from the schedule and not yet by the client: [#head, #tail) of the arrays. */
  #head = 0;
  #tail = 0;
  #epochOfPending = 0;
  #blockedSinceNs = Number.NaN;
  #unlimited = false;

  constructor(host: LaneHost, slot: number, producerId: number, keys: Keys) {
    this.#host = host;
    this.producerId = producerId;
    this.#totals = host.figures.totals;
    this.#cursor = new ArrivalCursor(slot, host.messageLimit);
    this.#nextSequence = new Float64Array(host.partitions.length);
    this.#nextProbe = new Float64Array(host.partitions.length);
    this.#lastAcked = new Float64Array(host.partitions.length).fill(-1);
    this.#keyIndex = new Int32Array(runCapacity);
    this.#chooser = chooserFor(keys, host.partitions, producerId);
    this.#run = {
      partitionIndex: 0,
      firstSequence: 0,
      intendedNs: this.#intendedNs,
      start: 0,
      count: 0,
      offeredNs: this.#offeredNs,
      keyIndex: keys.kind === 'none' ? null : this.#keyIndex,
      epoch: 0,
      producerId,
    };
  }

  attach(client: ProducerClient): void {
    this.#client = client;
  }

  get client(): ProducerClient {
    if (this.#client === null) throw new Error('a lane is used before its client is attached');
    return this.#client;
  }

  addSegment(segment: Segment): void {
    this.#cursor.add(segment);
  }

  /** Intended time of the oldest message that is due and not taken by the client; NaN: none. */
  oldestDueNs(nowNs: number): number {
    if (this.#head < this.#tail) return this.#intendedNs[this.#head] ?? Number.NaN;
    return this.#cursor.nextNs <= nowNs ? this.#cursor.nextNs : Number.NaN;
  }

  get blocked(): boolean {
    return !Number.isNaN(this.#blockedSinceNs);
  }

  /**
   * Offers what is due, for about a millisecond: after an outage there may be seconds' worth, and the schedule must be
   * looked at meanwhile. Answers whether more is due: call again at the next turn.
   */
  tick(nowNs: number): boolean {
    this.#cursor.pass(nowNs);
    let more = false;
    for (;;) {
      if (this.#host.nowNs() - nowNs > longestTickNs) {
        more = true;
        break;
      }
      if (this.#head === this.#tail) this.#fill(nowNs);
      if (this.#head === this.#tail) {
        this.#blockedSinceNs = Number.NaN;
        break;
      }
      if (!this.#offer()) {
        if (this.#unlimited) {
          // Unthrottled messages are due when there is room for them: what found none was never due.
          if (this.#host.messageLimit !== null) Atomics.sub(this.#host.claimed, 0, BigInt(this.#tail - this.#head));
          this.#tail = this.#head;
          break;
        }
        if (Number.isNaN(this.#blockedSinceNs)) this.#blockedSinceNs = nowNs;
        this.#dropTooOld(nowNs);
        break;
      }
    }
    this.client.poll(nowNs);
    return more;
  }

  /** One probe message to each of the partitions; they have sequence numbers and counts of their own. */
  probe(partitionIndexes: readonly number[], nowNs: number): readonly number[] {
    const refused: number[] = [];
    for (const partitionIndex of partitionIndexes) {
      const probe: MessageRun = {
        ...this.#run,
        partitionIndex,
        firstSequence: this.#nextProbe[partitionIndex] ?? 0,
        intendedNs: Float64Array.of(Math.floor(nowNs)),
        offeredNs: Float64Array.of(nowNs),
        keyIndex: this.#run.keyIndex === null ? null : Int32Array.of(0),
        start: 0,
        count: 1,
        epoch: 0,
        producerId: probeProducerId,
      };
      if (this.client.offer(probe) === 1) this.#nextProbe[partitionIndex] = probe.firstSequence + 1;
      else refused.push(partitionIndex);
    }
    this.client.flush();
    this.client.poll(nowNs);
    return refused;
  }

  /** Gives up everything due that the client has not taken. Answers how many messages became `missed`. */
  giveUp(nowNs: number): number {
    let missed = 0;
    if (this.#head < this.#tail && !this.#unlimited) {
      missed += this.#tail - this.#head;
      this.#host.recorder.countRun('missed', this.#intendedNs, this.#head, this.#tail - this.#head, 1);
    }
    this.#head = this.#tail;
    while (this.#cursor.nextNs <= nowNs) {
      missed += this.#miss();
    }
    this.#bookMissed(missed, nowNs);
    return missed;
  }

  tail(): AckedTail {
    const partitionIndexes: number[] = [];
    const lastAcked: number[] = [];
    for (const [index, last] of this.#lastAcked.entries()) {
      if (last < 0) continue;
      partitionIndexes.push(index);
      lastAcked.push(last);
    }
    return { producerId: this.producerId, partitionIndexes, lastAcked };
  }

  get givenUp(): readonly GivenUp[] {
    return this.#givenUp;
  }

  get givenUpOverflow(): number {
    return this.#givenUpOverflow;
  }

  // What the client tells.

  written(batch: BatchResult): void {
    if (batch.producerId === probeProducerId) return;
    const { count, intendedNs } = batch;
    const { recorder } = this.#host;
    recorder.countRun('sent', intendedNs, 0, count, 1);
    recorder.countRun('bytesSent', intendedNs, 0, count, batch.valueBytes);
    recorder.count('batches', intendedNs[0] ?? 0, 1);
    const totals = this.#totals;
    totals[totalAt.sent] = (totals[totalAt.sent] ?? 0) + count;
    totals[totalAt.batches] = (totals[totalAt.batches] ?? 0) + 1;
    totals[totalAt.batchRecords] = (totals[totalAt.batchRecords] ?? 0) + count;
    totals[totalAt.batchFill] = (totals[totalAt.batchFill] ?? 0) + batch.fill;
    totals[totalAt.queueNs] = (totals[totalAt.queueNs] ?? 0) + (batch.writtenNs - (batch.offeredNs[0] ?? 0));
  }

  retried(batch: BatchResult): void {
    if (batch.producerId === probeProducerId) return;
    this.#host.recorder.countRun('retries', batch.intendedNs, 0, batch.count, 1);
    this.#totals[totalAt.retries] = (this.#totals[totalAt.retries] ?? 0) + batch.count;
  }

  completed(batch: BatchResult): void {
    const totals = this.#totals;
    const { count, fate, intendedNs } = batch;
    if (batch.producerId === probeProducerId) {
      if (fate === 'acked') totals[totalAt.probesAcked] = (totals[totalAt.probesAcked] ?? 0) + count;
      else this.#host.failed(batch.errorCode, count, fate, batch.doneNs);
      return;
    }
    const { recorder } = this.#host;
    recorder.countRun(fate, intendedNs, 0, count, 1);
    totals[totalAt[fate]] = (totals[totalAt[fate]] ?? 0) + count;
    if (fate !== 'acked') {
      this.#rememberGivenUp(batch, fate);
      this.#host.failed(batch.errorCode, count, fate, batch.doneNs);
      return;
    }
    totals[totalAt.bytesAcked] = (totals[totalAt.bytesAcked] ?? 0) + count * batch.valueBytes;
    totals[totalAt.roundTripNs] = (totals[totalAt.roundTripNs] ?? 0) + (batch.doneNs - batch.writtenNs);
    totals[totalAt.throttleMs] = (totals[totalAt.throttleMs] ?? 0) + batch.throttleMs;
    const last = batch.firstSequence + count - 1;
    if (last > (this.#lastAcked[batch.partitionIndex] ?? -1)) this.#lastAcked[batch.partitionIndex] = last;
    // Without an acknowledgement there is no such latency: acks=0 has no samples.
    if (batch.acks === 0) return;
    recorder.recordRun(responseTag, intendedNs, intendedNs, 0, count, batch.doneNs);
    recorder.recordRun(serviceTag, intendedNs, batch.offeredNs, 0, count, batch.doneNs);
  }

  event(event: ClientEvent): void {
    this.#host.event(event);
  }

  /** Takes due messages from the schedule into the arrays, up to a change of segment. */
  #fill(nowNs: number): void {
    const cursor = this.#cursor;
    const segment = cursor.segment;
    this.#head = 0;
    this.#tail = 0;
    if (segment === undefined || nowNs < segment.startNs) return;
    this.#epochOfPending = segment.epoch;
    this.#unlimited = segment.rateHz === null;
    if (this.#unlimited) {
      this.#fillUnthrottled(nowNs, segment);
      return;
    }
    const intendedNs = this.#intendedNs;
    const offeredNs = this.#offeredNs;
    const tooOldNs = nowNs - this.#host.maxBehindNs;
    const blocked = this.blocked;
    let missed = 0;
    let late = 0;
    let count = 0;
    while (count < runCapacity && cursor.nextNs <= nowNs && cursor.segment === segment) {
      if (cursor.nextNs < tooOldNs) {
        missed += this.#miss();
        continue;
      }
      const intended = cursor.nextNs;
      const offered = blocked ? this.#host.ticks.firstAtOrAfter(intended, nowNs) : nowNs;
      intendedNs[count] = intended;
      offeredNs[count] = offered;
      if (offered - intended > this.#host.offeredLateNs) late++;
      this.#keyIndex[count] = this.#chooser.key();
      count++;
      cursor.advance();
    }
    this.#tail = count;
    if (missed > 0) this.#bookMissed(missed, nowNs);
    if (count === 0) return;
    this.#bookScheduled(count);
    if (late > 0) this.#host.recorder.count('offeredLate', intendedNs[0] ?? 0, late);
    if (blocked)
      for (let i = 0; i < count; i++)
        this.#host.recorder.record(slipTag, intendedNs[i] ?? 0, (offeredNs[i] ?? 0) - (intendedNs[i] ?? 0));
    else this.#host.recorder.recordRun(slipTag, intendedNs, intendedNs, 0, count, nowNs);
  }

  #fillUnthrottled(nowNs: number, segment: Segment): void {
    if (nowNs >= this.#cursor.segmentEndNs || !this.#cursor.mine(segment)) return;
    const room = this.#claim();
    this.#intendedNs.fill(Math.floor(nowNs), 0, room);
    this.#offeredNs.fill(nowNs, 0, room);
    for (let i = 0; i < room; i++) this.#keyIndex[i] = this.#chooser.key();
    this.#tail = room;
  }

  /** Claims a run's worth of the messages that all unthrottled producers may send together. */
  #claim(): number {
    const { messageLimit, claimed } = this.#host;
    if (messageLimit === null) return runCapacity;
    const before = Number(Atomics.add(claimed, 0, BigInt(runCapacity)));
    const room = Math.max(0, Math.min(runCapacity, messageLimit - before));
    if (room < runCapacity) Atomics.sub(claimed, 0, BigInt(runCapacity - room));
    return room;
  }

  /** Offers what is pending; false: the client is full. */
  #offer(): boolean {
    const run = this.#run;
    run.epoch = this.#epochOfPending;
    while (this.#head < this.#tail) {
      const { partitionIndex, count } = this.#chooser.next(this.#keyIndex, this.#head, this.#tail, this.client);
      run.partitionIndex = partitionIndex;
      run.firstSequence = this.#nextSequence[partitionIndex] ?? 0;
      run.start = this.#head;
      run.count = count;
      const taken = this.client.offer(run);
      if (taken > 0) {
        this.#nextSequence[partitionIndex] = run.firstSequence + taken;
        this.#chooser.took(taken);
        if (this.#unlimited) {
          this.#bookScheduledRun(taken);
          this.#host.recorder.recordRun(
            slipTag,
            this.#intendedNs,
            this.#offeredNs,
            this.#head,
            taken,
            this.#offeredNs[this.#head] ?? 0,
          );
        }
        this.#head += taken;
      }
      if (taken < count) return false;
    }
    return true;
  }

  #dropTooOld(nowNs: number): void {
    const tooOldNs = nowNs - this.#host.maxBehindNs;
    let dropped = 0;
    while (this.#head + dropped < this.#tail && (this.#intendedNs[this.#head + dropped] ?? 0) < tooOldNs) dropped++;
    if (dropped > 0) {
      this.#host.recorder.countRun('missed', this.#intendedNs, this.#head, dropped, 1);
      this.#head += dropped;
      this.#bookMissed(dropped, nowNs);
    }
    // What waits behind a full buffer grows old as well.
    let missed = 0;
    while (this.#cursor.nextNs < tooOldNs) missed += this.#miss();
    if (missed > 0) this.#bookMissed(missed, nowNs);
  }

  /** Books the next message of the schedule as scheduled and missed, and passes it. */
  #miss(): number {
    const intended = this.#cursor.nextNs;
    this.#host.recorder.count('scheduled', intended, 1);
    this.#host.recorder.count('missed', intended, 1);
    this.#totals[totalAt.scheduled] = (this.#totals[totalAt.scheduled] ?? 0) + 1;
    this.#cursor.advance();
    return 1;
  }

  #bookMissed(messages: number, nowNs: number): void {
    if (messages === 0) return;
    this.#totals[totalAt.missed] = (this.#totals[totalAt.missed] ?? 0) + messages;
    this.#host.missed(messages, nowNs);
  }

  #bookScheduled(count: number): void {
    this.#host.recorder.countRun('scheduled', this.#intendedNs, 0, count, 1);
    this.#totals[totalAt.scheduled] = (this.#totals[totalAt.scheduled] ?? 0) + count;
  }

  #bookScheduledRun(count: number): void {
    this.#host.recorder.countRun('scheduled', this.#intendedNs, this.#head, count, 1);
    this.#totals[totalAt.scheduled] = (this.#totals[totalAt.scheduled] ?? 0) + count;
  }

  #rememberGivenUp(batch: BatchResult, fate: 'failed' | 'unknown'): void {
    if (this.#givenUp.length >= maxGivenUp) {
      this.#givenUpOverflow += batch.count;
      return;
    }
    this.#givenUp.push({
      producerId: this.producerId,
      partitionIndex: batch.partitionIndex,
      from: batch.firstSequence,
      to: batch.firstSequence + batch.count,
      fate,
      intendedNs: batch.intendedNs[0] ?? 0,
    });
  }
}
