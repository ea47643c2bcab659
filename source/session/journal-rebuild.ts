/**
 * Makes a session's document again from its journal: the one it ended with, or, where the run broke off, what its
 * intervals say. Memory stays small for long runs: intervals are folded into sums once nothing can change them.
 */
import { LatencyCounts } from '../measure/latency-counts.ts';
import { assembleDocument, boundedLists } from './document.ts';
import type { EventRow, IntervalRow, LagSample, SessionDocument, Verdict } from './document-schema.ts';
import { latencyStates, totalsWithDrained, wholeRun } from './document-source.ts';
import type { EpochState } from './document-state.ts';
import { Tally } from './interval-book.ts';
import { openNs } from './interval-rows.ts';
import { AutomationReader } from './journal-automations.ts';
import { type JournalLine, type JournalLineOf, journalLineSchema } from './journal-lines.ts';
import { faultText } from './schema-fault.ts';
import { WindowBook } from './window-book.ts';

export type JournalStart = JournalLineOf<'start'>;

export interface RebuildOptions {
  /** Whether the process that writes the journal is still at it. */
  running(start: JournalStart): boolean;
  /** Called with each interval as it is in the end, oldest first. */
  interval?(row: IntervalRow, tally: Tally): void;
}

/** Why a text is no journal, and the line (from 1) that shows it. */
export class JournalFault extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Reads a journal. Rejects with JournalFault; a last line that is torn is what a crash leaves, and no fault. */
export async function rebuildSession(
  lines: AsyncIterable<string> | Iterable<string>,
  options: RebuildOptions,
): Promise<SessionDocument> {
  let rebuild: Rebuild | null = null;
  let number = 0;
  let torn: JournalFault | null = null;
  for await (const text of lines) {
    number++;
    if (torn !== null) throw torn;
    try {
      const line = journalLineSchema.parse(JSON.parse(text));
      if (rebuild !== null) rebuild.take(line);
      else if (line.kind === 'start') rebuild = new Rebuild(line, options);
      else throw new Error('a journal begins with its start');
    } catch (error) {
      torn = new JournalFault(number, faultText(error));
    }
  }
  if (rebuild === null) throw torn ?? new JournalFault(1, 'nothing is in it');
  try {
    return rebuild.document();
  } catch (error) {
    // Bucket counts are read last.
    throw new JournalFault(number, faultText(error));
  }
}

class Rebuild {
  readonly #start: JournalStart;
  readonly #options: RebuildOptions;
  /** Intervals that a later line may still replace, by number. */
  readonly #open = new Map<number, JournalLineOf<'interval'>>();
  readonly #rows: IntervalRow[] = [];
  readonly #windows = new WindowBook();
  readonly #measured = new Tally();
  readonly #draining = new Tally();
  readonly #byEpoch = new Map<number, { readonly measuring: Tally; readonly draining: Tally }>();
  readonly #epochs: JournalLineOf<'epoch'>[] = [];
  readonly #events: EventRow[] = [];
  readonly #lag: LagSample[] = [];
  readonly #automations = new AutomationReader();
  #state: JournalLineOf<'state'> | null = null;
  #ended: SessionDocument | null = null;

  constructor(start: JournalStart, options: RebuildOptions) {
    this.#start = start;
    this.#options = options;
  }

  take(line: JournalLine): void {
    // What happens after the end, while the run is tidied up, is not in its document.
    if (this.#ended !== null) return;
    switch (line.kind) {
      case 'start':
        throw new Error('a second start');
      case 'epoch':
        this.#epochs[line.index] = line;
        return;
      case 'interval':
        this.#open.set(line.number, line);
        this.#foldUntil(line.startNs - openNs - 10e9);
        return;
      case 'event':
        this.#events[line.number] = line.event;
        return;
      case 'lag':
        this.#lag.push(...line.samples);
        return;
      case 'state':
        this.#state = line;
        return;
      case 'search':
      case 'search-step':
      case 'sweep':
      case 'sweep-run':
        this.#automations.take(line);
        return;
      case 'document':
        this.#ended = line.document;
        return;
      default:
        line satisfies never;
    }
  }

  document(): SessionDocument {
    this.#foldUntil(Number.POSITIVE_INFINITY);
    const brokeOff = this.#ended === null && !this.#options.running(this.#start);
    if (brokeOff) this.#giveUpOpen();
    const { zeroMs, start } = this.#start;
    const clock = { nowNs: () => 0, toUnixMs: (runNs: number) => zeroMs + runNs / 1e6 };
    const lists = {
      intervals: this.#rows,
      hdrWindows: this.#windows.windows(clock, []),
      lag: this.#lag,
      // A change is noted ahead of its moment; among events of one moment the order of arrival holds.
      events: Object.values(this.#events).sort((a, b) => a.timeMs - b.timeMs),
    };
    if (this.#ended !== null) {
      const { endedAt, startedAt } = this.#ended.run;
      return { ...this.#ended, ...boundedLists(lists, Date.parse(endedAt ?? startedAt)) };
    }
    return assembleDocument(start, {
      ...lists,
      run: { endedAtMs: null, verdict: this.#verdict() },
      totals: totalsWithDrained(this.#measured, this.#draining, null),
      wholeRun: this.#state?.wholeRun ?? wholeRun({ running: null, logEndGrowth: null, clockDeviationNs: 0 }),
      latency: latencyStates(this.#measured),
      slos: this.#state?.slos ?? [],
      epochs: this.#epochs.map((epoch) => this.#epoch(epoch)),
      errors: this.#state?.errors ?? [],
      ...this.#automations.rows(brokeOff),
    });
  }

  /** The run broke off: nobody will hear of its messages without an answer any more. */
  #giveUpOpen(): void {
    for (const tally of [this.#measured, ...[...this.#byEpoch.values()].map(({ measuring }) => measuring)]) {
      tally.counts.unknown += Math.max(0, tally.open);
    }
    for (const [at, row] of this.#rows.entries()) {
      const { scheduled, acked, failed, unknown, missed } = row;
      const open = Math.max(0, scheduled - acked - failed - unknown - missed);
      if (open > 0) this.#rows[at] = { ...row, unknown: unknown + open };
    }
  }

  #epoch({ index, timeMs, knobs }: JournalLineOf<'epoch'>): EpochState {
    const { measuring, draining } = this.#epochTallies(index);
    const totals = totalsWithDrained(measuring, draining, null);
    return { index, timeMs, knobs, totals, latency: latencyStates(measuring) };
  }

  #epochTallies(index: number) {
    const known = this.#byEpoch.get(index) ?? { measuring: new Tally(), draining: new Tally() };
    this.#byEpoch.set(index, known);
    return known;
  }

  #verdict(): Verdict {
    if (this.#options.running(this.#start)) return { exitCode: 0, label: 'still running', reasons: [] };
    const last = this.#rows.at(-1);
    const until = last === undefined ? 'before its load began' : new Date(last.timeMs + last.durationMs).toISOString();
    const reason = `the run broke off without an end: what is known of it reaches until ${until}`;
    return { exitCode: 1, label: 'broke off', reasons: [reason] };
  }

  /** Takes over what began before `beforeNs`: those intervals are final. */
  #foldUntil(beforeNs: number): void {
    for (const [number, line] of this.#open) {
      if (line.startNs >= beforeNs) return;
      this.#open.delete(number);
      this.#fold(line);
    }
  }

  #fold({ row, startNs, counts, latency }: JournalLineOf<'interval'>): void {
    const tally = new Tally(counts, {
      response: LatencyCounts.unpack(latency.response),
      service: LatencyCounts.unpack(latency.service),
      slip: LatencyCounts.unpack(latency.slip),
      e2e: LatencyCounts.unpack(latency.e2e),
    });
    this.#rows.push(row);
    this.#windows.add(startNs, tally);
    if (row.phase === 'measuring') {
      this.#measured.add(tally);
      this.#epochTallies(row.epoch).measuring.add(tally);
    } else if (row.phase === 'draining') {
      this.#draining.add(tally);
      this.#epochTallies(row.epoch).draining.add(tally);
    }
    this.#options.interval?.(row, tally);
  }
}
