import { describe, expect, it } from 'vitest';
import { type Axis, share, ticksOf } from '../../../bench/scale/axis.ts';

const axis = (scale: Axis['scale'], ticks?: readonly number[]): Axis => ({
  label: 'x',
  scale,
  format: String,
  ...(ticks === undefined ? {} : { ticks }),
});

describe('ticksOf', () => {
  it.each([
    ['linear', [3, 97], [0, 20, 40, 60, 80, 100]],
    ['linear', [0.2], [0, 0.05, 0.1, 0.15, 0.2]],
    ['linear', [0], [0, 1]],
    ['linear', [1000], [0, 200, 400, 600, 800, 1000]],
    ['log', [50_000, 2_000_000], [50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000]],
    ['log', [30, 90], [20, 50, 100]],
    ['log', [16, 1_048_576], [10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]],
    ['log', [100], [100]],
  ] as const)('%s around %j', (scale, values, ticks) => {
    const found = ticksOf(axis(scale), values);
    expect(found.values).toEqual(ticks);
    expect(found.low).toBeLessThanOrEqual(Math.min(...values));
    expect(found.high).toBeGreaterThanOrEqual(Math.max(...values));
  });

  it('takes given ticks, and encloses them', () => {
    expect(ticksOf(axis('log', [1, 100]), [5])).toEqual({ values: [1, 100], low: 1, high: 100 });
  });

  it.each([
    ['log', [0, 1]],
    ['linear', [-1, 1]],
    ['linear', []],
    ['linear', [Number.NaN]],
  ] as const)('refuses, %s, %j', (scale, values) => {
    expect(() => ticksOf(axis(scale), values)).toThrow(RangeError);
  });
});

describe('share', () => {
  it.each([
    ['linear', 25, 0.25],
    ['linear', 100, 1],
    ['log', 10, 0.5],
    ['log', 1, 0],
  ] as const)('%s: where %d lies', (scale, value, expected) => {
    const low = scale === 'log' ? 1 : 0;
    expect(share(scale, { values: [], low, high: 100 }, value)).toBeCloseTo(expected, 9);
  });

  it('puts the only value in the middle', () => {
    expect(share('log', { values: [7], low: 7, high: 7 }, 7)).toBe(0.5);
  });
});
