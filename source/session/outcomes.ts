/**
 * What came of a change: response p99 and compression before and after it, and how soon the load was steady again, noted
 * on its event.
 */
import { fewestFor } from '../analysis/latency-summary.ts';
import type { EventLog } from './event-log.ts';
import { compressionRatio, unansweredIn } from './figures-of.ts';
import { ratioText, threeDigits } from './figures-text.ts';
import { Tally } from './interval-book.ts';
import type { IntervalRows } from './interval-rows.ts';
import { percentileMs } from './latency-percentiles.ts';
import type { SessionEvent } from './view.ts';

const afterNs = 6e9;
const coverMs = 5000;
/** A load that is not steady after this is not steady because of the change. */
const steadyWithinNs = 60e9;
/** Less of a change is none. */
const leastRatioChange = 0.05;

interface Pending {
  readonly atNs: number;
  readonly before: Tally;
  event: SessionEvent;
  /** null: not looked at yet. */
  figures: readonly string[] | null;
}

export class Outcomes {
  readonly #log: EventLog;
  readonly #rows: IntervalRows;
  #pending: Pending | null = null;

  constructor(log: EventLog, rows: IntervalRows) {
    this.#log = log;
    this.#rows = rows;
  }

  /** Watches what comes of a change that takes hold at `atNs`. A change that follows soon takes its place. */
  watch(event: SessionEvent, atNs: number): void {
    this.#pending = { event, atNs, before: this.#recent(Number.NEGATIVE_INFINITY), figures: null };
  }

  /** Called about once a second. `steadySinceNs`: since when the load has been steady; null: it is not, or it is too early. */
  conclude(nowNs: number, steadySinceNs: number | null): void {
    const pending = this.#pending;
    if (pending === null || nowNs < pending.atNs + afterNs) return;
    if (pending.figures === null) {
      const after = this.#recent(pending.atNs);
      pending.figures = [...p99Text(pending.before, after), ...sizeText(pending.before, after)];
      this.#tell(pending, pending.figures);
    }
    if (steadySinceNs !== null && steadySinceNs >= pending.atNs) {
      this.#tell(pending, [...pending.figures, `steady after ${Math.round((steadySinceNs - pending.atNs) / 1e9)} s`]);
      this.#pending = null;
    } else if (nowNs > pending.atNs + steadyWithinNs) {
      this.#pending = null;
    }
  }

  #tell(pending: Pending, parts: readonly string[]): void {
    if (parts.length > 0) pending.event = this.#log.conclude(pending.event, parts.join(', '));
  }

  #recent(sinceNs: number): Tally {
    const sum = new Tally();
    for (const { tally } of this.#rows.recent(sinceNs, coverMs)) sum.add(tally);
    return sum;
  }
}

function p99Text(before: Tally, after: Tally): readonly string[] {
  const [from, to] = [p99Ms(before), p99Ms(after)];
  return from === null || to === null ? [] : [`p99 ${threeDigits(from)} → ${threeDigits(to)} ms`];
}

function p99Ms(tally: Tally): number | null {
  const counts = tally.latencies.response;
  return counts.count < fewestFor(99) ? null : percentileMs(counts, 99, unansweredIn(tally, 'response'));
}

/** Only where batches became larger or smaller on the wire for their codec. */
function sizeText(before: Tally, after: Tally): readonly string[] {
  const [from, to] = [compressionRatio(before.counts), compressionRatio(after.counts)];
  if (from === null || to === null || Math.abs(to / from - 1) < leastRatioChange) return [];
  return [`compressed ${ratioText(from)} → ${ratioText(to)}`];
}
