/** Curves whose knees are known. */
import type { CurvePoint } from '../../../source/analysis/rate-curve.ts';

export function curve(rates: readonly number[], meanMs: (rateHz: number) => number): CurvePoint[] {
  return rates.map((rateHz) => ({ rateHz, meanMs: meanMs(rateHz) }));
}

/** `count` rates from `first` on, each `step` more. */
export function steps(first: number, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => first + at * step);
}

/** Steps of a search on 2 + 3/(1 − λ/100,000) ms, in the order they were made. */
export const searched = curve(
  [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 45_254.8, 53_817.4, 58_688.3, 61_286.6, 62_628.6],
  (rateHz) => 2 + 3 / (1 - rateHz / 100_000),
);

/** One queue, one server that does 100 a second: mean response in seconds. */
export const singleServer = (rateHz: number): number => 1 / (100 - rateHz);
