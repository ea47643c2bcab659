/**
 * Which message lies where in the log: for each producer thread and partition the offsets and intended times of the
 * first and the last message of the batch acknowledged last. Shared memory; a row has one writer, its producer thread.
 */
import type { IntendedTimes } from './intended-times.ts';

/** Offset and intended time of the first message, then of the last one. */
const cellFields = 4;
const cellBytes = cellFields * 8;
const versionBytes = 4;

export interface AckedOffsetsBuffer {
  readonly buffer: SharedArrayBuffer;
  readonly writers: number;
  readonly partitions: number;
}

export function createAckedOffsets(writers: number, partitions: number): AckedOffsetsBuffer {
  const buffer = new SharedArrayBuffer(Math.max(8, writers * partitions * (cellBytes + versionBytes)));
  return { buffer, writers, partitions };
}

/** A view on the table; the same on both sides. */
export class AckedOffsets {
  readonly #values: Float64Array;
  /** Odd while its cell is being written; 0: never written. */
  readonly #versions: Int32Array;
  readonly #writers: number;
  readonly #partitions: number;

  constructor({ buffer, writers, partitions }: AckedOffsetsBuffer) {
    const cells = writers * partitions;
    this.#values = new Float64Array(buffer, 0, cells * cellFields);
    this.#versions = new Int32Array(buffer, cells * cellBytes, cells);
    this.#writers = writers;
    this.#partitions = partitions;
  }

  /** A batch of `count` messages lies at `baseOffset`. Called once a batch, by the row's one writer. */
  note(
    writer: number,
    partitionIndex: number,
    baseOffset: number,
    count: number,
    firstNs: number,
    lastNs: number,
  ): void {
    const cell = writer * this.#partitions + partitionIndex;
    const at = cell * cellFields;
    Atomics.add(this.#versions, cell, 1);
    this.#values[at] = baseOffset;
    this.#values[at + 1] = firstNs;
    this.#values[at + 2] = baseOffset + count - 1;
    this.#values[at + 3] = lastNs;
    Atomics.add(this.#versions, cell, 1);
  }

  /** Gives `times` what all writers noted last of a partition; one that is writing just now is left for the next time. */
  copyTo(times: IntendedTimes, partitionIndex: number): void {
    for (let writer = 0; writer < this.#writers; writer++) {
      const cell = writer * this.#partitions + partitionIndex;
      const version = Atomics.load(this.#versions, cell);
      if (version === 0 || (version & 1) !== 0) continue;
      const at = cell * cellFields;
      const firstOffset = this.#values[at] ?? 0;
      const firstNs = this.#values[at + 1] ?? 0;
      const lastOffset = this.#values[at + 2] ?? 0;
      const lastNs = this.#values[at + 3] ?? 0;
      if (Atomics.load(this.#versions, cell) !== version) continue;
      times.add(firstOffset, firstNs);
      times.add(lastOffset, lastNs);
    }
  }
}
