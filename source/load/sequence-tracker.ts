/**
 * Accounting of one producer in one partition, on the consumer's side: the next expected sequence number and a bounded
 * set of gaps below it. Exact as long as no more than `maxGaps` separate gaps are open; beyond that, said.
 */
export const maxGaps = 1024;

/** A tracker as plain data: it moves with its partition when consumers change. Gaps are [from, to) pairs, ascending. */
export interface TrackerState {
  readonly producerId: number;
  readonly partitionIndex: number;
  readonly next: number;
  readonly gaps: readonly number[];
  /** Sequences in gaps that did not fit `maxGaps`; they count as missing for good. */
  readonly overflow: number;
}

export type Sighting = 'in-order' | 'gap' | 'reordered' | 'duplicate';

export class SequenceTracker {
  next = 0;
  /** Sequences that were skipped and have not come since. */
  missing = 0;
  overflow = 0;
  #gaps: number[] = [];

  /** Takes one sequence number; says how it stands to what was seen before. */
  see(sequence: number): Sighting {
    if (sequence === this.next) {
      this.next = sequence + 1;
      return 'in-order';
    }
    if (sequence > this.next) {
      this.#addGap(this.next, sequence);
      this.next = sequence + 1;
      return 'gap';
    }
    return this.#fill(sequence) ? 'reordered' : 'duplicate';
  }

  #addGap(from: number, to: number): void {
    this.missing += to - from;
    if (this.#gaps.length >= 2 * maxGaps) {
      this.overflow += to - from;
      return;
    }
    this.#gaps.push(from, to);
  }

  /** Takes a late sequence out of its gap; false: it is in none, so it was seen before. */
  #fill(sequence: number): boolean {
    const gaps = this.#gaps;
    for (let at = gaps.length - 2; at >= 0; at -= 2) {
      const from = gaps[at] ?? 0;
      const to = gaps[at + 1] ?? 0;
      if (sequence >= to) return false;
      if (sequence < from) continue;
      this.missing--;
      if (from + 1 === to) gaps.splice(at, 2);
      else if (sequence === from) gaps[at] = from + 1;
      else if (sequence + 1 === to) gaps[at + 1] = sequence;
      else if (gaps.length < 2 * maxGaps) gaps.splice(at + 1, 0, sequence, sequence + 1);
      else this.#keepLargerPart(at, sequence);
      return true;
    }
    return false;
  }

  /** No room for one gap more: of the two that `sequence` makes of one, the smaller counts as missing for good. */
  #keepLargerPart(at: number, sequence: number): void {
    const below = sequence - (this.#gaps[at] ?? 0);
    const above = (this.#gaps[at + 1] ?? 0) - sequence - 1;
    if (below < above) this.#gaps[at] = sequence + 1;
    else this.#gaps[at + 1] = sequence;
    this.overflow += Math.min(below, above);
  }

  /** [from, to) pairs, ascending. */
  get gaps(): readonly number[] {
    return this.#gaps;
  }

  state(producerId: number, partitionIndex: number): TrackerState {
    return { producerId, partitionIndex, next: this.next, gaps: [...this.#gaps], overflow: this.overflow };
  }

  static from(state: TrackerState): SequenceTracker {
    const tracker = new SequenceTracker();
    tracker.next = state.next;
    tracker.#gaps = [...state.gaps];
    tracker.overflow = state.overflow;
    tracker.missing = state.overflow;
    for (let at = 0; at < state.gaps.length; at += 2)
      tracker.missing += (state.gaps[at + 1] ?? 0) - (state.gaps[at] ?? 0);
    return tracker;
  }
}
