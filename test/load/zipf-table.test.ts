import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../source/load/schedule.ts';
import { ZipfTable, zipfTable } from '../../source/load/zipf-table.ts';

function probabilities(count: number, exponent: number): number[] {
  const weights = Array.from({ length: count }, (_, k) => (k + 1) ** -exponent);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function countsOf(table: ZipfTable, draws: number, seed: number): number[] {
  const counts = Array<number>(table.count).fill(0);
  const uniform = seededUniform(seed);
  for (let i = 0; i < draws; i++) {
    const drawn = table.draw(uniform);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  return counts;
}

/** Pearson's statistic, rare numbers taken together so that each cell expects 10 at least; and the degrees of freedom. */
function chiSquare(counts: readonly number[], expected: readonly number[]) {
  let statistic = 0;
  let cells = 0;
  let seen = 0;
  let wanted = 0;
  for (const [at, expectation] of expected.entries()) {
    seen += counts[at] ?? 0;
    wanted += expectation;
    if (wanted < 10 && at < expected.length - 1) continue;
    statistic += (seen - wanted) ** 2 / wanted;
    cells++;
    seen = 0;
    wanted = 0;
  }
  return { statistic, freedom: cells - 1 };
}

describe('ZipfTable', () => {
  it.each([
    [1000, 1],
    [1000, 1.2],
    [1000, 0.5],
    [7, 2],
    [3, 0],
    [10_000, 3],
  ])('%i numbers, exponent %d: drawn as often as they should be', (count, exponent) => {
    const draws = 400_000;
    const counts = countsOf(new ZipfTable(count, exponent), draws, 12_345);
    const expected = probabilities(count, exponent).map((share) => share * draws);
    const { statistic, freedom } = chiSquare(counts, expected);
    // Mean f, standard deviation √(2f): five of them is far out, and another exponent is much farther.
    expect(statistic).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(draws);
  });

  it('tells exponents apart', () => {
    const draws = 400_000;
    const counts = countsOf(new ZipfTable(1000, 1.05), draws, 12_345);
    const expected = probabilities(1000, 1).map((share) => share * draws);
    const { statistic, freedom } = chiSquare(counts, expected);
    expect(statistic).toBeGreaterThan(3 * freedom);
  });

  it('knows one number alone', () => {
    expect(countsOf(new ZipfTable(1, 1), 100, 1)).toEqual([100]);
  });

  it('never leaves its numbers, at either end of what a uniform number can be', () => {
    const table = new ZipfTable(5, 1);
    for (const value of [Number.MIN_VALUE, 1]) expect([0, 1, 2, 3, 4]).toContain(table.draw(() => value));
  });

  it('is laid once for all producers that share it', () => {
    const first = zipfTable(100, 1);
    expect(zipfTable(100, 1)).toBe(first);
    expect(zipfTable(100, 1.5)).not.toBe(first);
    expect(zipfTable(101, 1.5).count).toBe(101);
  });
});
