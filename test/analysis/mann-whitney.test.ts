import { describe, expect, it } from 'vitest';
import { mannWhitney, smallestP } from '../../source/analysis/mann-whitney.ts';

const a = [8.1, 8.4, 7.9, 8.6, 8.2, 8.3];

/** U and p from every way to choose a side, by comparing pairs: slow and plain. */
function byEnumeration(first: readonly number[], second: readonly number[]): { u: number; p: number } {
  const all = [...first, ...second];
  const pairs = (chosen: readonly number[], others: readonly number[]): number =>
    chosen.reduce((sum, x) => sum + others.reduce((more, y) => more + (x > y ? 1 : x === y ? 0.5 : 0), 0), 0);
  const mean = (first.length * second.length) / 2;
  const distance = Math.abs(pairs(first, second) - mean);
  let ways = 0;
  let asFar = 0;
  for (let bits = 0; bits < 2 ** all.length; bits++) {
    const chosen = all.filter((_, at) => (bits >> at) % 2 === 1);
    if (chosen.length !== first.length) continue;
    ways++;
    const others = all.filter((_, at) => (bits >> at) % 2 === 0);
    if (Math.abs(pairs(chosen, others) - mean) >= distance) asFar++;
  }
  return { u: mean - distance, p: asFar / ways };
}

describe('mannWhitney', () => {
  it.each([
    { b: [9.0, 9.3, 8.8, 9.6, 9.1, 8.7], u: 0, p: 0.0021645, digits: 7 },
    { b: [9.2, 9.5, 9.0, 9.8, 9.3, 8.9], u: 0, p: 0.0021645, digits: 7 },
    { b: [8.05, 8.45, 8.25, 8.65, 7.95, 8.35], u: 16, p: 0.818, digits: 3 },
  ])('$b: U = $u, p = $p', ({ b, u, p, digits }) => {
    expect(mannWhitney(a, b).u).toBe(u);
    expect(mannWhitney(a, b).p).toBeCloseTo(p, digits);
    expect(mannWhitney(b, a)).toEqual(mannWhitney(a, b));
  });

  it.each([
    [
      [1, 2, 2],
      [2, 3, 3, 4],
    ],
    [
      [1, 1, 1, 5],
      [1, 2, 5],
    ],
    [
      [3, 3, 3],
      [3, 3, 3],
    ],
    [
      [1, 2, 3, 4, 5],
      [5, 6, 7, 8, 9],
    ],
    [[1], [2, 2, 2, 2, 3]],
    [
      [Number.POSITIVE_INFINITY, 4, Number.POSITIVE_INFINITY],
      [1, 2, Number.POSITIVE_INFINITY],
    ],
    [
      [0.1, 0.2, 0.3, 0.30000000000000004],
      [0.3, 0.2, 0.7, 0.1, 0.9],
    ],
  ])('of %j and %j, ties and all, as every choice of sides says', (first, second) => {
    const { u, p } = byEnumeration(first, second);
    expect(mannWhitney(first, second).u).toBe(u);
    expect(mannWhitney(first, second).p).toBeCloseTo(p, 12);
  });

  it('sees nothing where all are the same', () => {
    expect(mannWhitney([5, 5, 5, 5, 5], [5, 5, 5, 5, 5])).toEqual({ u: 12.5, p: 1 });
  });

  it('is quick with dozens a side', () => {
    const many = Array.from({ length: 30 }, (_, at) => at);
    expect(
      mannWhitney(
        many,
        many.map((value) => value + 100),
      ).p,
    ).toBeCloseTo(smallestP(30, 30), 20);
  });

  it.each([
    [[], [1]],
    [[1], []],
    [[1], [Number.NaN]],
  ])('refuses %j and %j', (first, second) => {
    expect(() => mannWhitney(first, second)).toThrow(RangeError);
  });
});

describe('smallestP', () => {
  it.each([
    [1, 1, 1],
    [1, 3, 0.5],
    [3, 3, 0.1],
    [4, 4, 0.02857],
    [5, 5, 0.00794],
    [6, 6, 0.00216],
  ])('%i v %i: %d', (m, n, p) => {
    expect(smallestP(m, n)).toBeCloseTo(p, 5);
    expect(smallestP(n, m)).toBeCloseTo(p, 5);
    const low = Array.from({ length: m }, (_, at) => at);
    const high = Array.from({ length: n }, (_, at) => 100 + at);
    expect(mannWhitney(low, high).p).toBeCloseTo(smallestP(m, n), 12);
  });
});
