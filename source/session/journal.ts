/**
 * Journals a running session: as things happen, what is new since the last look. Intervals are written when they have
 * ended, and again, at most once a second, when late answers changed them. Nothing is written once a message.
 */
import { latencyTags } from '../config/plan.ts';
import type { Clock } from '../measure/clock.ts';
import type { ClusterWatch } from './cluster-watch.ts';
import { eventRow } from './document.ts';
import type { DocumentStart, IntervalRow, SessionDocument } from './document-schema.ts';
import { roundMs, wholeRun } from './document-source.ts';
import type { ErrorBook } from './error-book.ts';
import { emptyCounts, type Tally } from './interval-book.ts';
import { openNs } from './interval-rows.ts';
import { type Automations, AutomationWriter } from './journal-automations.ts';
import type { JournalLine, JournalLineOf } from './journal-lines.ts';
import type { RunState } from './run-state.ts';
import type { SessionEvent } from './view.ts';

/** Where a journal goes. Both calls return at once; what cannot be written is the target's to tell. */
export interface JournalTarget {
  /** Once, before the first line. */
  start(run: { readonly id: string; readonly startedAtMs: number }): void;
  /** One line of JSON, without its end. */
  line(text: string): void;
}

/** Most answers to an interval's last messages are there by then, so that one line is enough. */
const settleNs = 100e6;
const againNs = 1e9;

type Source = Pick<
  RunState,
  'anchor' | 'happenings' | 'log' | 'logEndGrowth' | 'rows' | 'runId' | 'slos' | 'timeline'
> & {
  readonly loadWatch: { readonly errors: Pick<ErrorBook, 'rows'> };
  readonly clock: Pick<Clock, 'toUnixMs'>;
  readonly clockWatch: { readonly worstNs: number };
  readonly clusterWatch: Pick<ClusterWatch, 'lagSamples'> | null;
};

export class Journal {
  readonly #run: Source;
  readonly #target: JournalTarget;
  readonly #automations: AutomationWriter;
  /** Lines that come before the start. */
  #early: JournalLine[] | null = [];
  readonly #numbers = new WeakMap<SessionEvent, number>();
  #events = 0;
  readonly #intervals = new Map<number, { readonly row: IntervalRow; readonly atNs: number }>();
  readonly #knobs: object[] = [];
  #lagSamples = 0;
  #state = '';
  #nextStateNs = 0;

  constructor(run: Source, automations: Automations, target: JournalTarget) {
    this.#run = run;
    this.#target = target;
    this.#automations = new AutomationWriter(automations);
    run.log.onEvent((event) => this.#event(event, this.#events++));
    run.log.onOutcome((before, now) => {
      const number = this.#numbers.get(before);
      if (number !== undefined) this.#event(now, number);
    });
  }

  /** The first line. What happened before follows it. */
  begin(start: DocumentStart): void {
    const { anchor, runId } = this.#run;
    const early = this.#early ?? [];
    this.#early = null;
    this.#target.start({ id: runId, startedAtMs: anchor.unixMs });
    this.#write({ kind: 'start', journalVersion: 1, pid: process.pid, zeroMs: anchor.unixMs, start });
    for (const line of early) this.#write(line);
  }

  /** Writes what is new. Called after rows were made, and before intervals are forgotten. */
  look(nowNs: number): void {
    if (this.#early !== null) return;
    this.#writeEpochs();
    this.#writeIntervals(nowNs, false);
    this.#writeLag();
    if (nowNs < this.#nextStateNs) return;
    this.#nextStateNs = nowNs + 1e9;
    for (const line of this.#automations.news(nowNs)) this.#write(line);
    this.#writeState();
  }

  /** The regular end: what has changed since, and the document. */
  finish(document: SessionDocument, nowNs: number): void {
    if (this.#early !== null) return;
    this.#writeEpochs();
    this.#writeIntervals(nowNs, true);
    this.#writeLag();
    this.#write({ kind: 'document', document: { ...document, intervals: [], hdrWindows: [], lag: [], events: [] } });
  }

  #event(event: SessionEvent, number: number): void {
    this.#numbers.set(event, number);
    this.#write({ kind: 'event', number, event: eventRow(event) });
  }

  #writeEpochs(): void {
    const { clock, timeline } = this.#run;
    for (const { index, startNs, knobs } of timeline.epochs) {
      if (this.#knobs[index] === knobs) continue;
      this.#knobs[index] = knobs;
      this.#write({ kind: 'epoch', index, timeMs: roundMs(clock.toUnixMs(startNs)), knobs });
    }
  }

  #writeIntervals(nowNs: number, all: boolean): void {
    const { rows, timeline } = this.#run;
    let oldest = Number.POSITIVE_INFINITY;
    rows.forEachOpen((number, tally, row) => {
      oldest = Math.min(oldest, number);
      const { startNs, endNs } = timeline.spans.describe(number);
      const written = this.#intervals.get(number);
      if (written?.row === row) return;
      const ageNs = nowNs - endNs;
      const early = ageNs < settleNs;
      // An interval that is about to be forgotten has no second chance.
      const tooSoon = written !== undefined && nowNs - written.atNs < againNs && ageNs < openNs - againNs;
      if (!all && (early || tooSoon)) return;
      this.#intervals.set(number, { row, atNs: nowNs });
      this.#write(intervalLine(number, startNs, row, tally));
    });
    for (const number of this.#intervals.keys()) if (number < oldest) this.#intervals.delete(number);
  }

  #writeLag(): void {
    const samples = this.#run.clusterWatch?.lagSamples.slice(this.#lagSamples) ?? [];
    if (samples.length === 0) return;
    this.#lagSamples += samples.length;
    this.#write({ kind: 'lag', samples });
  }

  #writeState(): void {
    const { clockWatch, happenings, loadWatch, logEndGrowth, slos } = this.#run;
    const whole = wholeRun({
      running: happenings.last?.totals ?? null,
      logEndGrowth,
      clockDeviationNs: clockWatch.worstNs,
    });
    const line: JournalLine = { kind: 'state', wholeRun: whole, slos: [...slos.rows], errors: loadWatch.errors.rows() };
    const text = JSON.stringify(line);
    if (text === this.#state) return;
    this.#state = text;
    this.#target.line(text);
  }

  #write(line: JournalLine): void {
    if (this.#early === null) this.#target.line(JSON.stringify(line));
    else this.#early.push(line);
  }
}

function intervalLine(
  number: number,
  startNs: number,
  row: IntervalRow,
  tally: Tally | undefined,
): JournalLineOf<'interval'> {
  const [response, service, slip, e2e] = latencyTags;
  const packed = (tag: (typeof latencyTags)[number]) => tally?.latencies[tag].pack() ?? null;
  return {
    kind: 'interval',
    number,
    startNs,
    row,
    counts: tally?.counts ?? emptyCounts(),
    latency: { response: packed(response), service: packed(service), slip: packed(slip), e2e: packed(e2e) },
  };
}
