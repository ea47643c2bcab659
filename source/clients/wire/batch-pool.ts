/**
 * Batches of the present template, made when first needed and recycled, within `limitBytes` (Java's buffer.memory:
 * batches count with their full capacity from the moment they are opened). What a burst needed is given back in time.
 */
import { Batch } from './batch.ts';
import type { BatchTemplate } from './batch-template.ts';

export class BatchPool {
  readonly #limitBytes: number;
  #template: BatchTemplate;
  #free: Batch[] = [];
  #usedBytes = 0;
  /** The most that was in use since the last `trim`. */
  #peakBytes = 0;

  constructor(limitBytes: number, template: BatchTemplate) {
    this.#limitBytes = limitBytes;
    this.#template = template;
  }

  get template(): BatchTemplate {
    return this.#template;
  }

  /** Bytes of the batches that are in use. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Batches of another template are dropped as they come back. */
  use(template: BatchTemplate): void {
    this.#template = template;
    this.#free = [];
  }

  /** A batch to `reset`; undefined while the memory is used up. A batch larger than all memory is given alone. */
  take(): Batch | undefined {
    const size = this.#template.bytes.length;
    if (this.#usedBytes > 0 && this.#usedBytes + size > this.#limitBytes) return undefined;
    this.#usedBytes += size;
    if (this.#usedBytes > this.#peakBytes) this.#peakBytes = this.#usedBytes;
    return this.#free.pop() ?? new Batch(this.#template);
  }

  release(batch: Batch): void {
    this.#usedBytes -= batch.bytesOf.length;
    if (batch.template === this.#template) this.#free.push(batch);
  }

  /**
   * Lets go of free batches that were not needed since the last call: one message to each of many partitions, as at the
   * start of a run, takes a batch for each. Called every some seconds, so that no burst that comes again makes them anew.
   */
  trim(): void {
    const size = this.#template.bytes.length;
    while (this.#free.length > 0 && this.#usedBytes + this.#free.length * size > this.#peakBytes) this.#free.pop();
    this.#peakBytes = this.#usedBytes;
  }
}
