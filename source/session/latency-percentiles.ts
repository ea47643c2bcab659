/** Percentiles of recorded latencies, nearest rank over all messages: those never answered rank above every value. */
import { nearestRank, toMs } from '../analysis/latency-summary.ts';
import type { LatencyCounts } from '../measure/latency-counts.ts';
import type { IntervalLatency } from './document-schema.ts';

/** Value at a percentile in ms; null: no samples, or the rank falls among `unanswered`. */
export function percentileMs(counts: LatencyCounts, percentile: number, unanswered: number): number | null {
  if (counts.count === 0) return null;
  const rank = nearestRank(percentile, counts.count + unanswered);
  return rank > counts.count ? null : toMs(counts.valueAtRank(rank));
}

export function latencyPercentiles(counts: LatencyCounts, unanswered: number): IntervalLatency {
  const at = (percentile: number): number | null => percentileMs(counts, percentile, unanswered);
  return {
    count: counts.count,
    meanMs: counts.count === 0 ? null : toMs(counts.meanNs),
    p50Ms: at(50),
    p90Ms: at(90),
    p95Ms: at(95),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: counts.count === 0 ? null : toMs(counts.maxNs),
  };
}
