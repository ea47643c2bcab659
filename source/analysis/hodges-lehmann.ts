/**
 * How many times as large one set of figures is as another: the Hodges–Lehmann estimate of the ratio, with a
 * distribution-free interval of at least 95 % (Hollander, Wolfe, Chicken: Nonparametric Statistical Methods, 4.3). Pure.
 */

export interface RatioEstimate {
  /** Median of all bⱼ/aᵢ. */
  readonly ratio: number;
  /** null: too few figures for any interval of 95 % (fewer than 4 a side). */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

const mostOutside = 0.05;

/** b over a. Throws RangeError where a side is empty, or a figure is not a positive number. */
export function ratioOf(a: readonly number[], b: readonly number[]): RatioEstimate {
  const odd = [...a, ...b].find((value) => !(value > 0 && Number.isFinite(value)));
  if (odd !== undefined) throw new RangeError(`a ratio of positive figures, not of ${odd}`);
  return openRatioOf(a, b);
}

/**
 * The same of figures that may also be 0 or endless, such as the latency of what is never answered. Two that are equal
 * have the ratio 1. Throws RangeError where a side is empty, or a figure is negative or NaN.
 */
export function openRatioOf(a: readonly number[], b: readonly number[]): RatioEstimate {
  if (a.length === 0 || b.length === 0) throw new RangeError('a ratio needs figures on both sides');
  const odd = [...a, ...b].find((value) => !(value >= 0));
  if (odd !== undefined) throw new RangeError(`a ratio of figures from 0 on, not of ${odd}`);
  const ratios = b.flatMap((over) => a.map((under) => (over === under ? 1 : over / under))).sort(ascending);
  const k = intervalRank(a.length, b.length);
  const low = ratios[k - 1];
  const high = ratios[ratios.length - k];
  const middle = ratios.length / 2;
  const lower = ratios[Math.ceil(middle) - 1] ?? 0;
  const upper = ratios[Math.floor(middle)] ?? lower;
  return {
    ratio: (lower + upper) / 2,
    interval: low === undefined || high === undefined ? null : { low, high },
  };
}

/**
 * The largest k with 2·P(U ≤ k − 1) ≤ .05 where both sides come from one distribution without ties: the interval is from
 * the k-th smallest ratio to the k-th largest. 0: there is none.
 */
export function intervalRank(m: number, n: number): number {
  const counts = arrangementsByU(m, n);
  const all = counts.reduce((sum, count) => sum + count, 0);
  let k = 0;
  let cumulative = 0;
  for (const count of counts) {
    cumulative += count;
    if ((2 * cumulative) / all > mostOutside) break;
    k++;
  }
  return k;
}

/** What an interval of that rank holds of the truth: 1 − 2·P(U ≤ k − 1), 0.968 for 5 v 5; null: there is no interval. */
export function intervalCoverage(m: number, n: number): number | null {
  const k = intervalRank(m, n);
  if (k === 0) return null;
  const counts = arrangementsByU(m, n);
  const sum = (values: Float64Array): number => values.reduce((total, count) => total + count, 0);
  return 1 - (2 * sum(counts.subarray(0, k))) / sum(counts);
}

/** Not by their difference: that of two endless ones is NaN. */
function ascending(x: number, y: number): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

/** In how many orders of m and n figures U is 0, 1, … mn: the coefficients of the Gaussian binomial of m + n over m. */
function arrangementsByU(m: number, n: number): Float64Array {
  const counts = new Float64Array(m * n + 1);
  counts[0] = 1;
  for (let i = 1; i <= m; i++) {
    // Times 1 − q^(n + i), from the top; then divided by 1 − q^i, from the bottom.
    for (let u = m * n; u >= n + i; u--) counts[u] = (counts[u] ?? 0) - (counts[u - n - i] ?? 0);
    for (let u = i; u <= m * n; u++) counts[u] = (counts[u] ?? 0) + (counts[u - i] ?? 0);
  }
  return counts;
}
