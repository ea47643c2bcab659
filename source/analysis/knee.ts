/** The knee of a curve of mean response by rate: a label on the curve, never without the range that was tested. Pure. */

import { powerKnee, type TestedRange } from './knee-power.ts';
import { kneedle } from './kneedle.ts';
import { type CurvePoint, risingCurve } from './rate-curve.ts';
import { fitUsl, type UslFit } from './usl.ts';

export interface Knee {
  /** Where λ/R̄ is largest; with `beyond`, the end of the range, which is the best rate tested. */
  readonly rateHz: number;
  /** The knee is at this end of the range tested, or beyond it; null: within. */
  readonly beyond: 'low' | 'high' | null;
  readonly range: TestedRange;
  /** The second opinion of Kneedle; null: it finds none. */
  readonly kneedleHz: number | null;
  /** null: too few rates, or R² below 0.95. */
  readonly usl: UslFit | null;
}

const leastRSquared = 0.95;

/** null: fewer than three rates. Points may come in any order. */
export function kneeOf(points: readonly CurvePoint[]): Knee | null {
  const power = powerKnee(points);
  if (power.kind === 'too-few') return null;
  const curve = risingCurve(points).map(({ rateHz, meanMs }) => ({ x: rateHz, y: meanMs }));
  const usl = fitUsl(points);
  return {
    rateHz: power.rateHz,
    beyond: power.kind === 'beyond' ? power.end : null,
    range: power.range,
    kneedleHz: kneedle(curve, 'convex'),
    usl: usl !== null && usl.rSquared >= leastRSquared ? usl : null,
  };
}
