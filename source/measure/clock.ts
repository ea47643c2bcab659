/**
 * One monotonic clock for all threads. `performance.now()` counts from each thread's own origin; the offset to
 * CLOCK_MONOTONIC is found once per thread, so that run-relative times of different threads compare.
 */

/** The run's zero on CLOCK_MONOTONIC and the wall clock, taken once on the main thread and handed to every thread. */
export interface ClockAnchor {
  /** CLOCK_MONOTONIC ms of the run-relative zero. */
  readonly monotonicMs: number;
  /** Unix ms of the run-relative zero. */
  readonly unixMs: number;
  /** Unix ns of the zero as two unsigned halves, for stamps. */
  readonly epochZeroHigh: number;
  readonly epochZeroLow: number;
}

export interface Clock {
  /** Run-relative ns. */
  nowNs(): number;
  /** Unix ms of a run-relative time. */
  toUnixMs(runNs: number): number;
}

/** ms to add to `performance.now()` of this thread to get CLOCK_MONOTONIC; the tightest of many bracketed readings. */
export function monotonicOffsetMs(readings = 200): number {
  let tightest = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (let i = 0; i < readings; i++) {
    const before = process.hrtime.bigint();
    const here = performance.now();
    const after = process.hrtime.bigint();
    const width = Number(after - before);
    if (width < tightest) {
      tightest = width;
      offset = Number((before + after) / 2n) / 1e6 - here;
    }
  }
  return offset;
}

/** Takes the run's zero: now. */
export function takeAnchor(): ClockAnchor {
  const offsetMs = monotonicOffsetMs();
  // One reading for both clocks: the search for the offset takes its time.
  const nowMs = performance.now();
  const monotonicMs = nowMs + offsetMs;
  const unixMs = performance.timeOrigin + nowMs;
  const unixNs = BigInt(Math.round(unixMs * 1000)) * 1000n;
  return {
    monotonicMs,
    unixMs: Number(unixNs / 1000n) / 1000,
    epochZeroHigh: Number(unixNs >> 32n),
    epochZeroLow: Number(unixNs & 0xffffffffn),
  };
}

/** This thread's view of the run's clock. */
export function realClock(anchor: ClockAnchor): Clock {
  const shiftMs = monotonicOffsetMs() - anchor.monotonicMs;
  return {
    nowNs: () => (performance.now() + shiftMs) * 1e6,
    toUnixMs: (runNs) => anchor.unixMs + runNs / 1e6,
  };
}
