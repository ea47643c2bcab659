import { describe, expect, it } from 'vitest';
import { intervalRank, ratioOf } from '../../source/analysis/hodges-lehmann.ts';

const a = [8.1, 8.4, 7.9, 8.6, 8.2, 8.3];
const b = [9.0, 9.3, 8.8, 9.6, 9.1, 8.7];

describe('ratioOf', () => {
  it.each([
    { b, ratio: 1.0994, low: 1.0482, high: 1.1519 },
    { b: b.map((value) => value + 0.2), ratio: 1.1243, low: 1.0723, high: 1.1772 },
    { b: [8.05, 8.45, 8.25, 8.65, 7.95, 8.35], ratio: 1.006, low: 0.9593, high: 1.0443 },
  ])('$ratio within [$low, $high]', ({ b, ratio, low, high }) => {
    const estimate = ratioOf(a, b);
    expect(estimate.ratio).toBeCloseTo(ratio, 4);
    expect(estimate.interval?.low).toBeCloseTo(low, 4);
    expect(estimate.interval?.high).toBeCloseTo(high, 4);
  });

  it('takes the middle one of an odd number of ratios', () => {
    expect(ratioOf([1, 2, 4], [8])).toEqual({ ratio: 4, interval: null });
  });

  it('gives no interval where too few figures could hold one', () => {
    expect(ratioOf([1, 2, 3], [2, 4, 6]).interval).toBeNull();
    expect(ratioOf([1, 2, 3, 4], [2, 4, 6, 8]).interval).not.toBeNull();
  });

  it.each([
    [[], [1]],
    [[1], []],
    [[0, 1], [1]],
    [[1], [Number.NaN]],
    [[1], [-1]],
  ])('refuses %j and %j', (under, over) => {
    expect(() => ratioOf(under, over)).toThrow(RangeError);
  });
});

describe('intervalRank', () => {
  // Two-sided probabilities below the rank: 3.2 % of 5 v 5, 4.1 % of 6 v 6.
  it.each([
    [3, 3, 0],
    [4, 4, 1],
    [5, 5, 3],
    [6, 6, 6],
    [5, 6, 4],
    [10, 10, 24],
  ])('%i v %i: %i', (m, n, k) => {
    expect(intervalRank(m, n)).toBe(k);
    expect(intervalRank(n, m)).toBe(k);
  });
});
