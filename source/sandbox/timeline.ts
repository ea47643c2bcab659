/** Something to be done at a time; `cancel` makes it not happen. */
export interface Appointment {
  cancel(): void;
}

/** What `setTimeout` takes at most; it fires at once beyond it. */
const longestTimerMs = 2_147_483_647;
/** A timer of Node's counts whole milliseconds and may come one late: the rest of the way is gone in naps. */
const timerSlackMs = 2;
/**
 * A nap is this part of the time that was asked for, within bounds: an answer of a fraction of a millisecond keeps its time,
 * and one of many leaves the core to those who are measured.
 */
const napShare = 1 / 400;
const shortestNapMs = 0.05;
const longestNapMs = 0.25;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

interface Entry extends Appointment {
  readonly atMs: number;
  readonly napMs: number;
  readonly order: number;
  run: (() => void) | null;
}

/**
 * All that the sandbox does later, on one timer, to about a tenth of a millisecond, or a 400th of the time asked for. Times
 * are absolute, so that a timer that fires late delays an answer but never the ones behind it. Equal times run in the order
 * in which they were made.
 */
export class Timeline {
  readonly #heap: Entry[] = [];
  readonly #now: () => number;
  #order = 0;
  #timer: NodeJS.Timeout | null = null;
  #nap: NodeJS.Immediate | null = null;
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
      napMs: Math.min(longestNapMs, Math.max(shortestNapMs, (atMs - this.#now()) * napShare)),
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
    this.#disarm();
  }

  #arm(): void {
    // What was cancelled wakes nobody: a fetch that was answered leaves the end of its wait behind.
    while (this.#heap[0]?.run === null) this.#pop();
    const next = this.#heap[0];
    if (next === undefined || next.atMs >= this.#timerAtMs) return;
    this.#disarm();
    this.#timerAtMs = next.atMs;
    const waitMs = next.atMs - this.#now();
    if (waitMs > timerSlackMs) {
      const timerMs = Math.min(longestTimerMs, Math.floor(waitMs - timerSlackMs));
      this.#timer = setTimeout(() => this.#fire(), timerMs);
    } else {
      this.#nap = setImmediate(() => this.#doze());
    }
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#nap !== null) clearImmediate(this.#nap);
    this.#timer = null;
    this.#nap = null;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
  }

  /** Sleeps for a moment where nothing is due yet; between two naps the event loop takes what has come. */
  #doze(): void {
    const waitMs = this.#timerAtMs - this.#now();
    if (waitMs > 0) Atomics.wait(sleeper, 0, 0, Math.min(waitMs, this.#heap[0]?.napMs ?? shortestNapMs));
    this.#fire();
  }

  #fire(): void {
    this.#disarm();
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
