/** What came of a change: the response p99 before and after it, and how soon the load was steady again, noted on its event. */
import { fewestFor } from '../analysis/latency-summary.ts';
import type { EventLog } from './event-log.ts';
import { unansweredIn } from './figures-of.ts';
import { threeDigits } from './figures-text.ts';
import { Tally } from './interval-book.ts';
import type { IntervalRows } from './interval-rows.ts';
import { percentileMs } from './latency-percentiles.ts';
import type { SessionEvent } from './view.ts';

const afterNs = 6e9;
const coverMs = 5000;
/** A load that is not steady after this is not steady because of the change. */
const steadyWithinNs = 60e9;

interface Pending {
  readonly atNs: number;
  readonly p99Before: number | null;
  event: SessionEvent;
  /** null: not looked at yet. */
  p99: string | null;
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
    this.#pending = { event, atNs, p99Before: this.#p99(Number.NEGATIVE_INFINITY), p99: null };
  }

  /** Called about once a second. `steadySinceNs`: since when the load has been steady; null: it is not, or it is too early. */
  conclude(nowNs: number, steadySinceNs: number | null): void {
    const pending = this.#pending;
    if (pending === null || nowNs < pending.atNs + afterNs) return;
    if (pending.p99 === null) {
      const after = this.#p99(pending.atNs);
      const known = pending.p99Before !== null && after !== null;
      pending.p99 = known ? `p99 ${threeDigits(pending.p99Before)} → ${threeDigits(after)} ms` : '';
      this.#tell(pending, [pending.p99]);
    }
    if (steadySinceNs !== null && steadySinceNs >= pending.atNs) {
      this.#tell(pending, [pending.p99, `steady after ${Math.round((steadySinceNs - pending.atNs) / 1e9)} s`]);
      this.#pending = null;
    } else if (nowNs > pending.atNs + steadyWithinNs) {
      this.#pending = null;
    }
  }

  #tell(pending: Pending, parts: readonly string[]): void {
    const text = parts.filter((part) => part !== '').join(', ');
    if (text !== '') pending.event = this.#log.conclude(pending.event, text);
  }

  #p99(sinceNs: number): number | null {
    const sum = new Tally();
    for (const { tally } of this.#rows.recent(sinceNs, coverMs)) sum.add(tally);
    const counts = sum.latencies.response;
    return counts.count < fewestFor(99) ? null : percentileMs(counts, 99, unansweredIn(sum, 'response'));
  }
}
