/**
 * One monotonic clock for all threads. `performance.now()` counts from each thread's own origin; the offset to
 * CLOCK_MONOTONIC is found once per thread, so that run-relative times of different threads compare. Whether it still
 * holds is checked once a second (`deviationNs`): an offset that was found wrong, or a source of time that parts, shows.
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

/** A clock that knows how far it has parted from CLOCK_MONOTONIC since it was calibrated. */
export interface CheckedClock extends Clock {
  /** ns, signed; what the readings themselves may be off is not counted. Takes some microseconds. */
  deviationNs(): number;
}

/** Clocks of a run that are further apart than this are told of. */
export const driftLimitNs = 50_000;

/** What to add to `performance.now()` of this thread to get CLOCK_MONOTONIC, and by how much that may be wrong. */
interface Offset {
  readonly offsetMs: number;
  readonly errorMs: number;
}

const calibrationReadings = 200;
const checkReadings = 20;

/** ms to add to `performance.now()` of this thread to get CLOCK_MONOTONIC; the tightest of many bracketed readings. */
export function monotonicOffsetMs(readings = calibrationReadings): number {
  return readOffset(readings).offsetMs;
}

function readOffset(readings: number): Offset {
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
  return { offsetMs: offset, errorMs: tightest / 2e6 };
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
export function realClock(anchor: ClockAnchor): CheckedClock {
  const calibrated = readOffset(calibrationReadings);
  const shiftMs = calibrated.offsetMs - anchor.monotonicMs;
  return {
    deviationNs: () => {
      const now = readOffset(checkReadings);
      const deviationMs = now.offsetMs - calibrated.offsetMs;
      return Math.sign(deviationMs) * Math.max(0, Math.abs(deviationMs) - calibrated.errorMs - now.errorMs) * 1e6;
    },
    nowNs: () => (performance.now() + shiftMs) * 1e6,
    toUnixMs: (runNs) => anchor.unixMs + runNs / 1e6,
  };
}
