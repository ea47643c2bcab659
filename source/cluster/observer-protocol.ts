/** What the observer thread is started with, told and tells. Plain data. */
import type { PartitionTable } from '../clients/types.ts';
import type { ClientTuning } from '../config/plan.ts';
import type { SecurityMaterial } from '../config/security/material.ts';
import type { AckedOffsetsBuffer } from '../measure/acked-offsets.ts';
import type { ClockAnchor } from '../measure/clock.ts';
import type { HostSample } from '../measure/host.ts';
import type { LagFigures } from './lag-book.ts';
import type { WatchedLag } from './watched-groups.ts';

export interface ObserverSetup {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly security: SecurityMaterial;
  readonly tuning: ClientTuning;
  readonly partitions: PartitionTable;
  /** Group whose offsets are committed and read back once a second; null: neither. */
  readonly group: string | null;
  /** Float64 by partition index: next offset to read; NaN: nobody reads it. Read here. */
  readonly positions: SharedArrayBuffer;
  /** Float64 by partition index: high watermark; NaN: not known yet. Written here. */
  readonly logEnds: SharedArrayBuffer;
  /** What this run's producers were told of their messages' places; null: nothing is produced. Read here. */
  readonly own: { readonly anchor: ClockAnchor; readonly acked: AckedOffsetsBuffer } | null;
  /** Float64 by partition index: committed offset as the broker tells it; NaN: none. Written here. */
  readonly committed: SharedArrayBuffer;
  /** Groups of others to follow; null: none. */
  readonly watch: WatchSetup | null;
}

/** Groups of others, and the partitions that this run writes to, in which they are followed. */
export interface WatchSetup {
  readonly groups: readonly string[];
  /** null: those that this run reads, too. */
  readonly partitions: PartitionTable | null;
  /** As `ObserverSetup.own`, for these partitions. */
  readonly own: ObserverSetup['own'];
  /** Float64 by partition index: high watermark; NaN: not known yet. Written here. */
  readonly logEnds: SharedArrayBuffer;
  /** Float64 by group, then partition index: committed offset; NaN: none. Written here. */
  readonly committed: SharedArrayBuffer;
}

/** Commands are answered by a `done` report with the same id. */
export type ObserverCommand =
  /** Commits every position now (at a pause and at the end) and reads the offsets back. */
  { readonly kind: 'commit-now'; readonly id: number } | { readonly kind: 'close'; readonly id: number };

/** Times are Unix ms. */
export type ObserverReport =
  | { readonly kind: 'ready' }
  /** The cluster could not be found at all. */
  | { readonly kind: 'unreachable'; readonly message: string }
  | ({ readonly kind: 'offsets'; readonly asOfMs: number } & LagFigures)
  | { readonly kind: 'committed'; readonly asOfMs: number; readonly committedLagMessages: number | null }
  /** Once a second. */
  | { readonly kind: 'watched'; readonly asOfMs: number; readonly groups: readonly WatchedLag[] }
  | { readonly kind: 'ping'; readonly asOfMs: number; readonly roundTrips: readonly BrokerRoundTrip[] }
  | { readonly kind: 'host'; readonly sample: HostSample }
  /** Sent once a second while it lasts. `sinceMs`: the last good answer (or the start). */
  | {
      readonly kind: 'no-answer';
      readonly about: 'offsets' | 'group';
      readonly sinceMs: number;
      readonly message: string;
    }
  /** Answers come again. */
  | { readonly kind: 'answered'; readonly about: 'offsets' | 'group' }
  /** We may not commit for the group; positions serve, and it is not tried again. Sent once. */
  | { readonly kind: 'commit-refused'; readonly group: string }
  | { readonly kind: 'done'; readonly id: number; readonly committed: boolean };

export interface BrokerRoundTrip {
  readonly brokerId: number;
  /** null: no answer. */
  readonly roundTripMs: number | null;
}
