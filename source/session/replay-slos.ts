/** Objectives at a moment of a saved session: by the last second of it, and since when no second broke them. */
import { isBelow } from '../analysis/clock-error.ts';
import type { Slo } from '../config/plan.ts';
import type { IntervalRow } from './document-schema.ts';
import { threeDigits } from './figures-text.ts';
import type { SloView } from './view.ts';

const keptPercentiles = { 50: 'p50Ms', 90: 'p90Ms', 95: 'p95Ms', 99: 'p99Ms', 99.9: 'p999Ms' } as const;

interface Judged {
  /** null: not enough to say. */
  readonly held: boolean | null;
  readonly actual: string;
}

const unknown: Judged = { held: null, actual: '–' };

/** An objective through a whole session. */
export class SloHistory {
  readonly #slo: Slo;
  readonly #rows: readonly IntervalRow[];
  readonly #e2eErrorMs: number;
  /** By row: how long it has held at the end of it. */
  readonly #heldForMs: Float64Array;

  constructor(slo: Slo, rows: readonly IntervalRow[], e2eErrorMs: number) {
    this.#slo = slo;
    this.#rows = rows;
    this.#e2eErrorMs = e2eErrorMs;
    this.#heldForMs = new Float64Array(rows.length);
    let heldForMs = 0;
    for (const [at, row] of rows.entries()) {
      const broken = row.phase !== 'measuring' || judge(slo, row, e2eErrorMs).held === false;
      heldForMs = broken ? 0 : heldForMs + row.durationMs;
      this.#heldForMs[at] = heldForMs;
    }
  }

  /** At the end of row `last`; before the first where that is negative. */
  at(last: number): SloView {
    const row = this.#rows[last];
    const now = row === undefined || row.phase !== 'measuring' ? unknown : judge(this.#slo, row, this.#e2eErrorMs);
    const heldForMs = this.#heldForMs[last] ?? 0;
    return { text: this.#slo.text, ...now, heldForS: now.held === true ? Math.round(heldForMs / 1000) : null };
  }
}

/** By one second alone; a whole run is judged by all of its messages. */
function judge(slo: Slo, row: IntervalRow, e2eErrorMs: number): Judged {
  switch (slo.kind) {
    case 'latency': {
      const kept = Object.entries(keptPercentiles).find(([percentile]) => Number(percentile) === slo.percentile)?.[1];
      const figures = row[slo.tag];
      if (kept === undefined || figures.count === 0) return unknown;
      const actual = figures[kept];
      // Its rank falls among messages that never came to this figure.
      if (actual === null) return { held: false, actual: `> ${threeDigits(figures.maxMs ?? 0)} ms` };
      const held = isBelow(actual, slo.limitMs, slo.tag === 'e2e' ? e2eErrorMs : 0);
      return { held, actual: `${threeDigits(actual)} ms` };
    }
    case 'errors': {
      const wrong = row.failed + row.unknown + row.missed;
      const all = row.acked + wrong;
      return all === 0 ? unknown : { held: wrong / all < slo.limitFraction, actual: percent(wrong / all) };
    }
    case 'lag':
      return row.lagMs === null ? unknown : { held: row.lagMs < slo.limitMs, actual: `${threeDigits(row.lagMs)} ms` };
    case 'achieved': {
      if (row.targetRate === null || row.targetRate === 0) return unknown;
      const achieved = row.ackedRate / row.targetRate;
      return { held: achieved > slo.atLeastFraction, actual: percent(achieved) };
    }
  }
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}
