/** How far end-to-end latency may be off, because two clocks took part in it. Pure. */

/** Less is not told: it is below what a load generator's own timers do. */
const toldFromMs = 0.05;

export interface ClockEvidence {
  /** The most that a clock of the run was off, as it was checked every second, ns. Sender and reader may each be. */
  readonly deviationNs: number;
  /** The most negative end-to-end latency, ms; null: none. Nothing is read before it was due, so clocks differ by that. */
  readonly lowestE2eMs: number | null;
}

/** ms; 0: not worth telling. */
export function e2eErrorMs({ deviationNs, lowestE2eMs }: ClockEvidence): number {
  const errorMs = Math.max((2 * deviationNs) / 1e6, lowestE2eMs === null ? 0 : -lowestE2eMs);
  return errorMs < toldFromMs ? 0 : errorMs;
}

/**
 * Whether a latency lies below its limit, with an error that may go either way; null: nobody can say.
 * method.md, section 4: a pass needs the limit − ε, a failure the limit + ε.
 */
export function isBelow(actualMs: number, limitMs: number, errorMs: number): boolean | null {
  if (actualMs < limitMs - errorMs) return true;
  return actualMs >= limitMs + errorMs ? false : null;
}
