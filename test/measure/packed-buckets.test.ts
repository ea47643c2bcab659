import { describe, expect, it } from 'vitest';
import { bucketCount } from '../../source/measure/buckets.ts';
import { packBuckets, unpackBuckets } from '../../source/measure/packed-buckets.ts';

const base64 = (...bytes: readonly number[]): string => Buffer.from(bytes).toString('base64');

describe('packed buckets', () => {
  it.each<[string, number, number[], string]>([
    ['one', 5, [1], base64(5, 2)],
    ['a run of empty ones', 0, [3, 0, 0, 1], base64(0, 6, 5, 2)],
    ['empty ones at both ends', 10, [0, 0, 7, 0], base64(12, 14)],
    ['numbers of two bytes', 300, [100], base64(0xac, 0x02, 0xc8, 0x01)],
    ['nothing', 4, [0, 0], base64(6)],
  ])('%s', (_, first, counts, text) => {
    expect(packBuckets({ first, counts: Float64Array.from(counts) })).toBe(text);
  });

  it.each<[number, number[]]>([
    [0, [1]],
    [2047, [1, 0, 0, 5, 2 ** 40, 0, 127, 128, 1]],
    [bucketCount - 2, [9, 9]],
  ])('from %i on come back as they were', (first, counts) => {
    expect(unpackBuckets(packBuckets({ first, counts: Float64Array.from(counts) }))).toEqual({
      first,
      counts: Float64Array.from(counts),
    });
  });

  it.each([
    ['nothing', ''],
    ['a number that breaks off', base64(5, 0x82)],
    ['a number beyond all counts', base64(5, ...Array.from({ length: 9 }, () => 0xff), 1)],
    ['more buckets than there are', packBuckets({ first: bucketCount - 1, counts: Float64Array.of(1, 1) })],
    ['an endless run of empty ones', base64(0, 0xff, 0xff, 0xff, 0xff, 0x7f, 2)],
  ])('refuse %s', (_, text) => {
    expect(() => unpackBuckets(text)).toThrow(RangeError);
  });
});
