/** A search and its steps as documents keep them and screens show them. */
import type { StepOutcome } from '../../analysis/search.ts';
import type { StepVerdict } from '../../analysis/step-verdict.ts';
import type { SearchVerdict } from '../../analysis/verdict.ts';
import type { Slo } from '../../config/plan.ts';
import { shortSloText } from '../../config/slo.ts';
import type { Search, SearchStep } from '../document-schema.ts';
import { unansweredIn } from '../figures-of.ts';
import { percentText, rateText } from '../figures-text.ts';
import { kneeText } from '../knee-row.ts';
import { latencyPercentiles, percentileMs } from '../latency-percentiles.ts';
import type { Step, StepPicture } from './step-watch.ts';

export interface StepFacts {
  readonly index: number;
  readonly step: Step;
  readonly picture: StepPicture;
  readonly verdict: StepVerdict;
  readonly timeMs: number;
  readonly nowNs: number;
  readonly steadySinceNs: number | null;
  /** As of `unansweredIn`. */
  readonly filters: boolean;
}

/** A step as it stands: `unsure` while nothing is decided. */
export function stepRow(facts: StepFacts): SearchStep {
  const { index, step, picture, verdict, timeMs, nowNs, steadySinceNs, filters } = facts;
  const { reading, tally } = picture;
  const { latency, step: decided } = verdict;
  const orNull = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value;
  return {
    index,
    timeMs,
    durationMs: Math.max(0, Math.round((nowNs - step.startNs - step.discardNs) / 1e6)),
    discardedMs: step.discardNs / 1e6,
    role: step.role,
    targetRate: step.rateHz,
    ackedRate: Math.round(picture.ackedRate * 1000) / 1000,
    response: latencyPercentiles(tally.latencies.response, unansweredIn(tally, 'response')),
    e2e: latencyPercentiles(tally.latencies.e2e, unansweredIn(tally, 'e2e', filters)),
    overFraction: orNull(latency?.overFraction),
    overLow: orNull(latency?.overLow),
    overHigh: orNull(latency?.overHigh),
    autocorrelation: orNull(latency?.autocorrelation),
    lagSlope: picture.lagSlope,
    slipP99Ms: percentileMs(tally.latencies.slip, 99, 0),
    throttleMs: Math.round(reading.throttleMs),
    offeredInTime: reading.offeredInTime,
    steadyAfterMs: steadySinceNs === null ? null : Math.max(0, Math.round((steadySinceNs - step.startNs) / 1e6)),
    verdict: decided?.verdict ?? 'unsure',
    marginal: decided?.marginal ?? false,
    limitedBy: decided?.limitedBy ?? null,
  };
}

/** What a run amounts to whose task was to search, by its last search. */
export function searchVerdict(searches: readonly Search[], soakHeld: boolean | null): SearchVerdict {
  const last = searches.at(-1);
  if (last === undefined) return { kind: 'none', text: 'the search did not begin' };
  const text = searchText(last);
  if (soakHeld === false) return { kind: 'none', text: `${text}; the soak after it broke ${last.slo}` };
  switch (last.outcome) {
    case 'found':
    case 'at-cap':
    case 'out-of-time': {
      const isFound = last.slo === '' ? last.knee !== null : last.maxSustainableRate !== null;
      return { kind: isFound ? 'found' : 'none', text };
    }
    // Whoever ended it knows that there is no answer.
    case 'stopped':
    case 'running':
      return { kind: 'found', text };
    case 'client':
      return { kind: 'client', text };
    case 'unconfirmed':
    case 'none':
    case 'not-recovered':
      return { kind: 'none', text };
  }
}

/** What the search goes by. */
export function outcomeOf({ role, targetRate, verdict, limitedBy }: SearchStep): StepOutcome | null {
  return verdict === 'unsure' ? null : { role, rateHz: targetRate, verdict, limitedBy };
}

/** "58.7 k/s holds p99<10ms [58.7, 61.3], limited by latency", or what became of the search instead. */
export function searchText(search: Search): string {
  const { slo, outcome, maxSustainableRate, bracket, limitedBy, steps } = search;
  if (slo === '' && outcome !== 'running') return kneeSearchText(search);
  const by = limitedBy === null ? '' : `, limited by ${limitedBy}`;
  const holds = (rate: number): string => `${rateText(rate)} holds ${slo}`;
  const passed = bracket?.[0] ?? null;
  const best = passed === null ? 'no rate passed' : `${rateText(passed)} passed, not confirmed`;
  const lowest = Math.min(...steps.map(({ targetRate }) => targetRate));
  switch (outcome) {
    case 'found':
      return maxSustainableRate === null ? best : `${holds(maxSustainableRate)} ${bracketText(bracket)}${by}`;
    case 'at-cap':
      return maxSustainableRate === null ? best : `${holds(maxSustainableRate)}, the highest rate allowed`;
    case 'client':
      return passed === null
        ? `no rate held, and the load generator is too slow for ${rateText(steps.at(-1)?.targetRate ?? lowest)}`
        : `at least ${holds(passed)}: the load generator is the limit`;
    case 'unconfirmed':
      return `not confirmed: ${best}${by}`;
    case 'none':
      return `even ${rateText(lowest)} does not hold ${slo}${by}`;
    case 'not-recovered':
      return `the cluster did not recover: ${best}${by}`;
    case 'out-of-time':
      return `out of time: ${best} ${bracketText(bracket)}`.trimEnd();
    case 'stopped':
      return `stopped: ${best} ${bracketText(bracket)}`.trimEnd();
    case 'running':
      return 'searching';
  }
}

function kneeSearchText({ outcome, knee }: Search): string {
  const text = knee === null ? 'too few rates for a knee' : kneeText(knee);
  switch (outcome) {
    case 'client':
      return `${text}: the load generator could drive no more`;
    case 'at-cap':
      return `${text}: no higher rate was allowed`;
    case 'not-recovered':
      return `${text}: the cluster did not recover`;
    case 'out-of-time':
      return `${text}: out of time`;
    case 'stopped':
      return `${text}: stopped`;
    case 'found':
    case 'none':
    case 'unconfirmed':
    case 'running':
      return text;
  }
}

/** "[58.7, 61.3 k/s]"; nothing without an upper end. */
export function bracketText(bracket: Search['bracket']): string {
  if (bracket === null || bracket[1] === null) return '';
  const [low, high] = [rateText(bracket[0]), rateText(bracket[1])];
  const unitOf = (text: string): string => text.replace(/^[\d.,]+/, '');
  return unitOf(low) === unitOf(high) ? `[${low.slice(0, -unitOf(low).length)}, ${high}]` : `[${low}, ${high}]`;
}

/** "bracket 58.7 k/s … 61.3 k/s (4.4 %)". */
export function openBracketText(bracket: Search['bracket']): string {
  if (bracket === null) return 'nothing passed yet';
  const [low, high] = bracket;
  return high === null
    ? `above ${rateText(low)}`
    : `bracket ${rateText(low)} … ${rateText(high)} (${percentText(high / low - 1)})`;
}

/** "p99<10ms, lag<1s". */
export function sloText(slos: readonly Slo[]): string {
  return slos.map(shortSloText).join(', ');
}
