/** The searches of a document as they stood at a moment of it. */
import type { Search, SearchStep } from './document-schema.ts';
import { latenciesOf } from './figures-of.ts';
import { Tally } from './interval-book.ts';

/** Those that had begun; of one that was under way what was known then. */
export function searchesAt(searches: readonly Search[], nowMs: number): readonly Search[] {
  return searches
    .filter(({ timeMs }) => timeMs <= nowMs)
    .map((search) => {
      if (searchEndMs(search) <= nowMs) return search;
      const begun = search.steps.filter(({ timeMs }) => timeMs <= nowMs);
      const steps = begun.map((step) => (stepEndMs(step) <= nowMs ? step : underWay(step, nowMs)));
      // What follows from all steps is not known yet.
      const nothingYet = { maxSustainableRate: null, bracket: null, limitedBy: null, knee: null };
      return { ...search, steps, outcome: 'running', ...nothingYet };
    });
}

function stepEndMs({ timeMs, discardedMs, durationMs }: SearchStep): number {
  return timeMs + discardedMs + durationMs;
}

/** One that was gone on with ends later than it lasted: its length leaves out the time between. */
function searchEndMs({ timeMs, durationMs, steps }: Search): number {
  return Math.max(timeMs + durationMs, ...steps.map(stepEndMs));
}

/** Without figures: those of the document are of the whole step. */
function underWay(step: SearchStep, nowMs: number): SearchStep {
  const { response, e2e } = latenciesOf(new Tally());
  return {
    ...step,
    durationMs: Math.max(0, nowMs - step.timeMs - step.discardedMs),
    ackedRate: 0,
    response,
    e2e,
    overFraction: null,
    overLow: null,
    overHigh: null,
    lagSlope: null,
    slipP99Ms: null,
    steadyAfterMs: null,
    autocorrelation: null,
    throttleMs: 0,
    offeredInTime: null,
    verdict: 'unsure',
    marginal: false,
    limitedBy: null,
  };
}
