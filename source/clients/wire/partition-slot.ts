/** One assigned partition of a consumer: where it stands and what was asked of its leader. */
import type { Assignment } from '../types.ts';

/** `requestedOffset` of a partition that the leader was not asked for. */
export const notRequested = -1;

export interface PartitionSlot {
  readonly partitionIndex: number;
  /** Offset of the next record that the sink gets. */
  position: number;
  /** Offset that the next fetch asks for. Ahead of `position` only while an answer is being walked. */
  fetchPosition: number;
  /** Broker id of the leader; −1 while there is none. */
  leader: number;
  /** The last leader there was; −1 before the first. */
  lastLeader: number;
  /** Leader epoch of the directory when the leader was looked up last. */
  leaderEpoch: number;
  /** As the request under way, or the broker's fetch session, has it. An answer counts only for this offset. */
  requestedOffset: number;
  requestedEpoch: number;
  requestedMaxBytes: number;
  /** Part of the broker's fetch session. */
  inSession: boolean;
  /** Errors in a row; the back-off grows with them. */
  failures: number;
  /** Not fetched before this time, run-relative ns. */
  retryAtNs: number;
  /** Out of range: its log's start and end are being looked up. */
  lookingUp: boolean;
  /** Given up: nothing more of it goes to the sink. */
  revoked: boolean;
}

export function newSlot({ partitionIndex, position }: Assignment): PartitionSlot {
  return {
    partitionIndex,
    position,
    fetchPosition: position,
    leader: -1,
    lastLeader: -1,
    leaderEpoch: -1,
    requestedOffset: notRequested,
    requestedEpoch: -1,
    requestedMaxBytes: 0,
    inSession: false,
    failures: 0,
    retryAtNs: Number.NEGATIVE_INFINITY,
    lookingUp: false,
    revoked: false,
  };
}

/** Goes on reading at `position`, wherever the partition stood before. */
export function seek(slot: PartitionSlot, position: number): void {
  slot.position = position;
  slot.fetchPosition = position;
  slot.requestedOffset = notRequested;
}

export function isFetchable(slot: PartitionSlot, nowNs: number): boolean {
  return !slot.lookingUp && slot.retryAtNs <= nowNs;
}
