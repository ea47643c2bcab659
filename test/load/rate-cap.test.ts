import { describe, expect, it } from 'vitest';
import { RateCap } from '../../source/load/rate-cap.ts';

const ms = 1e6;

/** Takes all there is room for at each time; answers how many that were. */
function takeAt(cap: RateCap, timesNs: readonly number[], producers = 1): readonly number[] {
  return timesNs.map((nowNs) => {
    const room = cap.room(nowNs, producers);
    cap.take(room);
    return room;
  });
}

describe('RateCap', () => {
  it('gives out the rate, in whole messages, with nothing lost between looks', () => {
    const taken = takeAt(
      new RateCap(1_500),
      Array.from({ length: 1_001 }, (_, at) => at * ms),
    );
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(15 + 1_500);
  });

  it('saves a hundredth of a second', () => {
    expect(takeAt(new RateCap(100_000), [0, ms, 500 * ms, 501 * ms])).toEqual([1_000, 100, 1_000, 100]);
  });

  it('shares the rate among producers, and lets a slow one send at all', () => {
    expect(takeAt(new RateCap(100_000), [0, ms], 4)).toEqual([250, 25]);
    const slow = takeAt(
      new RateCap(10),
      Array.from({ length: 1_001 }, (_, at) => at * ms),
      2,
    );
    expect(slow.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  it('keeps what was not taken, up to the most', () => {
    const cap = new RateCap(100_000);
    expect(cap.room(0, 1)).toBe(1_000);
    cap.take(990);
    expect(cap.room(0, 1)).toBe(10);
    expect(cap.room(ms, 1)).toBe(110);
  });
});
