/**
 * Books what consumers read: whose message it is, whether it comes in order, how old it is. One for all consumers of a
 * thread; a partition is read by one of them at a time.
 */

import { probeProducerId, stampOffsets } from '../clients/stamp.ts';
import { findStamp } from '../clients/stamp-reader.ts';
import type { ClientEvent, RecordSink, StampIdentity } from '../clients/types.ts';
import { type Figures, type TotalField, totalAt } from '../measure/figures.ts';
import type { Recorder } from '../measure/recorder.ts';

import { PipelineSequences } from './pipeline-sequences.ts';
import type { SeenState } from './seen-sequences.ts';
import { anyProducerId, SequenceTracker, type Sighting, type TrackerState } from './sequence-tracker.ts';

/** Places of the latency tags in a consumer thread's figures. */
export const consumerTags = ['e2e'] as const;
const e2eTag = 0;
const runCapacity = 4096;
const two32 = 4294967296;

export interface AccountingHost {
  readonly figures: Figures;
  readonly recorder: Recorder;
  readonly stamp: StampIdentity;
  readonly stampIn: 'value' | 'header';
  /** Messages come through somebody else's processor, which may have put them in other partitions. */
  readonly throughPipeline: boolean;
  readonly positions: Float64Array;
  readonly highWatermarks: Float64Array;
  readonly nowNs: () => number;
  /** Of the partition that it was sent to. */
  probeSeen(partitionIndex: number): void;
  /** So many records were booked, whoever's they are. */
  read(records: number): void;
  event(event: ClientEvent): void;
}

export class ConsumerAccounting implements RecordSink {
  readonly #host: AccountingHost;
  readonly #totals: Float64Array;
  readonly #runIdHigh: number;
  readonly #runIdLow: number;
  /** By producer id, then partition index. */
  readonly #trackers: (SequenceTracker | undefined)[][] = [];
  /** In place of trackers, through a pipeline. */
  readonly #pipeline: PipelineSequences | null;
  /** Offsets that retention removed before they were read, by partition. */
  readonly #expiredOffsets = new Map<number, number>();
  /** Intended times and value bytes of records read and not yet booked. */
  readonly #intendedNs = new Float64Array(runCapacity);
  #pending = 0;
  #pendingBytes = 0;
  /** Records of others, read and not yet booked, and the bytes of their values. */
  #foreign = 0;
  #foreignBytes = 0;
  #partition = 0;
  #nowNs = 0;

  constructor(host: AccountingHost) {
    this.#host = host;
    this.#totals = host.figures.totals;
    this.#pipeline = host.throughPipeline ? new PipelineSequences() : null;
    this.#runIdHigh = Number.parseInt(host.stamp.runId.slice(0, 8), 16);
    this.#runIdLow = Number.parseInt(host.stamp.runId.slice(8, 16), 16);
  }

  batch(partitionIndex: number, _baseOffset: number, _count: number, _bytes: number, nowNs: number): void {
    this.#book();
    this.#partition = partitionIndex;
    this.#nowNs = nowNs;
  }

  record(bytes: Buffer, valueStart: number, valueLength: number, headersStart: number, end: number): void {
    const at = findStamp(bytes, valueStart, valueLength, headersStart, end, this.#host.stampIn);
    if (at < 0 || uint32(bytes, at + 4) !== this.#runIdHigh || uint32(bytes, at + 8) !== this.#runIdLow) {
      this.#foreign++;
      this.#foreignBytes += Math.max(0, valueLength);
      return;
    }
    const producerId = uint16(bytes, at + stampOffsets.producerId);
    if (producerId === probeProducerId) {
      this.#add('probesConsumed', 1);
      const sentTo = uint16(bytes, at + stampOffsets.partition);
      this.#host.probeSeen(this.#pipeline === null ? this.#partition : sentTo);
      return;
    }
    const { epochZeroHigh, epochZeroLow } = this.#host.stamp;
    const intendedNs = (uint32(bytes, at + 24) - epochZeroHigh) * two32 + (uint32(bytes, at + 28) - epochZeroLow);
    const sequence = uint16(bytes, at + stampOffsets.sequence) * two32 + uint32(bytes, at + 20);
    if (intendedNs >= this.#nowNs) this.#readEarly(this.#nowNs - intendedNs);
    this.#intendedNs[this.#pending++] = intendedNs;
    this.#pendingBytes += Math.max(0, valueLength);
    if (this.#pending === runCapacity) this.#book();

    if (this.#pipeline !== null) {
      const sentTo = uint16(bytes, at + stampOffsets.partition);
      this.#count(this.#pipeline.see(producerId, sentTo, this.#partition, sequence), intendedNs);
      return;
    }
    const tracker = this.#trackerOf(producerId, this.#partition);
    if (sequence === tracker.next) {
      tracker.next = sequence + 1;
      return;
    }
    this.#outOfOrder(tracker, sequence, intendedNs);
  }

  position(partitionIndex: number, nextOffset: number, highWatermark: number): void {
    this.#book();
    this.#host.positions[partitionIndex] = nextOffset;
    this.#host.highWatermarks[partitionIndex] = highWatermark;
  }

  corrupt(_partitionIndex: number, count: number): void {
    this.#happened('corrupt', count);
  }

  expired(partitionIndex: number, count: number): void {
    this.#book();
    this.#happened('expired', count);
    for (const partitions of this.#trackers) partitions?.[partitionIndex]?.passOver();
    this.#expiredOffsets.set(partitionIndex, (this.#expiredOffsets.get(partitionIndex) ?? 0) + count);
  }

  event(event: ClientEvent): void {
    this.#host.event(event);
  }

  /** Takes over what another consumer knew of partitions. */
  adopt(states: readonly TrackerState[]): void {
    for (const state of states) {
      if (state.producerId === anyProducerId) {
        this.#expiredOffsets.set(state.partitionIndex, state.next);
        continue;
      }
      const tracker = SequenceTracker.from(state);
      this.#partitionsOf(state.producerId)[state.partitionIndex] = tracker;
      this.#add('gapMessages', tracker.missing);
      this.#add('gapOverflow', tracker.overflow);
    }
  }

  /** Gives up partitions and answers what is known of them. */
  release(partitionIndexes: readonly number[]): readonly TrackerState[] {
    this.#book();
    const states = this.#expiredStates().filter(({ partitionIndex }) => partitionIndexes.includes(partitionIndex));
    for (const { partitionIndex } of states) this.#expiredOffsets.delete(partitionIndex);
    for (const [producerId, partitions] of this.#trackers.entries()) {
      if (partitions === undefined) continue;
      for (const index of partitionIndexes) {
        const tracker = partitions[index];
        if (tracker === undefined) continue;
        states.push(tracker.state(producerId, index));
        this.#add('gapMessages', -tracker.missing);
        this.#add('gapOverflow', -tracker.overflow);
        partitions[index] = undefined;
      }
    }
    return states;
  }

  /** All that is known, for the closing account. */
  trackers(): readonly TrackerState[] {
    this.#book();
    const seen = this.#trackers.flatMap((partitions, producerId) =>
      partitions.flatMap((tracker, index) => (tracker === undefined ? [] : [tracker.state(producerId, index)])),
    );
    return [...this.#expiredStates(), ...seen];
  }

  /** The same of messages that came through a pipeline. */
  seen(): readonly SeenState[] {
    return this.#pipeline?.states() ?? [];
  }

  #expiredStates(): TrackerState[] {
    return [...this.#expiredOffsets].map(([partitionIndex, next]) => ({
      producerId: anyProducerId,
      partitionIndex,
      next,
      gaps: [],
      expired: [],
      passedOver: false,
      overflow: 0,
    }));
  }

  #outOfOrder(tracker: SequenceTracker, sequence: number, intendedNs: number): void {
    const missingBefore = tracker.missing;
    const overflowBefore = tracker.overflow;
    const sighting = tracker.see(sequence);
    this.#add('gapMessages', tracker.missing - missingBefore);
    this.#add('gapOverflow', tracker.overflow - overflowBefore);
    this.#count(sighting, intendedNs);
  }

  #count(sighting: Sighting, intendedNs: number): void {
    if (sighting !== 'duplicate' && sighting !== 'reordered') return;
    const field = sighting === 'duplicate' ? 'duplicated' : 'reordered';
    this.#host.recorder.count(field, intendedNs, 1);
    this.#add(field, 1);
  }

  /** Books the records read since the last call. */
  #book(): void {
    if (this.#foreign > 0) this.#bookForeign();
    const count = this.#pending;
    if (count === 0) return;
    this.#pending = 0;
    this.#host.read(count);
    const { recorder } = this.#host;
    const mixed = this.#pipeline !== null;
    recorder.countRun('consumed', this.#intendedNs, 0, count, 1, mixed);
    recorder.countRun('bytesConsumed', this.#intendedNs, 0, count, this.#pendingBytes / count, mixed);
    recorder.recordRun(e2eTag, this.#intendedNs, this.#intendedNs, 0, count, this.#nowNs);
    this.#add('consumed', count);
    this.#add('bytesConsumed', this.#pendingBytes);
    this.#pendingBytes = 0;
  }

  /** Recorded as 1 ns with the others; how far below that it truly was is kept apart. */
  #readEarly(e2eNs: number): void {
    this.#add('negativeE2e', 1);
    const at = totalAt.lowestE2eNs;
    if (e2eNs < (this.#totals[at] ?? 0)) this.#totals[at] = e2eNs;
  }

  #bookForeign(): void {
    this.#host.read(this.#foreign);
    this.#happened('foreign', this.#foreign);
    this.#happened('bytesForeign', this.#foreignBytes);
    this.#foreign = 0;
    this.#foreignBytes = 0;
  }

  /** Counts what has no intended time of ours: it belongs to the interval in which it was read. */
  #happened(field: 'foreign' | 'bytesForeign' | 'corrupt' | 'expired', count: number): void {
    this.#host.recorder.count(field, this.#host.nowNs(), count);
    this.#add(field, count);
  }

  #add(field: TotalField, amount: number): void {
    const at = totalAt[field];
    this.#totals[at] = (this.#totals[at] ?? 0) + amount;
  }

  #trackerOf(producerId: number, partitionIndex: number): SequenceTracker {
    const known = this.#trackers[producerId]?.[partitionIndex];
    if (known !== undefined) return known;
    const fresh = new SequenceTracker();
    // Whoever is seen for the first time after retention removed records may have sent some of them.
    if (this.#expiredOffsets.has(partitionIndex)) fresh.passOver();
    this.#partitionsOf(producerId)[partitionIndex] = fresh;
    return fresh;
  }

  #partitionsOf(producerId: number): (SequenceTracker | undefined)[] {
    const known = this.#trackers[producerId];
    if (known !== undefined) return known;
    const fresh: (SequenceTracker | undefined)[] = [];
    this.#trackers[producerId] = fresh;
    return fresh;
  }
}

function uint16(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function uint32(bytes: Buffer, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}
