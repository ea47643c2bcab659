/**
 * The search for the knee, where there is no objective: doubling until rate by mean response has clearly fallen, then closer
 * and closer around its highest point (method: "The knee"). Pure, as `search.ts` is.
 */
import type { SearchMove, SearchSettings, StepOutcome } from './search.ts';

export interface KneeOutcome extends StepOutcome {
  /** Mean response of a steady step; null: it was none, or too few were answered to tell. */
  readonly meanMs: number | null;
}

const rampFactor = 2;
/** Beyond the knee for sure: less than this of the highest power. */
const pastShare = 0.8;
/** The tested rates beside the best one are near enough for the parabola. */
const closeRatio = 1.15;
const mostRefinements = 8;

/** What to do after these steps. */
export function nextKneeMove({ fromHz, maxHz }: SearchSettings, outcomes: readonly KneeOutcome[]): SearchMove {
  const last = outcomes.at(-1);
  if (last === undefined) return step('ramp', Math.min(fromHz, maxHz ?? fromHz));
  const tested = outcomes.filter(({ verdict }) => verdict !== 'client');
  const best = tested.toSorted((a, b) => powerOf(b) - powerOf(a))[0];
  const clientHz = outcomes.find(({ verdict }) => verdict === 'client')?.rateHz ?? null;
  const highest = Math.max(...tested.map(({ rateHz }) => rateHz), 0);
  if (best === undefined) return over(outcomes, 'client', clientHz);
  const top = tested.find(({ rateHz }) => rateHz === highest);
  const isPast = top !== undefined && (top.verdict === 'fail' || powerOf(top) < pastShare * powerOf(best));
  const isCapped = maxHz !== null && highest >= maxHz;
  if (!isPast && !isCapped && clientHz === null) {
    return step('ramp', Math.min(highest * rampFactor, maxHz ?? Number.POSITIVE_INFINITY));
  }
  const refinements = outcomes.filter(({ role }) => role === 'bisect').length;
  const between = refinements < mostRefinements ? gapBeside(best.rateHz, tested, clientHz) : null;
  if (between !== null) return step('bisect', between);
  const end = isPast || best.rateHz < highest ? 'found' : clientHz === null ? 'at-cap' : 'client';
  return over(outcomes, end, clientHz);
}

const step = (role: 'ramp' | 'bisect', rateHz: number): SearchMove => ({ kind: 'step', role, rateHz });

/** λ/R̄; of a step that has no mean response there is none. */
function powerOf({ rateHz, meanMs }: KneeOutcome): number {
  return meanMs === null || meanMs <= 0 ? 0 : rateHz / meanMs;
}

/** The middle of the wider gap between the best rate and those tested beside it; null: both are close. */
function gapBeside(bestHz: number, tested: readonly KneeOutcome[], clientHz: number | null): number | null {
  const rates = tested.map(({ rateHz }) => rateHz);
  const above = Math.min(...rates.filter((rateHz) => rateHz > bestHz));
  const below = Math.max(...rates.filter((rateHz) => rateHz < bestHz));
  const upper = Number.isFinite(above) ? above / bestHz : 1;
  const lower = Number.isFinite(below) ? bestHz / below : 1;
  if (Math.max(upper, lower) <= closeRatio) return null;
  const middle = upper >= lower ? Math.sqrt(bestHz * above) : Math.sqrt(bestHz * below);
  return clientHz !== null && middle >= clientHz ? null : middle;
}

function over(
  outcomes: readonly KneeOutcome[],
  end: 'found' | 'at-cap' | 'client',
  clientHz: number | null,
): SearchMove {
  const passed = outcomes.filter(({ verdict }) => verdict === 'pass').map(({ rateHz }) => rateHz);
  const failed = outcomes.filter(({ verdict }) => verdict === 'fail').map(({ rateHz }) => rateHz);
  const result = {
    end,
    // A knee is a label on a curve, and no rate that was held.
    rateHz: null,
    passedHz: passed.length === 0 ? null : Math.max(...passed),
    failedHz: failed.length === 0 ? null : Math.min(...failed),
    limitedBy: clientHz === null ? null : ('client' as const),
  };
  return { kind: 'done', result };
}
