import { describe, expect, it } from 'vitest';
import { type ThreadSample, usedPerSecond } from '../../../bench/scale/thread-watch.ts';

const sample = (atMs: number, producersNs: number | null): ThreadSample => ({ atMs, producersNs, consumersNs: null });
const producers = ({ producersNs }: ThreadSample): number | null => producersNs;

describe('usedPerSecond', () => {
  const samples = [sample(0, null), sample(1000, 50), sample(1250, 100), sample(1750, 300), sample(2000, null)];

  it.each([
    ['between the first and the last sample that knows', 1100, 2500, 400],
    ['of all that know', 0, 3000, 250 / 0.75],
    ['ends included', 1000, 1750, 250 / 0.75],
  ])('%s', (_, from, to, expected) => {
    expect(usedPerSecond(samples, producers, from, to)).toBeCloseTo(expected, 9);
  });

  it.each([
    ['one sample alone', 1200, 1300],
    ['none', 3000, 4000],
  ])('knows nothing of %s', (_, from, to) => {
    expect(usedPerSecond(samples, producers, from, to)).toBeNull();
  });

  it('knows nothing of threads that were never seen', () => {
    expect(usedPerSecond(samples, ({ consumersNs }) => consumersNs, 0, 3000)).toBeNull();
  });
});
