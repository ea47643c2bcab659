import { describe, expect, it } from 'vitest';
import { median, spread } from '../../bench/statistics.ts';

describe('median', () => {
  it.each([
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it('leaves the values as they are', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('spread', () => {
  it.each([
    [[5], 0],
    [[8, 10, 13], 0.3],
    [[0, 0, 4], 0],
  ])('of %j is %d', (values, share) => {
    expect(spread(values)).toBeCloseTo(share);
  });
});
