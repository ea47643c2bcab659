import { Float64Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import {
  bucketCount,
  bucketEndNs,
  bucketOf,
  bucketStartNs,
  highestNs,
  lowestNs,
} from '../../source/measure/buckets.ts';
import { random } from './support/random.ts';

/** Values on both sides of every power of two, and many between. */
function values(): number[] {
  const list = [1, 2, 1023, 1024, 2047, 2048, 2049, highestNs];
  for (let power = 11; power <= 41; power++) {
    for (const offset of [-1, 0, 1]) list.push(2 ** power + offset);
  }
  const { next, whole } = random(7);
  for (let i = 0; i < 5_000; i++) list.push(Math.min(highestNs, whole(1, 2 ** whole(1, 41)) + Math.floor(next())));
  return list.filter((value) => value <= highestNs);
}

describe('bucketOf', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2047, 2047],
    [2048, 2048],
    [2049, 2048],
    [2050, 2049],
    [4095, 3071],
    [4096, 3072],
    [4099, 3072],
    [4100, 3073],
    [2 ** 31 - 1, 21 * 1024 - 1 + 1024],
    [2 ** 31, 22 * 1024],
    [2 ** 32, 23 * 1024],
    [2 ** 41, 32 * 1024],
  ])('%d ns is in bucket %d', (valueNs, bucket) => {
    expect(bucketOf(valueNs)).toBe(bucket);
  });

  it('drops fractions, below and above 32 bits', () => {
    expect(bucketOf(2047.999)).toBe(2047);
    expect(bucketOf(2 ** 31 - 0.001)).toBe(bucketOf(2 ** 31 - 1));
    expect(bucketOf(2 ** 40 - 0.001)).toBe(bucketOf(2 ** 40 - 1));
  });

  it('puts every value between the start and the end of its bucket', () => {
    for (const value of values()) {
      const bucket = bucketOf(value);
      expect(bucketStartNs(bucket)).toBeLessThanOrEqual(value);
      expect(bucketEndNs(bucket)).toBeGreaterThan(value);
    }
  });

  it('has the same buckets as HdrHistogram with three digits', () => {
    const reference = new Float64Histogram(lowestNs, highestNs, 3);
    for (const value of values()) {
      const bucket = bucketOf(value);
      expect(bucketStartNs(bucket)).toBe(reference.lowestEquivalentValue(value));
      expect(bucketEndNs(bucket) - 1).toBe(reference.highestEquivalentValue(value));
    }
  });
});

describe('buckets', () => {
  it('follow each other without a gap', () => {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      expect(bucketOf(bucketStartNs(bucket))).toBe(bucket);
      expect(bucketOf(bucketEndNs(bucket) - 1)).toBe(bucket);
    }
  });

  it('reach to an hour and no further', () => {
    expect(bucketOf(highestNs)).toBe(bucketCount - 1);
    expect(bucketEndNs(bucketCount - 1)).toBeGreaterThan(highestNs);
  });

  it('are at most 0.1 % wide from 1,024 ns on', () => {
    for (let bucket = 1024; bucket < bucketCount; bucket++) {
      const width = bucketEndNs(bucket) - bucketStartNs(bucket);
      expect(width / bucketStartNs(bucket)).toBeLessThanOrEqual(0.001);
    }
  });
});
