/** Something to be done at a time; `cancel` makes it not happen. */
export interface Appointment {
  cancel(): void;
}

/** What `setTimeout` takes at most; it fires at once beyond it. */
const longestTimerMs = 2_147_483_647;

interface Entry extends Appointment {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;
}

/**
 * All that the sandbox does later, on one timer. Times are absolute, so that a timer that fires late delays an answer but
 * never the ones behind it. Equal times run in the order in which they were made.
 */
export class Timeline {
  readonly #heap: Entry[] = [];
  readonly #now: () => number;
  #order = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #closed = false;

  /** `now` in ms from any origin. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  at(atMs: number, run: () => void): Appointment {
    const entry: Entry = {
      atMs,
      order: this.#order++,
      run,
      cancel: () => {
        entry.run = null;
      },
    };
    if (this.#closed) return entry;
    this.#push(entry);
    this.#arm();
    return entry;
  }

  after(delayMs: number, run: () => void): Appointment {
    return this.at(this.#now() + delayMs, run);
  }

  /** Forgets everything that is still to come, and takes nothing more. */
  close(): void {
    this.#closed = true;
    this.#heap.length = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || next.atMs >= this.#timerAtMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAtMs = next.atMs;
    const waitMs = Math.max(0, Math.ceil(next.atMs - this.#now()));
    this.#timer = setTimeout(() => this.#fire(), Math.min(longestTimerMs, waitMs));
  }

  #fire(): void {
    this.#timer = null;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const now = this.#now();
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > now) break;
      this.#pop();
      next.run?.();
    }
    this.#arm();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let child = heap.length;
    heap.push(entry);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, below)) {
        child++;
        below = right;
      }
      if (!isBefore(below, last)) break;
      heap[parent] = below;
      parent = child;
    }
    heap[parent] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
