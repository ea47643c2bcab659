/** Whether the run's objectives hold: over the measured phase, and since when on the screen. */
import { isBelow } from '../analysis/clock-error.ts';
import { toMs } from '../analysis/latency-summary.ts';
import type { LatencyTag, Slo } from '../config/plan.ts';
import type { SloRow } from './document-schema.ts';
import { unansweredIn } from './figures-of.ts';
import { threeDigits } from './figures-text.ts';
import type { Tally } from './interval-book.ts';
import { percentileMs } from './latency-percentiles.ts';
import type { SloView } from './view.ts';

export interface SloReading {
  readonly nowMs: number;
  /** Of the measured phase. */
  readonly tally: Tally;
  /** Messages of it that are not answered (for e2e: consumed) and younger than `limitMs`: they may still hold. */
  youngerThan(limitMs: number, tag: LatencyTag): number;
  readonly lagMs: number | null;
  /** The present load is a search's: the lag that it makes, and leaves behind, is not held against the run. */
  readonly isSearching: boolean;
  /** Acknowledged during the measured phase, of what was asked for; null: unthrottled or nothing asked for. */
  readonly achievedFraction: number | null;
  /** How far end-to-end latency may be off, ms. */
  readonly e2eErrorMs: number;
}

interface State {
  readonly slo: Slo;
  row: SloRow;
  heldSinceMs: number | null;
  heldByService: boolean;
  /** Lag is a search's until it was below its limit again. */
  excused: boolean;
}

export class SloWatch {
  readonly #states: State[];
  readonly #filters: boolean;

  /** `filters`: as of `unansweredIn`. */
  constructor(slos: readonly Slo[], filters = false) {
    this.#filters = filters;
    this.#states = slos.map((slo) => ({
      slo,
      row: { expr: slo.text, held: null, actual: null, violations: 0, worstMs: null },
      heldSinceMs: null,
      heldByService: false,
      excused: false,
    }));
  }

  /** Takes a reading, about one a second. Answers the objectives that were broken just now. */
  read(reading: SloReading): readonly string[] {
    const broken: string[] = [];
    for (const state of this.#states) {
      const before = state.row.held;
      state.excused = isExcused(state, reading);
      if (!state.excused) state.row = judge(state.slo, reading, state.row, this.#filters);
      state.heldByService = serviceHolds(state.slo, reading);
      if (state.row.held === true) state.heldSinceMs ??= reading.nowMs;
      else state.heldSinceMs = null;
      if (state.row.held === false && before !== false) broken.push(state.slo.text);
    }
    return broken;
  }

  /** Objectives on response that are broken, though they hold from when messages were offered: the client was late. */
  get heldByServiceAlone(): readonly string[] {
    return this.#states.flatMap(({ slo, row, heldByService }) =>
      row.held === false && heldByService ? [slo.text] : [],
    );
  }

  get rows(): readonly SloRow[] {
    return this.#states.map(({ row }) => row);
  }

  views(nowMs: number): readonly SloView[] {
    return this.#states.map(({ slo, row, heldSinceMs }) => ({
      text: slo.text,
      held: row.held,
      heldForS: heldSinceMs === null ? null : Math.floor((nowMs - heldSinceMs) / 1000),
      actual: actualText(slo, row.actual),
    }));
  }
}

function isExcused({ slo, excused }: State, { lagMs, isSearching }: SloReading): boolean {
  if (slo.kind !== 'lag') return false;
  return isSearching || (excused && (lagMs === null || lagMs >= slo.limitMs));
}

function serviceHolds(slo: Slo, { tally, youngerThan }: SloReading): boolean {
  if (slo.kind !== 'latency' || slo.tag !== 'response') return false;
  const unanswered = Math.max(0, unansweredIn(tally, 'service') - youngerThan(slo.limitMs, 'service'));
  const actual = percentileMs(tally.latencies.service, slo.percentile, unanswered);
  return actual !== null && actual < slo.limitMs;
}

/** A verdict needs ten messages that may break the limit: n ≥ 10 / (1 − percentile). */
function neededFor(percentile: number): number {
  return Math.ceil(10 / (1 - Math.min(percentile, 99.9999) / 100) - 1e-6);
}

function judge(slo: Slo, reading: SloReading, before: SloRow, filters: boolean): SloRow {
  const { tally, lagMs, achievedFraction } = reading;
  switch (slo.kind) {
    case 'latency': {
      const counts = tally.latencies[slo.tag];
      const unanswered = Math.max(0, unansweredIn(tally, slo.tag, filters) - reading.youngerThan(slo.limitMs, slo.tag));
      // Too few messages for a verdict at this percentile, or none of this kind (acks=0, no consumers).
      if (counts.count + unanswered < neededFor(slo.percentile)) return { ...before, held: null };
      const actual = percentileMs(counts, slo.percentile, unanswered);
      return {
        expr: slo.text,
        held: actual === null ? false : isBelow(actual, slo.limitMs, slo.tag === 'e2e' ? reading.e2eErrorMs : 0),
        actual,
        violations: counts.countAbove(slo.limitMs * 1e6) + unanswered,
        worstMs: counts.count === 0 ? null : toMs(counts.maxNs),
      };
    }
    case 'errors': {
      const { acked, failed, unknown, missed } = tally.counts;
      const wrong = failed + unknown + missed;
      const all = acked + wrong;
      if (all === 0) return before;
      const actual = wrong / all;
      return { expr: slo.text, held: actual < slo.limitFraction, actual, violations: wrong, worstMs: null };
    }
    case 'lag': {
      if (lagMs === null) return before;
      const over = lagMs >= slo.limitMs;
      return {
        expr: slo.text,
        held: before.held !== false && !over,
        actual: lagMs,
        violations: before.violations + (over ? 1 : 0),
        worstMs: Math.max(before.worstMs ?? 0, lagMs),
      };
    }
    case 'achieved': {
      if (achievedFraction === null) return before;
      const held = achievedFraction > slo.atLeastFraction;
      return {
        expr: slo.text,
        held,
        actual: achievedFraction,
        violations: before.violations + (held ? 0 : 1),
        worstMs: null,
      };
    }
  }
}

function actualText(slo: Slo, actual: number | null): string {
  if (actual === null) return '–';
  return slo.kind === 'latency' || slo.kind === 'lag' ? `${threeDigits(actual)} ms` : `${(actual * 100).toFixed(2)} %`;
}
