/**
 * Gathers what the load threads publish: every interval's counts and latencies, and their sums by epoch and phase.
 * Intervals of the last minutes go on changing as answers come in; sums follow by replacing what a thread had said.
 */
import { type LatencyTag, latencyTags } from '../config/plan.ts';
import {
  Figures,
  type FiguresBuffer,
  type Slot,
  type SlotCount,
  type SlotSum,
  slotAt,
  slotFields,
  slotMaxima,
  slotState,
  tagFieldAt,
} from '../measure/figures.ts';
import { LatencyCounts } from '../measure/latency-counts.ts';
import type { SpanPhase, SpanTable } from '../measure/spans.ts';

/** An interval so many before the latest is expected to change no more. */
const settledAfter = 3;

export type Counts = Record<SlotCount, number>;
export type Latencies = Record<LatencyTag, LatencyCounts>;

const countFields = slotFields.filter((field): field is SlotCount => field !== 'interval' && field !== 'changes');
const isSum = (field: SlotCount): field is SlotSum => !slotMaxima.some((maximum) => maximum === field);
const sumFields = countFields.filter(isSum);

const noCounts = Object.fromEntries(countFields.map((field) => [field, 0])) as Counts;

export function emptyCounts(): Counts {
  return { ...noCounts };
}

export function emptyLatencies(): Latencies {
  return {
    response: new LatencyCounts(),
    service: new LatencyCounts(),
    slip: new LatencyCounts(),
    e2e: new LatencyCounts(),
  };
}

/** Counts and latencies of some set of intervals. */
export class Tally {
  readonly counts: Counts;
  readonly latencies: Latencies;

  constructor(counts = emptyCounts(), latencies = emptyLatencies()) {
    this.counts = counts;
    this.latencies = latencies;
  }

  add(other: Tally): void {
    for (const field of sumFields) this.counts[field] += other.counts[field];
    this.#raise(other);
    for (const tag of latencyTags) this.latencies[tag].add(other.latencies[tag]);
  }

  compact(): void {
    for (const tag of latencyTags) this.latencies[tag].compact();
  }

  /** Puts a thread's present figures of an interval in the place of those it gave before. */
  replace(before: Tally | undefined, now: Tally): void {
    for (const field of sumFields) this.counts[field] += now.counts[field] - (before?.counts[field] ?? 0);
    // What a thread says again of a maximum is never less.
    this.#raise(now);
    for (const tag of latencyTags) this.latencies[tag].replace(before?.latencies[tag], now.latencies[tag]);
  }

  /** Messages due and not answered, given up or missed yet. */
  get open(): number {
    const { scheduled, acked, failed, unknown, missed } = this.counts;
    return scheduled - acked - failed - unknown - missed;
  }

  #raise(other: Tally): void {
    for (const field of slotMaxima) this.counts[field] = Math.max(this.counts[field], other.counts[field]);
  }
}

/** What a thread said last in one of its slots. */
interface Part {
  readonly interval: number;
  readonly tally: Tally;
}

interface Thread {
  readonly figures: Figures;
  /** By slot: they last as long as an interval can change. */
  readonly parts: (Part | undefined)[];
}

export class IntervalBook {
  readonly #spans: SpanTable;
  readonly #threads = new Map<number, Thread>();
  readonly #intervals = new Map<number, Tally>();
  readonly #byEpoch = new Map<string, Tally>();
  readonly #changed = new Set<number>();
  /** Intervals that changed since they were made compact. */
  readonly #loose = new Set<number>();
  #latest = 0;
  /** Intervals below are forgotten. */
  #kept = 0;

  constructor(spans: SpanTable) {
    this.#spans = spans;
  }

  /** Starts to read a thread's figures. */
  addThread(thread: number, shared: FiguresBuffer): void {
    this.#threads.set(thread, { figures: new Figures(shared), parts: [] });
  }

  /** Reads what moved since the last call. */
  refresh(): void {
    for (const { figures, parts } of this.#threads.values()) {
      // Some thousand slots a second, most of them as they were: no object for each.
      for (let index = 0; index < figures.slots.length; index++) {
        const slot = figures.slots[index];
        const interval = slot?.head[slotAt.interval] ?? -1;
        if (slot === undefined || interval < 0) continue;
        const state = slotState(slot.head);
        if (figures.reads[index] === state) continue;
        const tally = readSlot(figures, slot);
        // The thread gave the slot to another interval while it was read: half of each is worth nothing.
        if (slot.head[slotAt.interval] !== interval) continue;
        figures.reads[index] = state;
        const part = parts[index];
        parts[index] = { interval, tally };
        this.#take(interval, part?.interval === interval ? part.tally : undefined, tally);
      }
    }
    this.#compact();
  }

  /** Figures of one interval; undefined: nothing was due or read in it, or it was released. */
  interval(number: number): Tally | undefined {
    return this.#intervals.get(number);
  }

  /** Numbers of the intervals that changed since the last call. */
  takeChanged(): readonly number[] {
    const changed = [...this.#changed].sort((a, b) => a - b);
    this.#changed.clear();
    return changed;
  }

  /** Sums of an epoch's messages within a phase. */
  epoch(epoch: number, phase: SpanPhase): Tally {
    const key = `${epoch} ${phase}`;
    const known = this.#byEpoch.get(key);
    if (known !== undefined) return known;
    const fresh = new Tally();
    this.#byEpoch.set(key, fresh);
    return fresh;
  }

  /** Sums of a phase's messages over the epochs [from, to). */
  phase(phase: SpanPhase, from: number, to: number): Tally {
    const sum = new Tally();
    for (let epoch = from; epoch < to; epoch++) {
      const part = this.#byEpoch.get(`${epoch} ${phase}`);
      if (part !== undefined) sum.add(part);
    }
    return sum;
  }

  /** Merges the intervals [from, to]. */
  merge(from: number, to: number): Tally {
    const sum = new Tally();
    for (let number = from; number <= to; number++) {
      const tally = this.#intervals.get(number);
      if (tally !== undefined) sum.add(tally);
    }
    return sum;
  }

  /** Forgets intervals before `number`; their sums stay. What comes of them later joins the oldest that is kept. */
  release(number: number): void {
    this.#kept = Math.max(this.#kept, number);
    for (const key of this.#intervals.keys()) if (key < number) this.#intervals.delete(key);
  }

  /** Minutes of intervals are kept, four histograms each and by thread: those that are over take little room. */
  #compact(): void {
    for (const number of this.#loose) {
      if (number > this.#latest - settledAfter) continue;
      this.#loose.delete(number);
      this.#intervals.get(number)?.compact();
      for (const { parts } of this.#threads.values()) {
        for (const part of parts) if (part?.interval === number) part.tally.compact();
      }
    }
  }

  #take(number: number, before: Tally | undefined, now: Tally): void {
    const { span } = this.#spans.describe(number);
    this.epoch(span.epoch, span.phase).replace(before, now);
    const kept = Math.max(number, this.#kept);
    let tally = this.#intervals.get(kept);
    if (tally === undefined) {
      tally = new Tally();
      this.#intervals.set(kept, tally);
    }
    tally.replace(before, now);
    this.#changed.add(kept);
    this.#loose.add(number).add(kept);
    this.#latest = Math.max(this.#latest, number);
  }
}

function readSlot(figures: Figures, slot: Slot): Tally {
  const tally = new Tally();
  const { head } = slot;
  for (const field of countFields) tally.counts[field] = head[slotAt[field]] ?? 0;
  for (const [index, tag] of figures.tags.entries()) {
    const counts = slot.counts[index];
    if (counts === undefined) continue;
    const at = (field: 'count' | 'sumNs' | 'minNs' | 'maxNs' | 'clamped' | 'lowBucket' | 'highBucket'): number =>
      head[tagFieldAt(index, field)] ?? 0;
    tally.latencies[tag].addBuckets(counts, at('lowBucket'), at('highBucket'), {
      count: at('count'),
      sumNs: at('sumNs'),
      minNs: at('minNs'),
      maxNs: at('maxNs'),
      clamped: at('clamped'),
    });
  }
  return tally;
}
