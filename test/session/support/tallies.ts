/** Tallies made by hand. */
import type { LatencyTag } from '../../../source/config/plan.ts';
import { bucketCount, bucketOf } from '../../../source/measure/buckets.ts';
import { type Counts, Tally } from '../../../source/session/interval-book.ts';

/** Latencies as [ms, how many], by tag. */
export type Latencies = Partial<Record<LatencyTag, readonly (readonly [valueMs: number, count: number])[]>>;

export function tallyOf(counts: Partial<Counts>, latencies: Latencies = {}): Tally {
  const tally = new Tally();
  Object.assign(tally.counts, counts);
  for (const tag of ['response', 'service', 'slip', 'e2e'] as const) {
    for (const [valueMs, count] of latencies[tag] ?? []) {
      const valueNs = valueMs * 1e6;
      const bucket = bucketOf(valueNs);
      const buckets = new Uint32Array(bucketCount);
      buckets[bucket] = count;
      const figures = { count, sumNs: valueNs * count, minNs: valueNs, maxNs: valueNs, clamped: 0 };
      tally.latencies[tag].addBuckets(buckets, bucket, bucket, figures);
    }
  }
  return tally;
}

/** Messages that were all answered after so many ms. */
export function answered(count: number, valueMs: number): Tally {
  return tallyOf(
    { scheduled: count, sent: count, acked: count, consumed: count },
    { response: [[valueMs, count]], service: [[valueMs, count]], slip: [[0.1, count]], e2e: [[valueMs + 1, count]] },
  );
}
