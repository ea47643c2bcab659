/**
 * When a thread's pacer looked at its schedule. While a full buffer blocks a producer, a due message counts as first
 * offered at the first look at or after its intended time: slip is then the pacer's lateness, and the rest of the wait
 * is service, the broker's.
 */
const firstSize = 4096;
/** About two minutes of looks a millisecond apart; older looks are forgotten, and answers become later than true. */
const largestSize = 131_072;
/** Looks closer than this are one: a spinning pacer looks every few microseconds. */
const apartNs = 500_000;

export class TickLog {
  #times = new Float64Array(firstSize);
  #length = 0;

  /** Notes a look at the schedule. */
  note(nowNs: number): void {
    if (this.#length > 0 && nowNs - (this.#times[this.#length - 1] ?? 0) < apartNs) return;
    if (this.#length === this.#times.length) this.#makeRoom();
    this.#times[this.#length++] = nowNs;
  }

  /** Nobody is blocked: earlier looks are not asked for any more. */
  clear(): void {
    this.#length = 0;
  }

  /** First look at or after `timeNs`; `nowNs` where none is noted. Binary search. */
  firstAtOrAfter(timeNs: number, nowNs: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) >= timeNs) high = middle;
      else low = middle + 1;
    }
    return low < this.#length ? (this.#times[low] ?? nowNs) : nowNs;
  }

  #makeRoom(): void {
    if (this.#times.length < largestSize) {
      const larger = new Float64Array(this.#times.length * 2);
      larger.set(this.#times);
      this.#times = larger;
      return;
    }
    const half = this.#length >>> 1;
    this.#times.copyWithin(0, half, this.#length);
    this.#length -= half;
  }
}
