/** Whether a series rises or falls, without assuming how it is spread: Mann–Kendall's test and Theil–Sen's slope. Pure. */
import { normalTail } from './normal.ts';

export interface Trend {
  /** Pairs that rise less pairs that fall. */
  readonly s: number;
  readonly z: number;
  /** That it rises, one-sided. */
  readonly pRising: number;
  /** That it moves either way. */
  readonly pMoving: number;
}

/** Mann–Kendall with the correction for ties, and for continuity. A series without two different values has no trend. */
export function mannKendall(values: readonly number[]): Trend {
  const n = values.length;
  let s = 0;
  for (let j = 1; j < n; j++) for (let i = 0; i < j; i++) s += Math.sign((values[j] ?? 0) - (values[i] ?? 0));
  const occurrences = new Map<number, number>();
  for (const value of values) occurrences.set(value, (occurrences.get(value) ?? 0) + 1);
  let tied = 0;
  for (const t of occurrences.values()) tied += t * (t - 1) * (2 * t + 5);
  const variance = (n * (n - 1) * (2 * n + 5) - tied) / 18;
  const z = variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0;
  return { s, z, pRising: normalTail(z), pMoving: Math.min(1, 2 * normalTail(Math.abs(z))) };
}

/** Median of the slopes of all pairs, per step of the series; 0 for fewer than two values. */
export function theilSen(values: readonly number[]): number {
  const slopes: number[] = [];
  for (let j = 1; j < values.length; j++) {
    for (let i = 0; i < j; i++) slopes.push(((values[j] ?? 0) - (values[i] ?? 0)) / (j - i));
  }
  return median(slopes);
}

/** Mean of the middle two for an even count; 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** How much a value says about the next one, −1 … 1; 0 where nothing varies. */
export function lag1Autocorrelation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  let products = 0;
  for (const [i, value] of values.entries()) {
    squares += (value - mean) ** 2;
    if (i > 0) products += (value - mean) * ((values[i - 1] ?? 0) - mean);
  }
  return squares === 0 ? 0 : products / squares;
}
