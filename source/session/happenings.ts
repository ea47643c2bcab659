/**
 * What happened when: the load threads' running totals and the gauges of the moment, sampled by main a few times a
 * second. Rates and means of any stretch of wall time come from the difference of two samples.
 */
import { Figures, type FiguresBuffer, type TotalField, totalAt, totalFields } from '../measure/figures.ts';
import type { HostSample } from '../measure/host.ts';

export type RunningTotals = Readonly<Record<TotalField, number>>;

export interface Gauges {
  readonly lagMessages: number | null;
  readonly lagMs: number | null;
  readonly pingMs: number | null;
  readonly host: HostSample | null;
}

export interface Sample {
  readonly timeNs: number;
  readonly totals: RunningTotals;
  readonly gauges: Gauges;
}

/** Fields that are a state of the moment, not a running sum: never interpolated over time. */
const worst = new Set<TotalField>(['loopDelayP99Ns', 'clockDeviationNs', 'lastDueNs']);
const least = new Set<TotalField>(['heartbeatNs', 'oldestDueNs', 'lowestE2eNs']);
const keepNs = 200e9;

export class Happenings {
  readonly #threads = new Map<number, Figures>();
  #samples: Sample[] = [];

  addThread(thread: number, shared: FiguresBuffer): void {
    this.#threads.set(thread, new Figures(shared));
  }

  /** Takes a sample of all threads. */
  sample(timeNs: number, gauges: Gauges): Sample {
    const sample: Sample = { timeNs, totals: this.#sum(), gauges };
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
    if (after === undefined || after.timeNs === before.timeNs) return before.totals[field];
    const share = Math.min(1, Math.max(0, (timeNs - before.timeNs) / (after.timeNs - before.timeNs)));
    return before.totals[field] + share * (after.totals[field] - before.totals[field]);
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

  #sum(): RunningTotals {
    const sums: Partial<Record<TotalField, number>> = {};
    for (const field of totalFields) sums[field] = least.has(field) ? Number.POSITIVE_INFINITY : 0;
    for (const { totals } of this.#threads.values()) {
      for (const field of totalFields) {
        const value = totals[totalAt[field]] ?? 0;
        const before = sums[field] ?? 0;
        if (worst.has(field)) sums[field] = Math.max(before, value);
        else if (least.has(field)) sums[field] = Number.isNaN(value) || value === 0 ? before : Math.min(before, value);
        else sums[field] = before + value;
      }
    }
    return sums as RunningTotals;
  }
}
