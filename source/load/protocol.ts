/** What main tells load threads and what they answer. Plain data; nothing here happens once a message. */
import type {
  Assignment,
  ClientEvent,
  ConsumerKnobs,
  PartitionTable,
  ProducerKnobs,
  StampIdentity,
} from '../clients/types.ts';
import type { ClientName, ClientTuning, Pacing } from '../config/plan.ts';
import type { SecurityMaterial } from '../config/security/material.ts';
import type { AckedOffsetsBuffer } from '../measure/acked-offsets.ts';
import type { ClockAnchor } from '../measure/clock.ts';
import type { FiguresBuffer } from '../measure/figures.ts';
import type { SkewBuffer } from '../measure/skew-figures.ts';
import type { SpanBuffer } from '../measure/spans.ts';
import type { ReadLimit } from './read-count.ts';
import type { Segment } from './schedule.ts';
import type { SeenState } from './seen-sequences.ts';
import type { TrackerState } from './sequence-tracker.ts';

/** Producers' knobs that come with an epoch, and when that begins, run-relative ns. */
export interface KnobsOfEpoch {
  readonly knobs: ProducerKnobs;
  readonly epoch: number;
  readonly atNs: number;
}

/** What both kinds of thread are started with. */
export interface ThreadSetup {
  readonly thread: number;
  readonly client: ClientName;
  readonly bootstrap: readonly string[];
  readonly security: SecurityMaterial;
  readonly tuning: ClientTuning;
  readonly partitions: PartitionTable;
  readonly stamp: StampIdentity;
  readonly anchor: ClockAnchor;
  readonly spans: SpanBuffer;
  readonly figures: FiguresBuffer;
}

export interface ProducerSetup extends ThreadSetup {
  readonly role: 'producers';
  readonly knobs: ProducerKnobs;
  readonly pacing: Exclude<Pacing, 'auto'>;
  readonly maxBehindNs: number;
  /** Most messages a second of all unthrottled producers together; null: no limit. */
  readonly maxRateHz: number | null;
  /** A message offered later than this after its intended time counts as offered late. */
  readonly offeredLateNs: number;
  /** Send no message with this number or above; null: no limit. */
  readonly messageLimit: number | null;
  /** Its row in the table of what lies where in the logs; null: it has none. */
  readonly acked: { readonly table: AckedOffsetsBuffer; readonly row: number } | null;
  /** What it had acknowledged by partition and by broker. */
  readonly skew: SkewBuffer;
  /** One 64-bit count shared by all producer threads: messages claimed while unthrottled. */
  readonly claimed: SharedArrayBuffer;
}

export interface ConsumerSetup extends ThreadSetup {
  readonly role: 'consumers';
  readonly knobs: ConsumerKnobs;
  readonly stampIn: 'value' | 'header';
  /** Messages come through somebody else's processor. All consumers are then in this thread. */
  readonly throughPipeline: boolean;
  /** Position by partition index (NaN: nobody reads it), shared by all consumer threads: one writer per partition. */
  readonly positions: SharedArrayBuffer;
  /** High watermark by partition index as the fetches report it. */
  readonly highWatermarks: SharedArrayBuffer;
  /** Read no more once all consumers together have read so many; null: no limit. */
  readonly readLimit: ReadLimit | null;
}

/** A place in the schedule and the producer that sends for it. Ids are never used twice in a run. */
export interface LanePlace {
  readonly slot: number;
  readonly producerId: number;
}

export interface ConsumerWork {
  readonly consumer: number;
  readonly assignments: readonly Assignment[];
  readonly trackers: readonly TrackerState[];
}

/** Commands with an `id` are answered by a `done` report with the same id once they have taken effect. */
export type Command =
  | { readonly kind: 'open-lanes'; readonly id: number; readonly lanes: readonly LanePlace[] }
  | { readonly kind: 'close-lanes'; readonly id: number; readonly slots: readonly number[]; readonly waitMs: number }
  | { readonly kind: 'segment'; readonly id: number; readonly segment: Segment }
  | { readonly kind: 'producer-knobs'; readonly id: number; readonly change: KnobsOfEpoch }
  | { readonly kind: 'probe'; readonly id: number; readonly slot: number; readonly partitionIndexes: readonly number[] }
  /** Ends what is still due: handed-over messages are waited for up to `waitMs`, the rest is `missed` or `unknown`. */
  | { readonly kind: 'finish-producers'; readonly id: number; readonly waitMs: number }
  | { readonly kind: 'open-consumers'; readonly id: number; readonly consumers: readonly number[] }
  | { readonly kind: 'close-consumers'; readonly id: number; readonly consumers: readonly number[] }
  | { readonly kind: 'assign'; readonly id: number; readonly work: readonly ConsumerWork[] }
  | { readonly kind: 'revoke'; readonly id: number; readonly partitionIndexes: readonly number[] }
  | { readonly kind: 'pause-consumers'; readonly id: number }
  | { readonly kind: 'resume-consumers'; readonly id: number }
  | { readonly kind: 'consumer-knobs'; readonly id: number; readonly knobs: ConsumerKnobs }
  | { readonly kind: 'account'; readonly id: number }
  /** Before the load begins; any thread. */
  | { readonly kind: 'collect-garbage'; readonly id: number };

/** Sequences [from, to) of a producer and partition that were given up. */
export interface GivenUp {
  readonly producerId: number;
  readonly partitionIndex: number;
  readonly from: number;
  readonly to: number;
  readonly fate: 'failed' | 'unknown';
  /** Intended time of the first of them, run-relative ns. */
  readonly intendedNs: number;
}

/** Last acknowledged sequence per partition of one producer (−1: none), sparse. */
export interface AckedTail {
  readonly producerId: number;
  readonly partitionIndexes: readonly number[];
  readonly lastAcked: readonly number[];
}

export interface ErrorTally {
  readonly code: number;
  /** Messages that it was the last word on. */
  readonly givenUp: number;
  /** Messages that were sent again because of it, each time counted. */
  readonly retried: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export type Answer =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'revoked';
      readonly assignments: readonly Assignment[];
      readonly trackers: readonly TrackerState[];
    }
  | { readonly kind: 'trackers'; readonly trackers: readonly TrackerState[]; readonly seen: readonly SeenState[] }
  | {
      readonly kind: 'finished';
      readonly tails: readonly AckedTail[];
      readonly givenUp: readonly GivenUp[];
      readonly givenUpOverflow: number;
    };

export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly answer: Answer }
  | {
      readonly kind: 'refused';
      readonly id: number;
      readonly message: string;
      readonly next: string | null;
      readonly code: string;
    }
  | { readonly kind: 'event'; readonly atNs: number; readonly source: string; readonly event: ClientEvent }
  | {
      readonly kind: 'failed-batches';
      readonly atNs: number;
      readonly errorCode: number;
      readonly partitionIndex: number;
      readonly messages: number;
      readonly fate: 'failed' | 'unknown';
    }
  /** All errors of the thread so far: at most once a second while there are new ones, and before it finishes. */
  | { readonly kind: 'errors'; readonly tallies: readonly ErrorTally[] }
  | { readonly kind: 'missed'; readonly atNs: number; readonly messages: number }
  | { readonly kind: 'probe-seen'; readonly partitionIndex: number }
  /** Given up: no consumer will ever see it. */
  | { readonly kind: 'probe-refused'; readonly partitionIndex: number; readonly errorCode: number }
  | { readonly kind: 'crashed'; readonly message: string; readonly stack: string };
