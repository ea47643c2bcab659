/**
 * Lag in time: how long ago the log's end stood where the consumer stands now, read off samples of the log's end.
 * Between two samples the log is taken to have grown evenly.
 */

/** When the log's end was read, and where it stood. */
export interface LogEndSample {
  readonly timeMs: number;
  readonly logEnd: number;
}

export interface LagTime {
  readonly lagMs: number;
  /** The position is older than all samples: the true lag is larger. */
  readonly atLeast: boolean;
}

/** ms since the log's end stood at `position`, or null without samples. See `lagTime`. */
export function lagMs(samples: readonly LogEndSample[], position: number, nowMs: number): number | null {
  return lagTime(samples, position, nowMs)?.lagMs ?? null;
}

/**
 * How long ago the log's end stood at `position` for the last time. Samples are oldest first and never shrink.
 * 0 at the end of the log; null without samples.
 */
export function lagTime(samples: readonly LogEndSample[], position: number, nowMs: number): LagTime | null {
  const newest = samples.at(-1);
  if (newest === undefined) return null;
  if (position >= newest.logEnd) return { lagMs: 0, atLeast: false };
  // The last sample at or below the position: from there on the log grew past it.
  let low = 0;
  let high = samples.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((samples[middle]?.logEnd ?? Number.POSITIVE_INFINITY) <= position) low = middle;
    else high = middle - 1;
  }
  const before = samples[low];
  if (before === undefined) return null;
  if (before.logEnd > position) return { lagMs: Math.max(0, nowMs - before.timeMs), atLeast: true };
  const after = samples[low + 1] ?? newest;
  const grown = after.logEnd - before.logEnd;
  const share = grown > 0 ? (position - before.logEnd) / grown : 0;
  const stoodMs = before.timeMs + share * (after.timeMs - before.timeMs);
  return { lagMs: Math.max(0, nowMs - stoodMs), atLeast: false };
}

/**
 * A bounded past of one log's end. A sample that comes while the log stands still moves the last one instead of taking
 * a place, so that an idle log keeps its history; when full, the oldest goes.
 */
export class LogEndHistory {
  readonly #limit: number;
  #samples: LogEndSample[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get samples(): readonly LogEndSample[] {
    return this.#samples;
  }

  add(timeMs: number, logEnd: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && logEnd < last.logEnd) this.#samples = []; // the log was cut: its past is void
    const before = this.#samples.at(-2);
    if (last !== undefined && before !== undefined && last.logEnd === logEnd && before.logEnd === logEnd) {
      this.#samples[this.#samples.length - 1] = { timeMs, logEnd };
      return;
    }
    this.#samples.push({ timeMs, logEnd });
    // In blocks, since shifting at every sample would copy the array each time.
    if (this.#samples.length >= this.#limit * 2) this.#samples = this.#samples.slice(-this.#limit);
  }

  lag(position: number, nowMs: number): LagTime | null {
    return lagTime(this.#samples, position, nowMs);
  }
}
