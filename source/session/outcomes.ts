/** What came of a change: the response p99 before and after it, noted on its event once enough has happened. */
import type { EventLog } from './event-log.ts';
import { unansweredIn } from './figures-of.ts';
import { threeDigits } from './figures-text.ts';
import { Tally } from './interval-book.ts';
import type { IntervalRows } from './interval-rows.ts';
import { percentileMs } from './latency-percentiles.ts';
import type { SessionEvent } from './view.ts';

const afterNs = 6e9;
const coverMs = 5000;
const fewest = 500;

interface Pending {
  readonly event: SessionEvent;
  readonly atNs: number;
  readonly before: number | null;
}

export class Outcomes {
  readonly #log: EventLog;
  readonly #rows: IntervalRows;
  #pending: Pending[] = [];

  constructor(log: EventLog, rows: IntervalRows) {
    this.#log = log;
    this.#rows = rows;
  }

  /** Watches what comes of a change that takes hold at `atNs`. A change that follows soon takes its place. */
  watch(event: SessionEvent, atNs: number): void {
    this.#pending = [{ event, atNs, before: this.#p99(Number.NEGATIVE_INFINITY) }];
  }

  conclude(nowNs: number): void {
    this.#pending = this.#pending.filter((pending) => {
      if (nowNs < pending.atNs + afterNs) return true;
      const after = this.#p99(pending.atNs);
      if (pending.before !== null && after !== null) {
        this.#log.conclude(pending.event, `p99 ${threeDigits(pending.before)} → ${threeDigits(after)} ms`);
      }
      return false;
    });
  }

  #p99(sinceNs: number): number | null {
    const sum = new Tally();
    for (const { tally } of this.#rows.recent(sinceNs, coverMs)) sum.add(tally);
    const counts = sum.latencies.response;
    return counts.count < fewest ? null : percentileMs(counts, 99, unansweredIn(sum, 'response'));
  }
}
