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

/** The objective at the end of `rows[last]`. */
export function sloAt(slo: Slo, rows: readonly IntervalRow[], last: number, e2eErrorMs: number): SloView {
  const row = rows[last];
  const now = row === undefined || row.phase !== 'measuring' ? unknown : judge(slo, row, e2eErrorMs);
  let heldForMs = 0;
  for (let at = last; now.held === true && at >= 0; at--) {
    const before = rows[at];
    if (before === undefined || before.phase !== 'measuring' || judge(slo, before, e2eErrorMs).held === false) break;
    heldForMs += before.durationMs;
  }
  return { text: slo.text, ...now, heldForS: now.held === true ? Math.round(heldForMs / 1000) : null };
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
