/**
 * The Mann–Whitney U test, exact also where figures are tied: p is from the distribution of the rank sum over all ways to
 * part these very figures into two sides (Streitberg, Röhmel 1986). Pure.
 */

export interface RankTest {
  /** The smaller of both sides' U: in how many pairs the side that is mostly smaller has the larger one; ties count ½. */
  readonly u: number;
  /** Two-sided: how often chance alone would bring U so far from its mean. */
  readonly p: number;
}

/** Figures may be endless, not NaN. Throws RangeError where a side is empty or a figure is NaN. */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  if (a.length === 0 || b.length === 0) throw new RangeError('a test of two sides needs figures on both');
  if ([...a, ...b].some(Number.isNaN)) throw new RangeError('NaN has no rank');
  const ranks = doubledRanks([...a, ...b]);
  const sum = ranks.slice(0, a.length).reduce((total, rank) => total + rank, 0);
  // Doubled like the ranks: all of it is whole numbers.
  const mean = a.length * (a.length + b.length + 1);
  const distance = Math.abs(sum - mean);
  const ways = waysBySum(ranks, a.length);
  let all = 0;
  let asFar = 0;
  for (const [total, count] of ways.entries()) {
    all += count;
    if (Math.abs(total - mean) >= distance) asFar += count;
  }
  const largerInA = (sum - a.length * (a.length + 1)) / 2;
  return { u: Math.min(largerInA, a.length * b.length - largerInA), p: asFar / all };
}

/** The smallest p that so many figures a side can give, without ties: 2 / (m + n over m), .1 for 3 v 3. */
export function smallestP(m: number, n: number): number {
  let ways = 1;
  for (let i = 1; i <= m; i++) ways *= (n + i) / i;
  return Math.min(1, 2 / ways);
}

/** Twice the rank of each figure, from 1 on; tied ones share the mean of theirs. */
function doubledRanks(values: readonly number[]): number[] {
  const sorted = values.toSorted((x, y) => (x < y ? -1 : x > y ? 1 : 0));
  const shared = new Map<number, number>();
  for (const value of sorted) {
    if (!shared.has(value)) shared.set(value, sorted.indexOf(value) + 1 + (sorted.lastIndexOf(value) + 1));
  }
  return values.map((value) => shared.get(value) ?? 0);
}

/** In how many ways `chosen` of the ranks have each sum; the index is the sum. */
function waysBySum(ranks: readonly number[], chosen: number): Float64Array {
  const most = ranks.toSorted((x, y) => y - x).slice(0, chosen);
  const largest = most.reduce((total, rank) => total + rank, 0);
  // ways[k][s]: k of the ranks seen so far have the sum s.
  const ways = Array.from({ length: chosen + 1 }, () => new Float64Array(largest + 1));
  const none = ways[0];
  if (none !== undefined) none[0] = 1;
  for (const rank of ranks) {
    for (let k = chosen; k >= 1; k--) {
      const [fewer, here] = [ways[k - 1], ways[k]];
      if (fewer === undefined || here === undefined) continue;
      for (let sum = largest; sum >= rank; sum--) here[sum] = (here[sum] ?? 0) + (fewer[sum - rank] ?? 0);
    }
  }
  return ways[chosen] ?? new Float64Array();
}
