import { describe, expect, it } from 'vitest';
import { mser5 } from '../../source/analysis/mser.ts';

const noise = (i: number): number => (((7919 * i) % 13) - 6) / 10;
const series = (length: number, value: (i: number) => number): number[] => Array.from({ length }, (_, i) => value(i));

describe('MSER-5', () => {
  it('cuts the start-up off a series that settles', () => {
    const points = series(80, (i) => 10 + 40 * 0.8 ** i + noise(i));
    expect(points.reduce((sum, point) => sum + point, 0) / 80).toBeCloseTo(12.4875, 4);
    const cut = mser5(points);
    expect(cut).toMatchObject({ cutPoints: 25, valid: true });
    expect(cut?.mean).toBeCloseTo(10.0046, 4);
  });

  it('finds no valid cut in a ramp', () => {
    expect(mser5(series(80, (i) => 10 + 0.5 * i))).toMatchObject({ cutPoints: 55, valid: false });
  });

  it('takes the smallest cut on ties, and leaves a flat series whole', () => {
    expect(mser5(series(40, () => 3))).toMatchObject({ cutPoints: 0, mean: 3, valid: true });
  });

  it('says nothing of fewer than two batches', () => {
    expect(mser5(series(9, () => 1))).toBeNull();
    expect(mser5(series(10, () => 1))).toMatchObject({ cutPoints: 0, batchMeans: [1, 1] });
  });
});
