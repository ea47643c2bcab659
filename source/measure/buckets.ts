/**
 * HdrHistogram's bucket layout for values from 1 ns to 1 hour with 3 significant digits: 2048 sub-buckets, so that
 * counts kept in shared memory become an HdrHistogram without loss (method: "Intervals and histograms").
 *
 * Values below 2048 have a bucket each; above, each power of two is cut into 1024 buckets.
 */
const subBuckets = 2048;
const half = subBuckets / 2;

export const lowestNs = 1;
/** One hour. Larger values are clamped to it and counted as clamped. */
export const highestNs = 3_600_000_000_000;

/** Place of a value in the counts array. `valueNs` is a number in [0, highestNs]; fractions are dropped. */
export function bucketOf(valueNs: number): number {
  if (valueNs < 2147483648) {
    const value = valueNs | 0;
    if (value < subBuckets) return value;
    const magnitude = 21 - Math.clz32(value);
    return magnitude * half + (value >>> magnitude);
  }
  // Beyond 32 bits: the 11 lowest bits cannot matter any more.
  const scaled = Math.floor(valueNs / subBuckets);
  const magnitude = 21 - Math.clz32(scaled);
  return (magnitude + 11) * half + (scaled >>> magnitude);
}

/** Smallest value that falls into a bucket, ns. */
export function bucketStartNs(bucket: number): number {
  if (bucket < subBuckets) return bucket;
  const magnitude = (bucket >>> 10) - 1;
  return ((bucket & (half - 1)) + half) * 2 ** magnitude;
}

/** Smallest value of the next bucket, ns. */
export function bucketEndNs(bucket: number): number {
  return bucketStartNs(bucket + 1);
}

export const bucketCount = bucketOf(highestNs) + 1;
