/**
 * What happened when: the load threads' running totals and the gauges of the moment, sampled by main a few times a
 * second. Rates and means of any stretch of wall time come from the difference of two samples.
 */
import type { WatchedLag } from '../cluster/watched-groups.ts';
import { Figures, type FiguresBuffer, type TotalField, totalAt, totalFields } from '../measure/figures.ts';
import type { HostSample } from '../measure/host.ts';

export type RunningTotals = Readonly<Record<TotalField, number>>;

export interface Gauges {
  readonly lagMessages: number | null;
  readonly lagMs: number | null;
  readonly pingMs: number | null;
  readonly host: HostSample | null;
  /** Other people's groups; left out: none is watched. */
  readonly watched?: readonly WatchedLag[];
}

/** Eight a second are kept for minutes: figures in an array, by `totalAt`. */
export class Sample {
  readonly timeNs: number;
  readonly gauges: Gauges;
  readonly #values: Float64Array;

  constructor(timeNs: number, values: Float64Array, gauges: Gauges) {
    this.timeNs = timeNs;
    this.gauges = gauges;
    this.#values = values;
  }

  total(field: TotalField): number {
    return this.#values[totalAt[field]] ?? 0;
  }

  get totals(): RunningTotals {
    const totals: Partial<Record<TotalField, number>> = {};
    for (const field of totalFields) totals[field] = this.total(field);
    return totals as RunningTotals;
  }
}

/** Fields that are a state of the moment, not a running sum: never interpolated over time. */
const worst: ReadonlySet<TotalField> = new Set([
  'loopDelayP99Ns',
  'loopBusy',
  'gcLongestNs',
  'clockDeviationNs',
  'lastDoneNs',
]);
const least: ReadonlySet<TotalField> = new Set(['heartbeatNs', 'oldestDueNs', 'lowestE2eNs']);
/** By `totalAt`: how the threads' values make one. */
const joins = totalFields.map((field) => (worst.has(field) ? 'worst' : least.has(field) ? 'least' : 'sum'));
const keepNs = 200e9;

export class Happenings {
  readonly #threads = new Map<number, Figures>();
  #samples: Sample[] = [];

  addThread(thread: number, shared: FiguresBuffer): void {
    this.#threads.set(thread, new Figures(shared));
  }

  /** Takes a sample of all threads. */
  sample(timeNs: number, gauges: Gauges): Sample {
    const sample = new Sample(timeNs, this.#sum(), gauges);
    this.#samples.push(sample);
    const first = this.#samples[0];
    if (first !== undefined && first.timeNs < timeNs - 2 * keepNs) {
      this.#samples = this.#samples.filter(({ timeNs: at }) => at >= timeNs - keepNs);
    }
    return sample;
  }

  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** When each thread was last alive, run-relative ns. */
  heartbeats(): ReadonlyMap<number, number> {
    return new Map([...this.#threads].map(([thread, figures]) => [thread, figures.totals[totalAt.heartbeatNs] ?? 0]));
  }

  /** How far each thread's clock is off, ns. */
  clockDeviations(): ReadonlyMap<number, number> {
    return new Map([...this.#threads].map(([thread, { totals }]) => [thread, totals[totalAt.clockDeviationNs] ?? 0]));
  }

  /** Running total at a time, between the two samples around it; 0 before the first. */
  at(field: TotalField, timeNs: number): number {
    const [before, after] = this.#around(timeNs);
    if (before === undefined) return 0;
    if (after === undefined || after.timeNs === before.timeNs) return before.total(field);
    const share = Math.min(1, Math.max(0, (timeNs - before.timeNs) / (after.timeNs - before.timeNs)));
    return before.total(field) + share * (after.total(field) - before.total(field));
  }

  /** Growth of a running total over [fromNs, toNs]. */
  growth(field: TotalField, fromNs: number, toNs: number): number {
    return Math.max(0, this.at(field, toNs) - this.at(field, fromNs));
  }

  /** Per second over [fromNs, toNs]. */
  rate(field: TotalField, fromNs: number, toNs: number): number {
    return toNs <= fromNs ? 0 : (this.growth(field, fromNs, toNs) / (toNs - fromNs)) * 1e9;
  }

  /** The last sample at or before a time; the first one where there is none. */
  sampleAt(timeNs: number): Sample | undefined {
    const [before, after] = this.#around(timeNs);
    return before ?? after;
  }

  /** Samples from the newest back to `fromNs`, oldest first. */
  since(fromNs: number): readonly Sample[] {
    return this.#samples.filter(({ timeNs }) => timeNs >= fromNs);
  }

  #around(timeNs: number): readonly [Sample | undefined, Sample | undefined] {
    let low = 0;
    let high = this.#samples.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#samples[middle]?.timeNs ?? 0) <= timeNs) low = middle + 1;
      else high = middle;
    }
    return [this.#samples[low - 1], this.#samples[low]];
  }

  #sum(): Float64Array {
    const sums = new Float64Array(totalFields.length);
    for (const field of least) sums[totalAt[field]] = Number.POSITIVE_INFINITY;
    for (const { totals } of this.#threads.values()) {
      for (let at = 0; at < joins.length; at++) {
        const value = totals[at] ?? 0;
        const before = sums[at] ?? 0;
        if (joins[at] === 'worst') sums[at] = Math.max(before, value);
        else if (joins[at] === 'least')
          sums[at] = Number.isNaN(value) || value === 0 ? before : Math.min(before, value);
        else sums[at] = before + value;
      }
    }
    return sums;
  }
}
