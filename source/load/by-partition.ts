/** Sorts pending messages by the partition of their key: a stable counting sort that allocates nothing per message. */
import type { Pending } from './chooser.ts';

export class ByPartition {
  readonly #partitionOfKey: Int32Array;
  /** By partition: how many of the messages are its own, then where its next one goes. All 0 between two sorts. */
  readonly #counts: Int32Array;
  readonly #starts: Int32Array;
  /** Partitions that have messages, in the order in which they first appear. */
  readonly #seen: Int32Array;
  #scratch = scratchFor(0);

  constructor(partitionOfKey: Int32Array, partitions: number) {
    this.#partitionOfKey = partitionOfKey;
    this.#counts = new Int32Array(partitions);
    this.#starts = new Int32Array(partitions);
    this.#seen = new Int32Array(partitions);
  }

  /** Brings the first `count` entries into order; those of one partition stay in theirs. */
  sort({ intendedNs, offeredNs, keyIndex }: Pending, count: number): void {
    const seen = this.#count(keyIndex, count);
    // Each alone, or all together: there is nothing to gain.
    const isWorthIt = seen > 1 && seen < count;
    let at = 0;
    for (let i = 0; i < seen; i++) {
      const partition = this.#seen[i] ?? 0;
      this.#starts[partition] = at;
      at += this.#counts[partition] ?? 0;
      this.#counts[partition] = 0;
    }
    if (!isWorthIt) return;
    if (this.#scratch.keyIndex.length < count) this.#scratch = scratchFor(intendedNs.length);
    const sorted = this.#scratch;
    for (let i = 0; i < count; i++) {
      const key = keyIndex[i] ?? 0;
      const partition = this.#partitionOfKey[key] ?? 0;
      const place = this.#starts[partition] ?? 0;
      this.#starts[partition] = place + 1;
      sorted.intendedNs[place] = intendedNs[i] ?? 0;
      sorted.offeredNs[place] = offeredNs[i] ?? 0;
      sorted.keyIndex[place] = key;
    }
    for (let i = 0; i < count; i++) {
      intendedNs[i] = sorted.intendedNs[i] ?? 0;
      offeredNs[i] = sorted.offeredNs[i] ?? 0;
      keyIndex[i] = sorted.keyIndex[i] ?? 0;
    }
  }

  /** Counts messages by partition. Answers how many partitions there are. */
  #count(keyIndex: Int32Array, count: number): number {
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const partition = this.#partitionOfKey[keyIndex[i] ?? 0] ?? 0;
      const before = this.#counts[partition] ?? 0;
      if (before === 0) this.#seen[seen++] = partition;
      this.#counts[partition] = before + 1;
    }
    return seen;
  }
}

function scratchFor(messages: number): Pending {
  return {
    intendedNs: new Float64Array(messages),
    offeredNs: new Float64Array(messages),
    keyIndex: new Int32Array(messages),
  };
}
