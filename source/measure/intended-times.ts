/**
 * Intended times along one partition's log, where they are known: of some messages exactly, between two of them taken to
 * rise evenly. Bounded: what lies below the consumer goes, and where it is far behind every other point does.
 */
export class IntendedTimes {
  readonly #limit: number;
  /** Ascending, with the time of each beside it. */
  readonly #offsets: number[] = [];
  readonly #timesNs: number[] = [];

  constructor(limit: number) {
    this.#limit = Math.max(4, limit);
  }

  get size(): number {
    return this.#offsets.length;
  }

  /** The message at `offset` was due at `timeNs`. */
  add(offset: number, timeNs: number): void {
    const at = this.#firstFrom(offset);
    if (this.#offsets[at] === offset) return;
    this.#offsets.splice(at, 0, offset);
    this.#timesNs.splice(at, 0, timeNs);
    if (this.#offsets.length > this.#limit) this.#thinOut();
  }

  /** The log was cut: its past is void. */
  clear(): void {
    this.#offsets.length = 0;
    this.#timesNs.length = 0;
  }

  /** Nobody asks for what lies below `position` any more. */
  forgetBelow(position: number): void {
    // The last one at or below it is where the next stretch begins.
    const at = this.#firstFrom(position);
    const gone = this.#offsets[at] === position ? at : at - 1;
    if (gone <= 0) return;
    this.#offsets.splice(0, gone);
    this.#timesNs.splice(0, gone);
  }

  /**
   * When the message at `offset` was due; null where no message from there on is known. Before the first that is known:
   * that one's time, the latest it can be.
   */
  at(offset: number): number | null {
    const above = this.#firstFrom(offset);
    const aboveOffset = this.#offsets[above];
    const aboveNs = this.#timesNs[above];
    if (aboveOffset === undefined || aboveNs === undefined) return null;
    const belowOffset = this.#offsets[above - 1];
    const belowNs = this.#timesNs[above - 1];
    if (belowOffset === undefined || belowNs === undefined) return aboveNs;
    return belowNs + ((offset - belowOffset) / (aboveOffset - belowOffset)) * (aboveNs - belowNs);
  }

  /** Place of the first point at or above `offset`. */
  #firstFrom(offset: number): number {
    let low = 0;
    let high = this.#offsets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#offsets[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Every other point goes; the first and the last stay. */
  #thinOut(): void {
    const last = this.#offsets.length - 1;
    let kept = 0;
    for (let at = 0; at <= last; at++) {
      if (at % 2 !== 0 && at !== last) continue;
      this.#offsets[kept] = this.#offsets[at] ?? 0;
      this.#timesNs[kept] = this.#timesNs[at] ?? 0;
      kept++;
    }
    this.#offsets.length = kept;
    this.#timesNs.length = kept;
  }
}
