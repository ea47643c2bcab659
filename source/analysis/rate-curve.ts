/** A curve of mean response by rate, as the knee is looked for on it. */

export interface CurvePoint {
  /** Messages per second in a steady step. */
  readonly rateHz: number;
  /** Mean response of that step, ms. */
  readonly meanMs: number;
}

/**
 * By rising rate, with the mean of those at one rate. Points that are no positive numbers say nothing and are left out.
 */
export function risingCurve(points: readonly CurvePoint[]): CurvePoint[] {
  const byRate = new Map<number, { sumMs: number; count: number }>();
  for (const { rateHz, meanMs } of points) {
    if (!isPositive(rateHz) || !isPositive(meanMs)) continue;
    const at = byRate.get(rateHz) ?? { sumMs: 0, count: 0 };
    byRate.set(rateHz, { sumMs: at.sumMs + meanMs, count: at.count + 1 });
  }
  return [...byRate]
    .map(([rateHz, { sumMs, count }]) => ({ rateHz, meanMs: sumMs / count }))
    .sort((a, b) => a.rateHz - b.rateHz);
}

function isPositive(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}
