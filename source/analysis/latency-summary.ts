/**
 * From histograms of nanoseconds to the figures people read. Percentiles are nearest ranks ⌈p·n⌉ over all messages:
 * those that were never answered rank above every recorded value.
 */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

export type { Histogram };

/** One hour; longer latencies are recorded as this. */
const highestNs = 3_600_000_000_000;

/** Milliseconds with microsecond digits; null: no samples, or the rank falls among messages never answered. */
export interface LatencyFigures {
  count: number;
  meanMs: number | null;
  p50Ms: number | null;
  p90Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  p999Ms: number | null;
  maxMs: number | null;
}

export interface LatencySummary extends LatencyFigures {
  minMs: number | null;
  p75Ms: number | null;
  p9999Ms: number | null;
  /** HdrHistogram, V2 compressed, base64, ns; null: nothing recorded. */
  hdr: string | null;
}

export interface SummaryOptions {
  /** Messages that belong here and were never recorded (failed, missed, still open): above all others in rank. */
  readonly unanswered?: number;
  /** Known without the histogram's rounding, where the recorder kept them. */
  readonly exact?: { readonly minNs: number; readonly maxNs: number; readonly sumNs: number };
}

/**
 * An empty histogram of ns: 1 ns to one hour, 3 significant digits, exact counts to 2^53.
 * Plain JavaScript, so it needs no `destroy()`; the lowest value must stay 1 (above it the library reports a wrong
 * maximum). Histograms of this kind can be added to each other.
 */
export function createLatencyHistogram(): Histogram {
  return build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestNs,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
}

/** Records a latency in ns, within what the histogram can hold: at least 1 ns, at most one hour. */
export function recordLatency(histogram: Histogram, latencyNs: number, count = 1): void {
  histogram.recordValueWithCount(Math.min(highestNs, Math.max(1, latencyNs)), count);
}

/** V2 compressed base64, as every HdrHistogram reads it; null: nothing recorded. */
export function encodeHistogram(histogram: Histogram): string | null {
  return histogram.totalCount === 0 ? null : encodeIntoCompressedBase64(histogram);
}

/** The reverse of `encodeHistogram`; null gives an empty histogram. */
export function decodeHistogram(encoded: string | null): Histogram {
  return encoded === null ? createLatencyHistogram() : decodeFromCompressedBase64(encoded, 64, false, highestNs);
}

/** Rank ⌈p·n⌉ from 1. Whole numbers throughout: 99.9 % of 10,000 is 9,990 and not one more. */
export function nearestRank(percentile: number, count: number): number {
  return Math.max(1, Math.ceil((Math.round(percentile * 1e4) * count) / 1e6));
}

/** Fewest messages for a percentile to be shown: ten beyond it from p99 on (p99 1,000, p99.9 10,000), else any. */
export function fewestFor(percentile: number): number {
  return percentile < 99 ? 1 : Math.round(1e3 / (100 - percentile));
}

/** Value at a percentile (0 … 100], ns, within 0.1 %; null: no samples, or the rank falls among `unanswered`. */
export function percentileNs(histogram: Histogram, percentile: number, unanswered = 0): number | null {
  const count = histogram.totalCount;
  const rank = nearestRank(percentile, count + unanswered);
  if (count === 0 || rank > count) return null;
  // Half a rank below: the library rounds up, and no rounding error can reach the next rank.
  const value = histogram.getValueAtPercentile(((rank - 0.5) / count) * 100);
  return Math.min(value, histogram.maxValue);
}

/** ms with µs digits. */
export function toMs(valueNs: number): number {
  return Math.round(valueNs / 1000) / 1000;
}

/** Never above the exact maximum, which a bucket's end may be. */
function percentileMs(histogram: Histogram, percentile: number, { unanswered, exact }: SummaryOptions): number | null {
  const value = percentileNs(histogram, percentile, unanswered);
  return value === null ? null : toMs(Math.min(value, exact?.maxNs ?? histogram.maxValue));
}

/** The figures of an interval. */
export function latencyFigures(histogram: Histogram, options: SummaryOptions = {}): LatencyFigures {
  const count = histogram.totalCount;
  const { exact } = options;
  const at = (percentile: number): number | null => percentileMs(histogram, percentile, options);
  const known = (value: () => number): number | null => (count === 0 ? null : toMs(value()));
  return {
    count,
    meanMs: known(() => (exact === undefined ? histogram.mean : exact.sumNs / count)),
    p50Ms: at(50),
    p90Ms: at(90),
    p95Ms: at(95),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: known(() => exact?.maxNs ?? histogram.maxValue),
  };
}

/** The figures of a whole run or epoch, with the histogram itself; null where there are too few messages (`fewestFor`). */
export function latencySummary(histogram: Histogram, options: SummaryOptions = {}): LatencySummary {
  const count = histogram.totalCount;
  const enoughAt = (percentile: number): number | null =>
    count + (options.unanswered ?? 0) < fewestFor(percentile) ? null : percentileMs(histogram, percentile, options);
  return {
    ...latencyFigures(histogram, options),
    p99Ms: enoughAt(99),
    p999Ms: enoughAt(99.9),
    minMs: count === 0 ? null : toMs(options.exact?.minNs ?? histogram.minNonZeroValue),
    p75Ms: percentileMs(histogram, 75, options),
    p9999Ms: enoughAt(99.99),
    hdr: encodeHistogram(histogram),
  };
}
