/**
 * What one load thread publishes in shared memory; it alone writes, main reads whenever it likes. Main writes only
 * `reads`: which state of each slot it has taken, so that a thread that catches up quickly loses nothing.
 *
 * Two kinds of figures, never mixed:
 * - interval slots: counts and latency histograms by the interval of a message's *intended* time. They go on changing
 *   while its messages are answered; a reader looks at `changes` and reads again what moved.
 * - running totals: what has *happened* so far (a stall shows as a flat line), and gauges of the present.
 */
import type { LatencyTag } from '../config/plan.ts';
import { bucketCount } from './buckets.ts';

/** Intervals kept per thread at most: longer than the delivery timeout, so that every answer finds its interval. */
export const slotCount = 160;

export const slotFields = [
  'interval',
  'changes',
  'scheduled',
  'sent',
  'acked',
  'failed',
  'unknown',
  'missed',
  // Of those missed: never offered, for the load generator's own lateness.
  'missedByClient',
  'retries',
  'batches',
  'bytesSent',
  // Of batches, in the interval of their first message: as they were written, and as they would be without compression.
  'wireBytesSent',
  'plainBytesSent',
  'offeredLate',
  'consumed',
  'bytesConsumed',
  'duplicated',
  'reordered',
  'failedButConsumed',
  'foreign',
  'bytesForeign',
  'corrupt',
  'expired',
  // The oldest age at which a message was given up (failed, unknown, missed), and at which one was missed.
  'givenUpAfterNs',
  'missedAfterNs',
] as const;
export type SlotField = (typeof slotFields)[number];
/** What intervals have together is the largest of each; of all other counts it is the sum. */
export const slotMaxima = ['givenUpAfterNs', 'missedAfterNs'] as const satisfies readonly SlotField[];
export type SlotMaximum = (typeof slotMaxima)[number];
export type SlotCount = Exclude<SlotField, 'interval' | 'changes'>;
export type SlotSum = Exclude<SlotCount, SlotMaximum>;

export const tagFields = ['count', 'sumNs', 'minNs', 'maxNs', 'clamped', 'lowBucket', 'highBucket'] as const;
export type TagField = (typeof tagFields)[number];

export const totalFields = [
  'heartbeatNs',
  'scheduled',
  'sent',
  'acked',
  'failed',
  'unknown',
  'missed',
  'retries',
  'bytesAcked',
  'consumed',
  'bytesConsumed',
  'probesAcked',
  'probesConsumed',
  'duplicated',
  'reordered',
  'foreign',
  'bytesForeign',
  'corrupt',
  'expired',
  'gapMessages',
  'gapOverflow',
  'batches',
  'wireBytesSent',
  'plainBytesSent',
  'batchRecords',
  'batchFill',
  'queueNs',
  'batchesAcked',
  'roundTripNs',
  // Messages with a response, and the sums of their response and service times.
  'responses',
  'responseNs',
  'serviceNs',
  // Time integral of the messages offered and not answered, message · ns: kept apart from all latencies, to check them by.
  'underWayNs',
  'throttleMs',
  'inFlight',
  'buffered',
  'blocked',
  'oldestDueNs',
  // When the last message was answered or given up.
  'lastDoneNs',
  // Time integral of the bytes that wait in sockets' send buffers, byte · ns: divided by the bytes sent, the mean wait of each.
  'sendQueueByteNs',
  'loopDelayP99Ns',
  // Share of the last second in which the thread was at work, 0 … 1; 0 where it spins: it always is.
  'loopBusy',
  'gcPauseNs',
  // Of the last second.
  'gcLongestNs',
  // How far the thread's clock is from CLOCK_MONOTONIC as it was calibrated.
  'clockDeviationNs',
  // Messages read at or before the time they were due (clocks differ), and the most negative end-to-end latency; 0: none was below 0.
  'negativeE2e',
  'lowestE2eNs',
  // 1: a producer was not idempotent, at some time at least. Its retries may have made duplicates.
  'notIdempotent',
  'lostIntervals',
] as const;
export type TotalField = (typeof totalFields)[number];

const place = <Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> => {
  const places: Partial<Record<Name, number>> = {};
  for (const [index, name] of names.entries()) places[name] = index;
  return places as Readonly<Record<Name, number>>;
};

export const slotAt = place(slotFields);
export const tagAt = place(tagFields);
export const totalAt = place(totalFields);

/** The shared memory of one thread, as handed to it. */
export interface FiguresBuffer {
  readonly buffer: SharedArrayBuffer;
  readonly tags: readonly LatencyTag[];
}

const headBytes = (totalFields.length + slotCount) * 8;
const slotHeadFields = (tags: number): number => slotFields.length + tags * tagFields.length;
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export function createFiguresBuffer(tags: readonly LatencyTag[]): FiguresBuffer {
  const slotBytes = slotHeadFields(tags.length) * 8 + tags.length * padded(bucketCount * 4);
  // Untouched pages cost nothing: only buckets that are used become resident.
  const buffer = new SharedArrayBuffer(headBytes + slotCount * slotBytes);
  const figures = new Figures({ buffer, tags });
  for (const slot of figures.slots) slot.head[slotAt.interval] = -1;
  return { buffer, tags };
}

export interface Slot {
  /** `slotFields`, then `tagFields` for each tag. */
  readonly head: Float64Array;
  /** Counts by bucket for each tag, in the order of `tags`. */
  readonly counts: readonly Uint32Array[];
}

/** A number for what a slot holds: slots are reused, an interval's number makes its count of changes its own. */
export function slotState(head: Float64Array): number {
  return (head[slotAt.interval] ?? -1) * 1e9 + (head[slotAt.changes] ?? 0);
}

/** Views on a thread's shared memory; the same on both sides. */
export class Figures {
  readonly tags: readonly LatencyTag[];
  readonly totals: Float64Array;
  /** `slotState` of each slot as main read it last. */
  readonly reads: Float64Array;
  readonly slots: readonly Slot[];

  constructor(shared: FiguresBuffer) {
    const { buffer, tags } = shared;
    this.tags = tags;
    this.totals = new Float64Array(buffer, 0, totalFields.length);
    this.reads = new Float64Array(buffer, totalFields.length * 8, slotCount);
    const headFields = slotHeadFields(tags.length);
    const countBytes = padded(bucketCount * 4);
    const slotBytes = headFields * 8 + tags.length * countBytes;
    this.slots = Array.from({ length: slotCount }, (_, index) => {
      const at = headBytes + index * slotBytes;
      return {
        head: new Float64Array(buffer, at, headFields),
        counts: tags.map((_tag, tag) => new Uint32Array(buffer, at + headFields * 8 + tag * countBytes, bucketCount)),
      };
    });
  }
}

/** Place of a tag's field in a slot's head. */
export function tagFieldAt(tagIndex: number, field: TagField): number {
  return slotFields.length + tagIndex * tagFields.length + tagAt[field];
}
