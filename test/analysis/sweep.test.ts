import { describe, expect, it } from 'vitest';
import { type SweepFigures, startFactor, sweepOrder, sweepResults } from '../../source/analysis/sweep.ts';

describe('sweepOrder', () => {
  const rounds = (seed: number): number[][] => {
    const turns = sweepOrder(8, 3, seed);
    return [0, 1, 2].map((repeat) => turns.slice(repeat * 8, repeat * 8 + 8).map(({ combination }) => combination));
  };

  it('has every combination once in each round', () => {
    for (const round of rounds(1)) expect(round.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(sweepOrder(8, 3, 1).map(({ repeat }) => repeat)).toEqual([0, 1, 2].flatMap((one) => Array(8).fill(one)));
  });

  it('has an order of its own in each round and for each seed, and the same again for the same seed', () => {
    const [first, second, third] = rounds(1);
    expect(first).not.toEqual(second);
    expect(second).not.toEqual(third);
    expect(rounds(2)).not.toEqual(rounds(1));
    expect(rounds(1)).toEqual([first, second, third]);
  });

  it('puts each combination first about as often as any other', () => {
    const first = Array.from({ length: 800 }, (_, seed) => sweepOrder(4, 1, seed)[0]?.combination);
    for (const combination of [0, 1, 2, 3]) {
      const times = first.filter((one) => one === combination).length;
      expect(times).toBeGreaterThan(140);
      expect(times).toBeLessThan(260);
    }
  });
});

describe('startFactor', () => {
  it('lies between 1 and 2, differs from turn to turn, and is the same again', () => {
    const factors = Array.from({ length: 50 }, (_, turn) => startFactor(7, turn));
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...factors)).toBeLessThan(2);
    expect(new Set(factors).size).toBe(50);
    expect(startFactor(7, 3)).toBe(factors[3]);
    expect(startFactor(8, 3)).not.toBe(factors[3]);
  });
});

/** combination, targetRate, rate, p99Ms */
type Row = readonly [number, number | null, number | null, number | null];
const figures = (rows: readonly Row[]): SweepFigures[] =>
  rows.map(([combination, targetRate, rate, p99Ms]) => ({ combination, targetRate, rate, p99Ms }));

describe('sweepResults', () => {
  it.each<[string, boolean, Row[], number[]]>([
    [
      'at one target rate by p99',
      false,
      [
        [0, 1000, 1000, 5],
        [1, 1000, 1000, 2],
        [2, 1000, 1001, 3],
      ],
      [1, 2, 0],
    ],
    [
      'what did not keep up comes last, whatever its p99',
      false,
      [
        [0, 1000, 500, 1],
        [1, 1000, 999, 9],
      ],
      [1, 0],
    ],
    [
      'the higher target that was kept up with first',
      false,
      [
        [0, 1000, 1000, 1],
        [1, 2000, 2000, 5],
        [2, 4000, 3000, 100],
      ],
      [1, 0, 2],
    ],
    [
      'unthrottled by throughput',
      false,
      [
        [0, null, 5000, 1],
        [1, null, 9000, 50],
      ],
      [1, 0],
    ],
    [
      'searched for by what was found, nothing found last',
      true,
      [
        [0, null, null, null],
        [1, null, 4000, 3],
        [2, null, 8000, 9],
      ],
      [2, 1, 0],
    ],
    [
      'without a p99 after those that have one',
      false,
      [
        [0, 1000, 1000, null],
        [1, 1000, 1000, 90],
      ],
      [1, 0],
    ],
  ])('%s', (_, searched, rows, order) => {
    expect(sweepResults(figures(rows), searched).map(({ combination }) => combination)).toEqual(order);
  });

  it('takes medians of repeats, with the lowest and the highest', () => {
    const [result] = sweepResults(
      figures([
        [0, 1000, 900, 30],
        [0, 1000, 1000, 2],
        [0, 1000, 950, 4],
      ]),
      false,
    );
    expect(result).toEqual({
      combination: 0,
      runs: 3,
      rate: { median: 950, low: 900, high: 1000 },
      p99Ms: { median: 4, low: 2, high: 30 },
      pareto: true,
    });
  });

  it.each<[string, (number | null)[], number | null]>([
    ['one of three without a figure: the worst', [2, null, 4], 4],
    ['two of three', [2, null, null], null],
    ['one of two', [2, null], null],
    ['an even number', [2, 4], 3],
  ])('median: %s', (_, p99s, median) => {
    const [result] = sweepResults(figures(p99s.map((p99): Row => [0, 1000, 1000, p99])), false);
    expect(result?.p99Ms.median).toBe(median);
  });

  it.each<[string, Row[], number[]]>([
    [
      'more throughput at a higher p99 is no worse',
      [
        [0, null, 1000, 2],
        [1, null, 2000, 5],
        [2, null, 1500, 6],
        [3, null, 900, 3],
      ],
      [0, 1],
    ],
    [
      'at one target rate the lowest p99 alone: jitter of the rate is no merit',
      [
        [0, 1000, 1000.4, 5],
        [1, 1000, 999.6, 2],
      ],
      [1],
    ],
    [
      'the same figures are both on it',
      [
        [0, 1000, 1000, 2],
        [1, 1000, 1000, 2],
      ],
      [0, 1],
    ],
    [
      'never one without a p99',
      [
        [0, null, 9000, null],
        [1, null, 1000, 2],
      ],
      [1],
    ],
  ])('Pareto front: %s', (_, rows, front) => {
    const marked = sweepResults(figures(rows), false).filter(({ pareto }) => pareto);
    expect(marked.map(({ combination }) => combination).toSorted((a, b) => a - b)).toEqual(front);
  });
});
