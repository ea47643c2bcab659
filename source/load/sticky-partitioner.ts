/**
 * Sticky partitioning without a key, as KIP-794's uniform sticky partitioner with its adaptive part off: that part
 * sends less to a slow broker and so hides it.
 */
import { seededUniform } from './schedule.ts';

/** Stays with a partition until a batch's worth of messages went there, then takes another at random. */
export class StickyPartitioner {
  readonly #partitions: number;
  readonly #uniform: () => number;
  #current: number;
  #left = 0;

  constructor(partitions: number, seed: number) {
    this.#partitions = partitions;
    this.#uniform = seededUniform(seed + 1);
    this.#current = this.#draw();
  }

  /** Partition for the next messages. A live change of the batch's capacity holds from the next switch on. */
  partition(batchCapacity: number): number {
    if (this.#left <= 0) {
      this.#left = Math.max(1, batchCapacity);
      if (this.#partitions > 1) {
        const other = this.#draw();
        this.#current = other === this.#current ? (other + 1) % this.#partitions : other;
      }
    }
    return this.#current;
  }

  /** How many more messages go to the present partition. */
  get room(): number {
    return this.#left;
  }

  took(messages: number): void {
    this.#left -= messages;
  }

  #draw(): number {
    return Math.min(this.#partitions - 1, Math.floor(this.#uniform() * this.#partitions));
  }
}
