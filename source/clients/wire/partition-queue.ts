/**
 * The batches of one partition, in order, and the rules that keep that order: across retries, leader changes and
 * changes of acks. Also the partition's place in Kafka's sequence numbering.
 */
import { type Batch, notIdempotent, type ProducerState } from './batch.ts';
import { removeAt } from './lists.ts';
import type { RunZero } from './run-zero.ts';
import { nextSequence } from './sequence.ts';

const largestEpoch = 32767;

/** Where a queue's batches are sent: one broker's lane. Identity is all that matters here. */
export interface QueueLane {
  /** The queue may have become sendable. */
  wake(): void;
}

export class PartitionQueue<Lane extends QueueLane = QueueLane> {
  readonly partitionIndex: number;
  /** The topic's name; one object for all partitions of a topic. */
  readonly topic: Buffer;
  readonly partition: number;
  /** Waiting, in order; only the last may be open. */
  readonly waiting: Batch[] = [];
  readonly inFlight: Batch[] = [];
  leaderId = -1;
  lane: Lane | null = null;
  /** Place in its lane's set of queues with something to send; −1: none. */
  placeInLane = -1;
  /** The last look found that the first batch must wait for others. */
  held = false;

  #inFlightLane: Lane | null = null;
  /** Batches that were written and have to be written again, or are. */
  #retrying = 0;
  #nextOrder = 0;
  #producer: ProducerState | null = null;
  #nextSequence = 0;
  /** The broker has acknowledged a batch under the present producer id and epoch. */
  #established = false;
  /** The broker's numbering and ours differ: start again with the next epoch once nothing is in flight. */
  #restartDue = false;

  constructor(partitionIndex: number, topic: Buffer, partition: number) {
    this.partitionIndex = partitionIndex;
    this.topic = topic;
    this.partition = partition;
  }

  get unfinished(): boolean {
    return this.waiting.length > 0 || this.inFlight.length > 0;
  }

  /** The batch that takes messages, if there is one. */
  get open(): Batch | undefined {
    const last = this.waiting.at(-1);
    return last === undefined || last.closed ? undefined : last;
  }

  /** Adds a new batch behind all others. */
  add(batch: Batch): void {
    batch.order = this.#nextOrder++;
    this.waiting.push(batch);
  }

  /** Whether the first waiting batch must wait for others, whatever the time. `identity`: the producer's newest id. */
  holds(head: Batch, identity: ProducerState | null): boolean {
    const flying = this.inFlight[0];
    if (flying !== undefined) {
      if (this.#restartDue || this.#inFlightLane !== this.lane || flying.acks !== head.acks) return true;
      // A broker that does not know a producer id takes any sequence: the second batch could overtake a failing first.
      if (head.idempotent && !this.#established) return true;
      if (head.attempts > 0 && this.inFlight.some((batch) => batch.order < head.order)) return true;
    }
    if (head.attempts === 0 && this.#retrying > 0) return true;
    return head.idempotent && this.#nextProducer(identity) === null;
  }

  /** Takes the first batch, which `holds` has let pass, and makes its bytes ready to be written. */
  depart(identity: ProducerState | null, zero: RunZero): Batch | undefined {
    const batch = this.waiting.shift();
    if (batch === undefined) return undefined;
    batch.closed = true;
    batch.pack();
    if (batch.idempotent) this.#number(batch, identity, zero);
    else if (batch.attempts === 0) batch.seal(notIdempotent, -1, createTimeMs(batch, zero));
    batch.attempts++;
    batch.inFlight = true;
    this.inFlight.push(batch);
    this.#inFlightLane = this.lane;
    return batch;
  }

  /** No request holds the batch any more. */
  land(batch: Batch): void {
    batch.inFlight = false;
    const at = this.inFlight.indexOf(batch);
    if (at >= 0) removeAt(this.inFlight, at);
    this.#release();
  }

  /** Puts a batch that has landed back into line, by its order. */
  requeue(batch: Batch): void {
    if (!batch.retrying) {
      batch.retrying = true;
      this.#retrying++;
    }
    let at = 0;
    while ((this.waiting[at]?.order ?? Number.POSITIVE_INFINITY) < batch.order) at++;
    this.waiting.splice(at, 0, batch);
    // What was released may now wait for this one, and this one for others: look again.
    this.lane?.wake();
  }

  /** An idempotent batch was acknowledged: the broker knows us now. */
  established(batch: Batch): void {
    if (batch.idempotent) this.#established = true;
  }

  /** The batch is settled for good. `lost`: given up, so that its sequence numbers may be missing at the broker. */
  settle(batch: Batch, lost: boolean): void {
    if (batch.retrying) {
      batch.retrying = false;
      this.#retrying--;
    }
    if (lost && batch.baseSequence >= 0) this.restartSequence();
    this.#release();
  }

  /** No batch before this one is unsettled: an error of sequence is not the fault of an earlier one. */
  isFirst(batch: Batch): boolean {
    const head = this.waiting[0];
    if (head !== undefined && head.order < batch.order) return false;
    return !this.inFlight.some((other) => other.order < batch.order && !other.finished);
  }

  /** From the next batch on, number from 0 under a new epoch. */
  restartSequence(): void {
    this.#restartDue = true;
  }

  /** Whether it takes another producer id than `identity` to go on: there is no epoch left. */
  needsNewIdentity(identity: ProducerState | null): boolean {
    return this.#restartDue && this.#nextProducer(identity) === null;
  }

  #release(): void {
    if (!this.held) return;
    this.held = false;
    this.lane?.wake();
  }

  /** The producer state of the next batch; null while there is none to be had. */
  #nextProducer(identity: ProducerState | null): ProducerState | null {
    const current = this.#producer;
    if (current === null) return identity;
    if (!this.#restartDue) return current;
    if (current.epoch < largestEpoch) return { idHigh: current.idHigh, idLow: current.idLow, epoch: current.epoch + 1 };
    const renewed = identity !== null && (identity.idHigh !== current.idHigh || identity.idLow !== current.idLow);
    return renewed ? identity : null;
  }

  #number(batch: Batch, identity: ProducerState | null, zero: RunZero): void {
    if (this.#producer === null || this.#restartDue) {
      this.#producer = this.#nextProducer(identity);
      this.#restartDue = false;
      this.#established = false;
      this.#nextSequence = 0;
      this.#assign(batch, zero);
      // All that had a number under the old epoch gets a new one, in order.
      for (const other of this.waiting) if (other.baseSequence >= 0) this.#assign(other, zero);
      return;
    }
    if (batch.baseSequence < 0) this.#assign(batch, zero);
  }

  #assign(batch: Batch, zero: RunZero): void {
    if (this.#producer === null) return;
    batch.seal(this.#producer, this.#nextSequence, createTimeMs(batch, zero));
    this.#nextSequence = nextSequence(this.#nextSequence, batch.count);
  }
}

/** Create time of a batch: when its first message was due. */
function createTimeMs(batch: Batch, zero: RunZero): number {
  return zero.unixMs(batch.intendedNs[0] ?? 0);
}
