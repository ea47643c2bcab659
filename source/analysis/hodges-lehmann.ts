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
  if (a.length === 0 || b.length === 0) throw new RangeError('a ratio needs figures on both sides');
  const odd = [...a, ...b].find((value) => !(value > 0 && Number.isFinite(value)));
  if (odd !== undefined) throw new RangeError(`a ratio of positive figures, not of ${odd}`);
  const ratios = b.flatMap((over) => a.map((under) => over / under)).sort((x, y) => x - y);
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
