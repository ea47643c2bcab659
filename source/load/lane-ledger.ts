/**
 * The books of one producer: what was scheduled, missed and offered (told by its lane), what was written, retried and
 * answered (told by its client). Per message no allocation.
 */
import { probeProducerId } from '../clients/stamp.ts';
import type { BatchResult, ClientEvent, ProducerListener } from '../clients/types.ts';
import { type Figures, type SlotMaximum, type TotalField, totalAt } from '../measure/figures.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { SkewFigures } from '../measure/skew-figures.ts';
import type { AckedTail, GivenUp } from './protocol.ts';
import type { UnderWay } from './under-way.ts';

/** Given-up ranges kept apart; more are counted but no longer told from real losses. */
const maxGivenUp = 10_000;

/** An answer that takes so long on the wire says that the cluster stood still. */
const heldUpNs = 1e9;

/** Places of the latency tags in a producer thread's figures. */
export const producerTags = ['response', 'service', 'slip'] as const;
const responseTag = 0;
const serviceTag = 1;
const slipTag = 2;

export interface LedgerHost {
  readonly figures: Figures;
  readonly recorder: Recorder;
  readonly underWay: UnderWay;
  readonly skew: SkewFigures;
  /** A message offered later than this after its intended time counts as offered late. */
  readonly offeredLateNs: number;
  event(event: ClientEvent): void;
  /** A batch was given up, or is sent again. */
  failed(batch: BatchResult, fate: 'failed' | 'unknown'): void;
  retried(batch: BatchResult): void;
  missed(messages: number, nowNs: number): void;
  /** A batch lies at this offset; times of its first and last message. Once a batch. */
  acked(partitionIndex: number, baseOffset: number, count: number, firstNs: number, lastNs: number): void;
  probeRefused(partitionIndex: number, errorCode: number): void;
}

export class LaneLedger implements ProducerListener {
  readonly #host: LedgerHost;
  readonly #recorder: Recorder;
  readonly #totals: Float64Array;
  readonly #producerId: number;
  readonly #lastAcked: Float64Array;
  readonly #givenUp: GivenUp[] = [];
  #givenUpOverflow = 0;
  /** Until then the client works off what the cluster had held up. */
  #recoversUntilNs = Number.NEGATIVE_INFINITY;

  constructor(host: LedgerHost, producerId: number, partitions: number) {
    this.#host = host;
    this.#recorder = host.recorder;
    this.#totals = host.figures.totals;
    this.#producerId = producerId;
    this.#lastAcked = new Float64Array(partitions).fill(-1);
  }

  // What the lane tells. Messages are [start, start + count) of the arrays.

  /** Messages are due and were offered for the first time, each at its own time. */
  scheduled(intendedNs: Float64Array, offeredNs: Float64Array, start: number, count: number): void {
    this.#recorder.countRun('scheduled', intendedNs, start, count, 1);
    this.#add('scheduled', count);
    let late = 0;
    let at = start;
    // Most runs are offered at one time; where a full buffer was waited for, stretches of them are.
    while (at < start + count) {
      const offered = offeredNs[at] ?? 0;
      let end = at + 1;
      while (end < start + count && offeredNs[end] === offered) end++;
      this.#recorder.recordRun(slipTag, intendedNs, intendedNs, at, end - at, offered);
      this.#host.underWay.enter(end - at, offered);
      // What is late while a cluster's outage is worked off is not the load generator's fault; slip has it all the same.
      if (offered >= this.#recoversUntilNs) {
        for (let i = at; i < end; i++) if (offered - (intendedNs[i] ?? 0) > this.#host.offeredLateNs) late++;
      }
      at = end;
    }
    if (late > 0) this.#recorder.count('offeredLate', intendedNs[start] ?? 0, late);
  }

  /** Messages that were scheduled are given up before the client took them. */
  missed(intendedNs: Float64Array, start: number, count: number, nowNs: number): void {
    if (count === 0) return;
    // Pending messages may stand by partition: their times do not rise, and each may be of another interval.
    for (let at = start; at < start + count; at++) this.#recorder.count('missed', intendedNs[at] ?? 0, 1);
    this.#noteAges('givenUpAfterNs', intendedNs, start, count, nowNs);
    this.#noteAges('missedAfterNs', intendedNs, start, count, nowNs);
    this.#add('missed', count);
    this.#host.underWay.leave(count, nowNs);
    this.#host.missed(count, nowNs);
  }

  /** A message that was due and is given up at once. `isHeldUp`: a full buffer is waited for, which is the cluster's doing. */
  scheduledAndMissed(intendedNs: number, nowNs: number, isHeldUp: boolean): void {
    this.#recorder.count('scheduled', intendedNs, 1);
    this.#recorder.count('missed', intendedNs, 1);
    this.#recorder.raise('givenUpAfterNs', intendedNs, nowNs - intendedNs);
    this.#recorder.raise('missedAfterNs', intendedNs, nowNs - intendedNs);
    if (!isHeldUp && nowNs >= this.#recoversUntilNs) {
      this.#recorder.count('missedByClient', intendedNs, 1);
      this.#recorder.count('offeredLate', intendedNs, 1);
    }
    this.#add('scheduled', 1);
    this.#add('missed', 1);
    this.#host.missed(1, nowNs);
  }

  // What the client tells.

  written(batch: BatchResult): void {
    if (batch.producerId === probeProducerId) return;
    const { count, intendedNs } = batch;
    this.#recorder.countRun('sent', intendedNs, 0, count, 1);
    this.#recorder.countRun('bytesSent', intendedNs, 0, count, batch.valueBytes);
    const firstNs = intendedNs[0] ?? 0;
    this.#recorder.count('batches', firstNs, 1);
    this.#recorder.count('wireBytesSent', firstNs, batch.bytes);
    this.#recorder.count('plainBytesSent', firstNs, batch.plainBytes);
    this.#add('sent', count);
    this.#add('batches', 1);
    this.#add('wireBytesSent', batch.bytes);
    this.#add('plainBytesSent', batch.plainBytes);
    this.#add('batchRecords', count);
    this.#add('batchFill', batch.fill);
    this.#add('queueNs', batch.writtenNs - (batch.offeredNs[0] ?? 0));
  }

  retried(batch: BatchResult): void {
    if (batch.producerId === probeProducerId) return;
    this.#recorder.countRun('retries', batch.intendedNs, 0, batch.count, 1);
    this.#add('retries', batch.count);
    this.#host.retried(batch);
  }

  completed(batch: BatchResult): void {
    const { count, fate, intendedNs } = batch;
    if (batch.producerId === probeProducerId) {
      if (fate === 'acked') this.#add('probesAcked', count);
      else this.#host.probeRefused(batch.partitionIndex, batch.errorCode);
      return;
    }
    this.#host.underWay.leave(count, batch.doneNs);
    this.#totals[totalAt.lastDoneNs] = Math.max(batch.doneNs, this.#totals[totalAt.lastDoneNs] ?? 0);
    this.#noteHoldUp(batch);
    this.#recorder.countRun(fate, intendedNs, 0, count, 1);
    this.#add(fate, count);
    if (fate !== 'acked') {
      this.#noteAges('givenUpAfterNs', intendedNs, 0, count, batch.doneNs);
      this.#rememberGivenUp(batch, fate);
      this.#host.failed(batch, fate);
      return;
    }
    this.#add('bytesAcked', count * batch.valueBytes);
    this.#add('batchesAcked', 1);
    this.#add('roundTripNs', batch.doneNs - batch.writtenNs);
    this.#add('throttleMs', batch.throttleMs);
    const roundTripNs = batch.acks === 0 ? Number.NaN : batch.doneNs - batch.writtenNs;
    this.#host.skew.note(batch.partitionIndex, batch.brokerId, count, count * batch.valueBytes, roundTripNs);
    const last = batch.firstSequence + count - 1;
    if (last > (this.#lastAcked[batch.partitionIndex] ?? -1)) this.#lastAcked[batch.partitionIndex] = last;
    if (batch.baseOffset >= 0)
      this.#host.acked(batch.partitionIndex, batch.baseOffset, count, intendedNs[0] ?? 0, intendedNs[count - 1] ?? 0);
    // Without an acknowledgement there is no such latency: acks=0 has no samples.
    if (batch.acks === 0) return;
    this.#add('responses', count);
    this.#recorder.recordRun(responseTag, intendedNs, intendedNs, 0, count, batch.doneNs);
    this.#add('responseNs', this.#recorder.runNs);
    this.#recorder.recordRun(serviceTag, intendedNs, batch.offeredNs, 0, count, batch.doneNs);
    this.#add('serviceNs', this.#recorder.runNs);
  }

  event(event: ClientEvent): void {
    this.#host.event(event);
  }

  // For the closing account.

  tail(): AckedTail {
    const partitionIndexes: number[] = [];
    const lastAcked: number[] = [];
    for (const [index, last] of this.#lastAcked.entries()) {
      if (last < 0) continue;
      partitionIndexes.push(index);
      lastAcked.push(last);
    }
    return { producerId: this.#producerId, partitionIndexes, lastAcked };
  }

  get givenUp(): readonly GivenUp[] {
    return this.#givenUp;
  }

  get givenUpOverflow(): number {
    return this.#givenUpOverflow;
  }

  /** How old messages were when they were given up: their latency is more than that. */
  #noteAges(field: SlotMaximum, intendedNs: Float64Array, start: number, count: number, nowNs: number): void {
    for (let at = start; at < start + count; at++) {
      const intended = intendedNs[at] ?? 0;
      this.#recorder.raise(field, intended, nowNs - intended);
    }
  }

  /** Recovery lasts a second beyond the last message that waited: batches held up on the wire, and those behind them. */
  #noteHoldUp({ doneNs, offeredNs, writtenNs }: BatchResult): void {
    const onTheWire = doneNs - writtenNs >= heldUpNs;
    const behind = doneNs < this.#recoversUntilNs && doneNs - (offeredNs[0] ?? doneNs) >= heldUpNs;
    if (onTheWire || behind) this.#recoversUntilNs = doneNs + heldUpNs;
  }

  #rememberGivenUp(batch: BatchResult, fate: 'failed' | 'unknown'): void {
    if (this.#givenUp.length >= maxGivenUp) {
      this.#givenUpOverflow += batch.count;
      return;
    }
    this.#givenUp.push({
      producerId: this.#producerId,
      partitionIndex: batch.partitionIndex,
      from: batch.firstSequence,
      to: batch.firstSequence + batch.count,
      fate,
      intendedNs: batch.intendedNs[0] ?? 0,
    });
  }

  #add(field: TotalField, amount: number): void {
    const at = totalAt[field];
    this.#totals[at] = (this.#totals[at] ?? 0) + amount;
  }
}
