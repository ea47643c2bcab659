/** From tallies to the figures that rows, charts and the screen show. Pure. */
import { toMs } from '../analysis/latency-summary.ts';
import type { LatencyTag } from '../config/plan.ts';
import type { IntervalLatency } from './document-schema.ts';
import type { Counts, Tally } from './interval-book.ts';
import { latencyPercentiles } from './latency-percentiles.ts';
import type { Totals } from './view.ts';

/**
 * Messages that belong to a tag's figures and have not come to them: they rank above all that have. `filters`: they go
 * through a pipeline that drops some, so that end-to-end latency is that of those that come out.
 */
export function unansweredIn(tally: Tally, tag: LatencyTag, filters = false): number {
  if (filters && tag === 'e2e') return 0;
  const { scheduled, acked, missedByClient, consumed, duplicated } = tally.counts;
  // Service begins with the first offer, whether a full buffer took it at once, later or never.
  const all = tag === 'service' ? scheduled - missedByClient : tag === 'slip' ? missedByClient : scheduled;
  const come = tag === 'slip' ? 0 : tag === 'e2e' ? consumed - duplicated : acked;
  return Math.max(0, all - come);
}

/** Of those that `unansweredIn` counts and that were given up: how old the oldest was then, ms; null: none was. */
export function givenUpAfterMs({ counts }: Tally, tag: LatencyTag): number | null {
  return ageMs(tag === 'slip' ? counts.missedAfterNs : counts.givenUpAfterNs);
}

const ageMs = (ageNs: number): number | null => (ageNs === 0 ? null : toMs(ageNs));

/** Figures of one interval, by tag. `filters`: as of `unansweredIn`. */
export function latenciesOf(tally: Tally, filters = false): Record<LatencyTag, IntervalLatency> {
  const of = (tag: LatencyTag): IntervalLatency =>
    latencyPercentiles(tally.latencies[tag], unansweredIn(tally, tag, filters));
  return { response: of('response'), service: of('service'), slip: of('slip'), e2e: of('e2e') };
}

/** How many times smaller batches are for their codec: 1 without one; null: none was sent. */
export function compressionRatio(counts: Pick<Counts, 'plainBytesSent' | 'wireBytesSent'>): number | null {
  const { plainBytesSent, wireBytesSent } = counts;
  return wireBytesSent === 0 ? null : Math.round((plainBytesSent / wireBytesSent) * 1000) / 1000;
}

/** Totals of a tally. `missing` null: nobody reads what is sent. What is unread is known at the end only. */
export function totalsOf(tally: Tally, missing: number | null): Totals {
  const { counts } = tally;
  return {
    scheduled: counts.scheduled,
    sent: counts.sent,
    acked: counts.acked,
    failed: counts.failed,
    missed: counts.missed,
    retries: counts.retries,
    consumed: counts.consumed,
    missing,
    unread: 0,
    duplicated: counts.duplicated,
    reordered: counts.reordered,
    foreign: counts.foreign,
    unknown: counts.unknown,
    failedButConsumed: counts.failedButConsumed,
    corrupt: counts.corrupt,
    expired: counts.expired,
    bytesSent: Math.round(counts.bytesSent),
    wireBytesSent: counts.wireBytesSent,
    compressionRatio: compressionRatio(counts),
    bytesConsumed: Math.round(counts.bytesConsumed),
    bytesForeign: Math.round(counts.bytesForeign),
    givenUpAfterMs: ageMs(counts.givenUpAfterNs),
    missedAfterMs: ageMs(counts.missedAfterNs),
  };
}
