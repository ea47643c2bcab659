/**
 * Accounting of one producer in one partition, on the consumer's side: the next expected sequence number and a bounded
 * set of gaps below it. Exact as long as no more than `maxGaps` separate gaps are open; beyond that, said.
 */
export const maxGaps = 1024;

/**
 * The state under this id is a partition's own: its `next` counts the offsets that retention removed there before they
 * were read. Producers have other ids.
 */
export const anyProducerId = -1;

/** A tracker as plain data: it moves with its partition when consumers change. Ranges are [from, to) pairs, ascending. */
export interface TrackerState {
  readonly producerId: number;
  readonly partitionIndex: number;
  readonly next: number;
  readonly gaps: readonly number[];
  /** What retention removed before it was read. */
  readonly expired: readonly number[];
  /** Retention removed records just now: what lies between `next` and the next sequence to come is among them. */
  readonly passedOver: boolean;
  /** Sequences in gaps that did not fit `maxGaps`; they count as missing for good. */
  readonly overflow: number;
}

export type Sighting = 'in-order' | 'gap' | 'reordered' | 'duplicate';

export class SequenceTracker {
  /** Next expected sequence number; NaN, which equals none, while retention has passed over what follows. */
  next = 0;
  /** Sequences that were skipped and have not come since. */
  missing = 0;
  overflow = 0;
  readonly #gaps: number[] = [];
  readonly #expired: number[] = [];
  /** `next`, while that is NaN. */
  #nextBefore = 0;

  /** Takes one sequence number; says how it stands to what was seen before. */
  see(sequence: number): Sighting {
    if (sequence === this.next) {
      this.next = sequence + 1;
      return 'in-order';
    }
    if (this.#passedOver && sequence >= this.#nextBefore) {
      this.#expire(this.#nextBefore, sequence);
      this.next = sequence + 1;
      return 'in-order';
    }
    if (sequence > this.next) {
      this.#addGap(this.next, sequence);
      this.next = sequence + 1;
      return 'gap';
    }
    if (this.#takeOut(this.#gaps, sequence)) {
      this.missing--;
      return 'reordered';
    }
    return this.#takeOut(this.#expired, sequence) ? 'reordered' : 'duplicate';
  }

  /** Retention removed records that were not read: what the next sequence skips is no loss. */
  passOver(): void {
    if (this.#passedOver) return;
    this.#nextBefore = this.next;
    this.next = Number.NaN;
  }

  get #passedOver(): boolean {
    return Number.isNaN(this.next);
  }

  #expire(from: number, to: number): void {
    if (from === to) return;
    if (this.#expired.length < 2 * maxGaps) this.#expired.push(from, to);
    else this.#addGap(from, to);
  }

  #addGap(from: number, to: number): void {
    this.missing += to - from;
    if (this.#gaps.length >= 2 * maxGaps) {
      this.overflow += to - from;
      return;
    }
    this.#gaps.push(from, to);
  }

  /** Takes a late sequence out of its range; false: it is in none, so it was seen before. */
  #takeOut(ranges: number[], sequence: number): boolean {
    for (let at = ranges.length - 2; at >= 0; at -= 2) {
      const from = ranges[at] ?? 0;
      const to = ranges[at + 1] ?? 0;
      if (sequence >= to) return false;
      if (sequence < from) continue;
      if (from + 1 === to) ranges.splice(at, 2);
      else if (sequence === from) ranges[at] = from + 1;
      else if (sequence + 1 === to) ranges[at + 1] = sequence;
      else if (ranges.length < 2 * maxGaps) ranges.splice(at + 1, 0, sequence, sequence + 1);
      else this.#keepLargerPart(ranges, at, sequence);
      return true;
    }
    return false;
  }

  /** No room for one gap more: of the two that `sequence` makes of one, the smaller counts as missing for good. */
  #keepLargerPart(ranges: number[], at: number, sequence: number): void {
    const below = sequence - (ranges[at] ?? 0);
    const above = (ranges[at + 1] ?? 0) - sequence - 1;
    if (below < above) ranges[at] = sequence + 1;
    else ranges[at + 1] = sequence;
    this.overflow += Math.min(below, above);
    if (ranges === this.#expired) this.missing += Math.min(below, above);
  }

  /** [from, to) pairs, ascending. */
  get gaps(): readonly number[] {
    return this.#gaps;
  }

  state(producerId: number, partitionIndex: number): TrackerState {
    return {
      producerId,
      partitionIndex,
      next: this.#passedOver ? this.#nextBefore : this.next,
      gaps: [...this.#gaps],
      expired: [...this.#expired],
      passedOver: this.#passedOver,
      overflow: this.overflow,
    };
  }

  static from(state: TrackerState): SequenceTracker {
    const tracker = new SequenceTracker();
    tracker.next = state.next;
    tracker.#gaps.push(...state.gaps);
    tracker.#expired.push(...state.expired);
    if (state.passedOver) tracker.passOver();
    tracker.overflow = state.overflow;
    tracker.missing = state.overflow;
    for (let at = 0; at < state.gaps.length; at += 2)
      tracker.missing += (state.gaps[at + 1] ?? 0) - (state.gaps[at] ?? 0);
    return tracker;
  }
}
