/**
 * The client's half of a fetch session (KIP-227): the broker remembers what was asked for, and a request names only
 * what changed. Without sessions every request names every partition: 350 KB and 27 ms a round for 5,000 idle ones.
 */
import type { ConsumerKnobs } from '../types.ts';
import { type FetchRequest, noSessionEpoch } from './fetch-request.ts';
import { isFetchable, notRequested, type PartitionSlot } from './partition-slot.ts';

/** From so many partitions of one broker on, a session is worth its place in the broker's cache (1,000 sessions). */
export const sessionMinPartitions = 1_000;

const fullEpoch = 0;
const maxEpoch = 2 ** 31 - 1;

export class FetchSession {
  /** 0: the broker keeps no session for us. */
  #id = 0;
  /** Epoch of the next request; `fullEpoch` asks for a new session. */
  #epoch = fullEpoch;
  /** The request under way is part of a session. */
  #asked = false;
  /** Partitions that the broker's session holds and that are no longer ours to fetch. */
  readonly #gone = new Set<number>();

  /** Starts anew: the next request is a full one, and ends the old session by naming its id. */
  reset(): void {
    this.#epoch = fullEpoch;
    this.#forgetGone();
  }

  /** Forgets also the id: the broker does not know it, or it went with its connection. */
  lose(): void {
    this.#id = 0;
    this.reset();
  }

  /** A slot leaves this broker. */
  leave(slot: PartitionSlot): void {
    if (slot.inSession) this.#gone.add(slot.partitionIndex);
    slot.inSession = false;
  }

  /** Takes the session id of a good answer; 0 where the broker's cache is full. */
  accept(sessionId: number): void {
    if (!this.#asked) return;
    if (sessionId !== this.#id || sessionId === 0) {
      this.#id = sessionId;
      this.#epoch = sessionId === 0 ? fullEpoch : 1;
    } else {
      this.#epoch = this.#epoch === maxEpoch ? 1 : this.#epoch + 1;
    }
  }

  /**
   * Writes the body of a request for all fetchable slots, beginning with slot `first`, and notes in them what it
   * asks for.
   */
  write(
    request: FetchRequest,
    correlationId: number,
    slots: readonly PartitionSlot[],
    first: number,
    fetchable: number,
    knobs: ConsumerKnobs,
    nowNs: number,
  ): void {
    const inSession = fetchable >= sessionMinPartitions;
    request.begin(correlationId, knobs, this.#id, inSession ? this.#epoch : noSessionEpoch);
    if (!inSession) this.lose();
    const incremental = this.#epoch !== fullEpoch;
    if (!incremental) this.#forgetMembers(slots);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[(first + i) % slots.length];
      if (slot === undefined) continue;
      if (!isFetchable(slot, nowNs)) {
        slot.requestedOffset = notRequested;
        this.leave(slot);
        continue;
      }
      this.#gone.delete(slot.partitionIndex);
      if (incremental && slot.inSession && isUnchanged(slot, knobs)) continue;
      slot.inSession = inSession;
      slot.requestedOffset = slot.fetchPosition;
      slot.requestedEpoch = slot.leaderEpoch;
      slot.requestedMaxBytes = knobs.maxPartitionFetchBytes;
      request.partition(slot.partitionIndex, slot.leaderEpoch, slot.fetchPosition, knobs.maxPartitionFetchBytes);
    }
    request.endPartitions();
    for (const partitionIndex of this.#gone) request.forget(partitionIndex);
    this.#forgetGone();
    this.#asked = inSession;
  }

  /** A full request says by itself what is in the session. */
  #forgetMembers(slots: readonly PartitionSlot[]): void {
    for (const slot of slots) slot.inSession = false;
    this.#forgetGone();
  }

  /** Clearing makes a new table, even of an empty set. */
  #forgetGone(): void {
    if (this.#gone.size > 0) this.#gone.clear();
  }
}

function isUnchanged(slot: PartitionSlot, knobs: ConsumerKnobs): boolean {
  return (
    slot.requestedOffset === slot.fetchPosition &&
    slot.requestedEpoch === slot.leaderEpoch &&
    slot.requestedMaxBytes === knobs.maxPartitionFetchBytes
  );
}
