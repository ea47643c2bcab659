import { describe, expect, it } from 'vitest';
import { IntendedTimes } from '../../source/measure/intended-times.ts';

function timesOf(points: readonly (readonly [offset: number, timeNs: number])[], limit = 100): IntendedTimes {
  const times = new IntendedTimes(limit);
  for (const [offset, timeNs] of points) times.add(offset, timeNs);
  return times;
}

/** A second of 100 messages, nothing for a minute, and another second of 100. */
const twoBursts = [
  [0, 0],
  [99, 0.99e9],
  [100, 61e9],
  [199, 61.99e9],
] as const;

describe('the time of an offset', () => {
  it.each<readonly [string, readonly (readonly [number, number])[], number, number | null]>([
    ['nothing known', [], 5, null],
    ['of a known message', twoBursts, 99, 0.99e9],
    ['of the first after a rest, not a share of the rest', twoBursts, 100, 61e9],
    ['between two', twoBursts, 50, 0.5e9],
    ['between two of the second burst', twoBursts, 110, 61.1e9],
    ['beyond all that is known', twoBursts, 200, null],
    ['before all that is known: not later than the first', [[10, 7e9]], 4, 7e9],
    ['told in any order', [twoBursts[2], twoBursts[0], twoBursts[3], twoBursts[1]], 50, 0.5e9],
    [
      'told twice',
      [
        [5, 1e9],
        [5, 1e9],
      ],
      5,
      1e9,
    ],
    [
      'where a later place has an earlier time',
      [
        [0, 4e9],
        [10, 2e9],
      ],
      5,
      3e9,
    ],
  ])('%s', (_, points, offset, timeNs) => {
    const found = timesOf(points).at(offset);
    if (timeNs === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(timeNs, 3);
  });

  it('stays known from the position on when what lies below is forgotten', () => {
    const times = timesOf(twoBursts);
    times.forgetBelow(50);
    expect(times.size).toBe(4);
    expect(times.at(50)).toBeCloseTo(0.5e9, 3);
    times.forgetBelow(100);
    expect([times.size, times.at(100)]).toEqual([2, 61e9]);
    expect(times.at(110)).toBeCloseTo(61.1e9, 3);
    times.forgetBelow(Number.NaN);
    expect(times.size).toBe(2);
    times.forgetBelow(1000);
    expect([times.size, times.at(199)]).toEqual([1, 61.99e9]);
  });

  it('is void once the log was cut', () => {
    const times = timesOf(twoBursts);
    times.clear();
    expect([times.size, times.at(50)]).toEqual([0, null]);
  });

  it('takes bounded room however far the consumer is behind, and its ends stay exact', () => {
    const times = new IntendedTimes(64);
    for (let i = 0; i <= 10_000; i++) times.add(i * 10, i * 1e6);
    expect(times.size).toBeLessThanOrEqual(64);
    expect(times.at(0)).toBe(0);
    expect(times.at(100_000)).toBe(10_000e6);
    expect(times.at(45_675)).toBeCloseTo(4_567.5e6, 3);
  });
});
