/** Histograms of every ten seconds, so that any stretch of a session can be merged again from its file. */
import { createLatencyHistogram, encodeHistogram } from '../analysis/latency-summary.ts';
import { bucketEndNs, bucketOf } from '../measure/buckets.ts';
import type { Clock } from '../measure/clock.ts';
import { LatencyCounts } from '../measure/latency-counts.ts';
import type { HdrWindow } from './document-schema.ts';
import type { Tally } from './interval-book.ts';

const windowNs = 10e9;

interface OpenWindow {
  readonly index: number;
  readonly response: LatencyCounts;
  readonly e2e: LatencyCounts;
}

export class WindowBook {
  readonly #done: { readonly index: number; readonly response: string | null; readonly e2e: string | null }[] = [];
  #open: OpenWindow | null = null;

  /** Adds an interval that is final. Intervals come in order. */
  add(startNs: number, tally: Tally | undefined): void {
    const index = Math.floor(startNs / windowNs);
    if (this.#open !== null && this.#open.index !== index) {
      this.#done.push(encodeWindow(this.#open));
      this.#open = null;
    }
    this.#open ??= { index, response: new LatencyCounts(), e2e: new LatencyCounts() };
    if (tally === undefined) return;
    this.#open.response.add(tally.latencies.response);
    this.#open.e2e.add(tally.latencies.e2e);
  }

  /** All windows, with the intervals that are not final yet as they stand. */
  windows(
    clock: Clock,
    unreleased: Iterable<{ readonly startNs: number; readonly tally: Tally | undefined }>,
  ): HdrWindow[] {
    const copy = new WindowBook();
    copy.#done.push(...this.#done);
    if (this.#open !== null) {
      copy.#open = { index: this.#open.index, response: new LatencyCounts(), e2e: new LatencyCounts() };
      copy.#open.response.add(this.#open.response);
      copy.#open.e2e.add(this.#open.e2e);
    }
    for (const { startNs, tally } of unreleased) copy.add(startNs, tally);
    if (copy.#open !== null) copy.#done.push(encodeWindow(copy.#open));
    return copy.#done.map(({ index, response, e2e }) => ({
      timeMs: Math.round(clock.toUnixMs(index * windowNs) * 1000) / 1000,
      durationMs: windowNs / 1e6,
      response,
      e2e,
    }));
  }
}

function encodeWindow({ index, response, e2e }: OpenWindow) {
  return { index, response: encodeCounts(response), e2e: encodeCounts(e2e) };
}

/** V2 compressed base64 of counts; null: none. */
export function encodeCounts(counts: LatencyCounts): string | null {
  return encodeHistogram(toHistogram(counts));
}

/** The same counts as an HdrHistogram, which gives the same percentiles: each value stands at the top of its bucket. */
export function toHistogram(counts: LatencyCounts) {
  const histogram = createLatencyHistogram();
  counts.forEach((valueNs, count) => {
    const topNs = Math.min(bucketEndNs(bucketOf(valueNs)) - 1, Math.floor(counts.maxNs));
    histogram.recordValueWithCount(Math.max(1, topNs), count);
  });
  return histogram;
}
