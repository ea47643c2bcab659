/**
 * The queues of one broker that have something to send. As in Java's accumulator, the broker is ready when one of their
 * first batches is (full, past its linger, due again, flushed); a request then takes the first batch of every queue.
 */
import type { Acks } from '../../config/plan.ts';
import type { ProducerState } from './batch.ts';
import { empty } from './lists.ts';
import type { PartitionQueue, QueueLane } from './partition-queue.ts';

export class ReadySet<Lane extends QueueLane> {
  readonly #queues: PartitionQueue<Lane>[] = [];
  /** Where the next request starts to pick, so that queues behind a full request are not starved. */
  #cursor = 0;
  /** Nothing is ready before; may be too early, never too late. */
  readyAtNs = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#queues.length;
  }

  add(queue: PartitionQueue<Lane>): void {
    if (queue.placeInLane < 0) {
      queue.placeInLane = this.#queues.length;
      this.#queues.push(queue);
    }
    this.readyAtNs = Math.min(this.readyAtNs, queue.waiting[0]?.readyAtNs ?? Number.POSITIVE_INFINITY);
  }

  remove(queue: PartitionQueue<Lane>): void {
    const place = queue.placeInLane;
    if (place < 0) return;
    queue.placeInLane = -1;
    const last = this.#queues.pop();
    if (last === undefined || last === queue) return;
    this.#queues[place] = last;
    last.placeInLane = place;
  }

  /** Whether a request is due; if not, `readyAtNs` says when the next look is worth it. */
  isReady(nowNs: number, identity: ProducerState | null): boolean {
    let next = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues) {
      const head = queue.waiting[0];
      if (head === undefined) continue;
      queue.held = queue.holds(head, identity);
      if (queue.held) continue;
      const at = head.readyAtNs;
      if (at <= nowNs) return true;
      if (at < next) next = at;
    }
    this.readyAtNs = next;
    return false;
  }

  /**
   * Picks queues for one request into `picked`: as many as fit `maxBytes` (the first always does), all of the same
   * acks, ordered by partition index.
   */
  pick(nowNs: number, maxBytes: number, identity: ProducerState | null, picked: PartitionQueue<Lane>[]): void {
    empty(picked);
    const count = this.#queues.length;
    let bytes = 0;
    let acks: Acks = 'all';
    for (let k = 0; k < count; k++) {
      const place = (this.#cursor + k) % count;
      const queue = this.#queues[place];
      const head = queue?.waiting[0];
      if (queue === undefined || head === undefined || head.retryAtNs > nowNs) continue;
      queue.held = queue.holds(head, identity);
      if (queue.held || (picked.length > 0 && head.acks !== acks)) continue;
      if (picked.length > 0 && bytes + head.bytes > maxBytes) {
        this.#cursor = place;
        break;
      }
      acks = head.acks;
      bytes += head.bytes;
      picked.push(queue);
    }
    if (picked.length > 1) picked.sort(byPartitionIndex);
  }
}

function byPartitionIndex(a: { readonly partitionIndex: number }, b: { readonly partitionIndex: number }): number {
  return a.partitionIndex - b.partitionIndex;
}
