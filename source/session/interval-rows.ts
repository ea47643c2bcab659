/** Interval rows for the document and streams, and the charts' points, made anew whenever an interval's figures move. */

import { toMs } from '../analysis/latency-summary.ts';
import type { LatencyTag } from '../config/plan.ts';
import type { Clock } from '../measure/clock.ts';
import type { SpanTable } from '../measure/spans.ts';
import type { IntervalRow } from './document-schema.ts';
import { compressionRatio, latenciesOf } from './figures-of.ts';
import type { Gauges, Happenings } from './happenings.ts';
import { insidePipeline } from './inside-pipeline.ts';
import { type IntervalBook, Tally } from './interval-book.ts';
import type { ChartPoint } from './view.ts';

/** Threads look at their messages' intervals at most this long after: older ones are final and leave the book. */
export const openNs = 150e9;

export interface RowContext {
  readonly spans: SpanTable;
  readonly book: IntervalBook;
  readonly happenings: Happenings;
  readonly clock: Clock;
  readonly startedNs: number;
  /** What is sent goes through somebody else's processor, which lets all of it through, or filters. Left out: none. */
  readonly pipeline?: 'none' | 'whole' | 'filters';
  /** Asked-for rate within [fromNs, toNs) of the span that starts at `spanStartNs`; null: unthrottled. */
  targetRate(spanStartNs: number, fromNs: number, toNs: number): number | null;
  /** Event marks between two times (run-relative ns). */
  marks(fromNs: number, toNs: number): readonly number[];
}

export class IntervalRows {
  readonly #context: RowContext;
  readonly #rows: IntervalRow[] = [];
  readonly #points: ChartPoint[] = [];
  /** Interval number of the first row. */
  #first = -1;
  /** Rows of intervals that have ended; a document may add one that has not. */
  #ended = 0;
  #released = 0;

  constructor(context: RowContext) {
    this.#context = context;
  }

  /** Makes rows up to the interval that ended last, and again those that changed. */
  update(nowNs: number): void {
    const { book, spans } = this.#context;
    const current = spans.intervalAt(nowNs);
    const changed = book.takeChanged();
    if (this.#first < 0) {
      const begun = spans.spans.find(({ phase }) => phase !== 'before');
      if (begun === undefined || begun.startNs > nowNs) return;
      this.#first = begun.firstInterval;
    }
    const from = this.#first + this.#ended;
    for (const number of changed) if (number >= this.#first && number < from) this.#make(number, nowNs);
    for (let number = from; number < current; number++) this.#make(number, nowNs);
    this.#ended = Math.max(this.#ended, current - this.#first);
  }

  /** A span began at `atNs`, which may be past: the rows from there on are made anew. */
  recut(atNs: number): void {
    if (this.#first < 0) return;
    const ended = Math.max(0, this.#context.spans.intervalAt(atNs - 1) - this.#first);
    if (ended >= this.#ended) return;
    this.#ended = ended;
    this.#rows.length = ended;
    this.#points.length = ended;
  }

  /** Makes every row up to the present one, which may be cut short: for a document. */
  close(nowNs: number): void {
    this.update(nowNs);
    if (this.#first < 0) return;
    this.#make(this.#context.spans.intervalAt(nowNs), nowNs);
  }

  /** Oldest first. */
  get rows(): readonly IntervalRow[] {
    return this.#rows;
  }

  get points(): readonly ChartPoint[] {
    return this.#points;
  }

  /** Figures of the last complete intervals from `sinceNs` on, newest first, for at most `coverMs`. */
  recent(sinceNs: number, coverMs: number): { readonly tally: Tally; readonly durationMs: number }[] {
    const recent: { readonly tally: Tally; readonly durationMs: number }[] = [];
    let covered = 0;
    for (let at = this.#ended - 1; at >= 0 && covered < coverMs; at--) {
      const row = this.#rows[at];
      const number = this.#first + at;
      const tally = this.#context.book.interval(number);
      if (row === undefined || row.phase === 'draining') continue;
      if (this.#context.spans.describe(number).startNs < sinceNs) break;
      covered += row.durationMs;
      if (tally !== undefined) recent.push({ tally, durationMs: row.durationMs });
    }
    return recent;
  }

  /**
   * End of the oldest interval with messages on their way, for `e2e` to consumers, else to their answer; null: none.
   * They are at least as old as this.
   */
  oldestOpenNs(tag: LatencyTag): number | null {
    const end = this.#first + this.#rows.length;
    for (let number = Math.max(0, this.#released, this.#first); number < end; number++) {
      const tally = this.#context.book.interval(number);
      if (tally === undefined) continue;
      const { acked, consumed, duplicated } = tally.counts;
      const open = tag === 'e2e' ? acked - (consumed - duplicated) + tally.open : tally.open;
      if (open > 0) return this.#context.spans.describe(number).endNs;
    }
    return null;
  }

  /** Calls back for each interval that cannot change any more and forgets its histograms. */
  release(nowNs: number, final: (number: number, tally: Tally | undefined) => void): void {
    if (this.#first < 0) return;
    this.#released = Math.max(this.#released, this.#first);
    const end = this.#first + this.#rows.length;
    while (this.#released < end && this.#context.spans.describe(this.#released).endNs < nowNs - openNs) {
      final(this.#released, this.#context.book.interval(this.#released));
      this.#released++;
    }
    this.#context.book.release(this.#released);
  }

  /** Calls back for each interval that still could change; its row is made anew whenever it does. */
  forEachOpen(visit: (number: number, tally: Tally | undefined, row: IntervalRow) => void): void {
    const end = this.#first + this.#rows.length;
    for (let number = Math.max(this.#released, this.#first); number < end; number++) {
      const row = this.#rows[number - this.#first];
      if (row !== undefined) visit(number, this.#context.book.interval(number), row);
    }
  }

  #make(number: number, nowNs: number): void {
    const { spans, book } = this.#context;
    const { span, startNs, endNs } = spans.describe(number);
    if (span.phase === 'before') return;
    const tally = book.interval(number) ?? emptyTally;
    const row = this.#row(tally, span.phase, span.epoch, span.startNs, startNs, Math.min(endNs, nowNs));
    const at = number - this.#first;
    this.#rows[at] = row;
    this.#points[at] = this.#point(row, startNs, endNs);
  }

  #row(
    tally: Tally,
    phase: IntervalRow['phase'],
    epoch: number,
    spanStartNs: number,
    startNs: number,
    endNs: number,
  ): IntervalRow {
    const { clock, happenings, startedNs } = this.#context;
    const { counts } = tally;
    const grew = (field: Parameters<Happenings['growth']>[0]): number => happenings.growth(field, startNs, endNs);
    const rate = (field: Parameters<Happenings['rate']>[0]): number => round(happenings.rate(field, startNs, endNs), 3);
    const batches = grew('batches');
    const end = happenings.sampleAt(endNs);
    const perBatch = (sum: number): number | null => (batches >= 0.5 ? sum / batches : null);
    const answered = grew('batchesAcked');
    const host = end?.gauges.host ?? null;
    const nsToMs = (ns: number | null): number | null => (ns === null ? null : toMs(ns));
    return {
      timeMs: round(clock.toUnixMs(startNs), 3),
      elapsedMs: round((startNs - startedNs) / 1e6, 3),
      durationMs: round(Math.max(0, endNs - startNs) / 1e6, 3),
      epoch,
      phase,
      targetRate: roundOrNull(this.#context.targetRate(spanStartNs, startNs, endNs)),
      scheduled: counts.scheduled,
      sent: counts.sent,
      acked: counts.acked,
      failed: counts.failed,
      missed: counts.missed,
      retries: counts.retries,
      consumed: counts.consumed,
      unknown: counts.unknown,
      foreign: counts.foreign,
      batches: Math.round(batches),
      bytesSent: Math.round(counts.bytesSent),
      wireBytesSent: counts.wireBytesSent,
      compressionRatio: compressionRatio(counts),
      bytesConsumed: Math.round(counts.bytesConsumed),
      bytesForeign: Math.round(counts.bytesForeign),
      sentRate: rate('sent'),
      ackedRate: rate('acked'),
      // Other people's records are read as well: their rate is a rate.
      consumedRate: round(rate('consumed') + rate('foreign'), 3),
      failedRate: round(rate('failed') + rate('unknown'), 3),
      ...latenciesOf(tally, this.#context.pipeline === 'filters'),
      lagMessages: end?.gauges.lagMessages ?? null,
      lagMs: end === undefined || end.gauges.lagMs === null ? null : round(end.gauges.lagMs, 3),
      inFlight: Math.max(0, end?.total('inFlight') ?? 0),
      batchFill: roundOrNull(perBatch(grew('batchFill'))),
      recordsPerBatch: roundOrNull(perBatch(grew('batchRecords'))),
      queueMs: nsToMs(perBatch(grew('queueNs'))),
      roundTripMs: nsToMs(answered >= 0.5 ? grew('roundTripNs') / answered : null),
      throttleMs: round(grew('throttleMs'), 3),
      pingMs: roundOrNull(end?.gauges.pingMs ?? null),
      ...this.#inPipeline(endNs, end?.gauges.lagMessages ?? null),
      ...watchedOf(end?.gauges.watched),
      host: {
        cpuPercent: host?.cpuPercent ?? null,
        cpuStolenPercent: host?.cpuStolenPercent ?? null,
        memoryBytes: host?.memoryBytes ?? null,
        networkRxBytesRate: host?.networkRxBytesRate ?? null,
        networkTxBytesRate: host?.networkTxBytesRate ?? null,
        diskReadBytesRate: host?.diskReadBytesRate ?? null,
        diskWriteBytesRate: host?.diskWriteBytesRate ?? null,
      },
      process: {
        cpuPercent: host?.processCpuPercent ?? null,
        rssBytes: host?.processRssBytes ?? null,
        eventLoopDelayP99Ms: end === undefined ? null : toMs(end.total('loopDelayP99Ns')),
        gcPauseMs: toMs(grew('gcPauseNs')),
      },
    };
  }

  #inPipeline(atNs: number, lagMessages: number | null): Pick<IntervalRow, 'inPipeline'> {
    const { happenings, pipeline = 'none' } = this.#context;
    if (pipeline === 'none') return {};
    if (pipeline === 'filters') return { inPipeline: null };
    const inside = insidePipeline((field) => happenings.at(field, atNs), lagMessages);
    return { inPipeline: inside === null ? null : Math.round(inside) };
  }

  #point(row: IntervalRow, startNs: number, endNs: number): ChartPoint {
    const of = (tag: LatencyTag) => {
      const { meanMs, p50Ms, p99Ms, p999Ms } = row[tag];
      return { meanMs, p50Ms, p99Ms, p999Ms };
    };
    return {
      timeMs: row.timeMs,
      durationMs: row.durationMs,
      targetRate: row.targetRate,
      sentRate: row.sentRate,
      ackedRate: row.ackedRate,
      consumedRate: row.consumedRate,
      latency: { response: of('response'), service: of('service'), slip: of('slip'), e2e: of('e2e') },
      marks: this.#context.marks(startNs, endNs),
    };
  }
}

function watchedOf(watched: Gauges['watched']): Pick<IntervalRow, 'watched'> {
  if (watched === undefined) return {};
  return {
    watched: watched.map(({ group, lagMessages, lagMs, commitAgeMs }) => ({
      group,
      lagMessages,
      lagMs: roundOrNull(lagMs),
      commitAgeMs: roundOrNull(commitAgeMs),
    })),
  };
}

const emptyTally = new Tally();

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value, 3);
}
