import { describe, expect, it } from 'vitest';
import { intervalCoverage, intervalRank, openRatioOf, ratioOf } from '../../source/analysis/hodges-lehmann.ts';

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

describe('openRatioOf', () => {
  it('is that of positive figures', () => {
    expect(openRatioOf(a, b)).toEqual(ratioOf(a, b));
  });

  const endless = Number.POSITIVE_INFINITY;
  it.each([
    { what: 'endless ones against others', under: a, over: [1, 2, 3, 4, 5, 6].map(() => endless), ratio: endless },
    { what: 'others against endless ones', under: [endless, endless], over: [3, 4], ratio: 0 },
    { what: 'endless ones on both sides', under: [endless, endless], over: [endless, endless], ratio: 1 },
    { what: 'zeros on both sides', under: [0, 0], over: [0, 0], ratio: 1 },
    { what: 'something against zeros', under: [0, 0], over: [1, 1], ratio: endless },
    { what: 'one endless one among many', under: [2, 2, 2], over: [4, 4, endless], ratio: 2 },
  ])('$what: $ratio', ({ under, over, ratio }) => {
    expect(openRatioOf(under, over).ratio).toBe(ratio);
  });

  it.each([
    [[], [1]],
    [[1], []],
    [[1], [Number.NaN]],
    [[-1], [1]],
  ])('refuses %j and %j', (under, over) => {
    expect(() => openRatioOf(under, over)).toThrow(RangeError);
  });
});

describe('intervalCoverage', () => {
  it.each([
    [3, 3, null],
    [4, 4, 0.9714],
    [5, 5, 0.9683],
    [6, 6, 0.9589],
  ])('%i v %i: %j', (m, n, coverage) => {
    const found = intervalCoverage(m, n);
    expect(found === null ? null : Number(found.toFixed(4))).toBe(coverage);
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
