/**
 * The knee as the rate of the largest power λ/R̄ (Kleinrock 1979): where a line from the origin touches the curve of mean
 * response by rate. Pure.
 */
import { type CurvePoint, risingCurve } from './rate-curve.ts';

export interface TestedRange {
  readonly lowHz: number;
  readonly highHz: number;
}

export type PowerKnee =
  | { readonly kind: 'found'; readonly rateHz: number; readonly range: TestedRange }
  /** The best rate tested is the lowest or the highest: the knee is there or further out. */
  | { readonly kind: 'beyond'; readonly rateHz: number; readonly end: 'low' | 'high'; readonly range: TestedRange }
  /** Fewer than three rates. */
  | { readonly kind: 'too-few'; readonly range: TestedRange | null };

const fewestRates = 3;

/** Of steady steps, in any order; those at one rate count as one. Of equal powers that of the lowest rate is the best. */
export function powerKnee(points: readonly CurvePoint[]): PowerKnee {
  const curve = risingCurve(points);
  const first = curve[0];
  const last = curve.at(-1);
  if (first === undefined || last === undefined) return { kind: 'too-few', range: null };
  const range = { lowHz: first.rateHz, highHz: last.rateHz };
  if (curve.length < fewestRates) return { kind: 'too-few', range };
  const powers = curve.map(({ rateHz, meanMs }) => ({ rateHz, power: rateHz / meanMs }));
  const best = powers.reduce((most, { power }, at) => (power > (powers[most]?.power ?? 0) ? at : most), 0);
  const [before, middle, after] = powers.slice(Math.max(0, best - 1));
  if (best === 0) return { kind: 'beyond', rateHz: first.rateHz, end: 'low', range };
  if (before === undefined || middle === undefined || after === undefined) {
    return { kind: 'beyond', rateHz: last.rateHz, end: 'high', range };
  }
  return { kind: 'found', rateHz: vertex(before, middle, after), range };
}

interface PowerPoint {
  readonly rateHz: number;
  readonly power: number;
}

/**
 * Where the parabola through three points is highest. The middle one lies above the first and not below the last, so it
 * is bent downward and its top is between them.
 */
function vertex(before: PowerPoint, middle: PowerPoint, after: PowerPoint): number {
  const rise = (middle.power - before.power) / (middle.rateHz - before.rateHz);
  const fall = (after.power - middle.power) / (after.rateHz - middle.rateHz);
  const bend = (fall - rise) / (after.rateHz - before.rateHz);
  return (before.rateHz + middle.rateHz) / 2 - rise / (2 * bend);
}
