/**
 * Wait before attempt `attempt` + 1, in ms: doubles from `startMs` up to `maxMs`, ±20 % so that clients that failed
 * together do not come back together (Java's ExponentialBackoff).
 */
export function backoffMs(attempt: number, startMs: number, maxMs: number, random: () => number = Math.random): number {
  const grown = Math.min(maxMs, startMs * 2 ** Math.min(attempt, 30));
  return Math.min(maxMs, grown * (0.8 + 0.4 * random()));
}
