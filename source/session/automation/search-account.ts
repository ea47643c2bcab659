/**
 * The books of one search: its steps and what they come to, what comes next by them, and what is usual on this cluster. It
 * turns nothing and has no clock.
 */
import { kneeOf } from '../../analysis/knee.ts';
import { nextKneeMove } from '../../analysis/knee-search.ts';
import {
  bracketOf,
  nextMove,
  resultSoFar,
  type SearchMove,
  type SearchResult,
  type SearchSettings,
  type StepOutcome,
  stepsLeft,
} from '../../analysis/search.ts';
import type { Slo } from '../../config/plan.ts';
import { parseSlo } from '../../config/slo.ts';
import type { Search, SearchStep } from '../document-schema.ts';
import { kneeRow } from '../knee-row.ts';
import { percentileMs } from '../latency-percentiles.ts';
import { outcomeOf, sloText } from './search-row.ts';
import type { StepPicture } from './step-watch.ts';
import type { StepsLeft } from './takes.ts';

export interface FindSettings {
  /** Numbered through the session. */
  readonly number: number;
  /** None: the knee is looked for. */
  readonly slos: readonly Slo[];
  readonly fromHz: number;
  readonly maxHz: number | null;
  readonly quick: boolean;
  readonly maxTimeMs: number | null;
  /** At the first rate, before the first step; 0: the load is warm already. */
  readonly warmUpMs: number;
  /** Producers are doubled up to so many before the client is the limit. */
  readonly mostProducers: number;
  /** The search's times pass so many times as fast as real ones: 1, but in tests. */
  readonly haste: number;
}

/** A quick search halves its bracket no more after this: it is to end within five minutes. */
const quickBisectNs = 180e9;
const achievedSlo = parseSlo('achieved>99%');
/** A mean response of fewer than these would be that of the fast ones. */
const leastAnswered = 0.99;
/** Where nothing has passed yet, an answer at rest takes at most so many times the fastest. */
const atRest = 1.5;

/** When a search began and ended, Unix ms and ms. */
export interface SearchTimes {
  readonly timeMs: number;
  readonly durationMs: number;
}

/** What a step looked like at its end. */
export type StepEnd = Pick<StepPicture, 'tally' | 'answeredFraction'> & {
  readonly reading: Pick<StepPicture['reading'], 'steadiness'>;
};

export class SearchAccount {
  readonly settings: FindSettings;
  readonly steps: SearchStep[] = [];
  readonly epochs: number[] = [];
  knobs: Search['knobs'];
  outcome: Search['outcome'] = 'running';
  /** What it came to; null: it is not over, or was stopped. */
  result: SearchResult | null = null;
  /** Steps at which the load generator was too slow, which more producers try anew: they decide nothing. */
  readonly #retried = new Set<SearchStep>();
  /** Mean responses, ms, of those that are points of the curve. */
  readonly #means = new Map<SearchStep, number>();
  /** Of the steps so far: asked for with each picture of the screen, and new with each step only. */
  #knee: Search['knee'] = null;
  /** Service, response and e2e p99 of the last step that passed: what is usual. */
  #serviceNs = 0;
  #responseNs = 0;
  #e2eNs = 0;
  /** The fastest answer of all: no rest brings messages that are younger. */
  #fastestNs = Number.POSITIVE_INFINITY;
  /** The same of the way to consumers. */
  #fastestThroughNs = Number.POSITIVE_INFINITY;

  constructor(settings: FindSettings, knobs: Search['knobs']) {
    this.settings = settings;
    this.knobs = knobs;
  }

  /** Without an objective a rate must at least be what is acknowledged. */
  get judgedBy(): readonly Slo[] {
    return this.settings.slos.length > 0 ? this.settings.slos : [achievedSlo];
  }

  get usualServiceNs(): number {
    return this.#serviceNs;
  }

  get outcomes(): StepOutcome[] {
    return this.#deciding.flatMap((step) => outcomeOf(step) ?? []);
  }

  /** A step that is over. `isRetried`: the same comes again, with more producers. */
  add(row: SearchStep, end: StepEnd, isRetried: boolean): void {
    const { service, response, e2e } = end.tally.latencies;
    this.steps.push(row);
    if (isRetried) this.#retried.add(row);
    if (e2e.count > 0) this.#fastestThroughNs = Math.min(this.#fastestThroughNs, e2e.minNs);
    if (response.count > 0) this.#fastestNs = Math.min(this.#fastestNs, response.minNs);
    if (isPoint(row, end)) {
      this.#means.set(row, response.meanNs / 1e6);
      this.#knee = kneeRow(kneeOf([...this.#means].map(([step, meanMs]) => ({ rateHz: step.targetRate, meanMs }))));
    }
    if (row.verdict !== 'pass') return;
    this.#serviceNs = (percentileMs(service, 99, 0) ?? 0) * 1e6;
    this.#responseNs = (percentileMs(response, 99, 0) ?? 0) * 1e6;
    this.#e2eNs = (percentileMs(e2e, 99, 0) ?? 0) * 1e6;
  }

  /** What comes next, the search being under way for `spentNs` of its own time. */
  move(spentNs: number): SearchMove {
    if (this.settings.slos.length > 0) return nextMove(this.#limits(spentNs), this.outcomes);
    const outcomes = this.#deciding.flatMap((step) => {
      const outcome = outcomeOf(step);
      return outcome === null ? [] : [{ ...outcome, meanMs: this.#means.get(step) ?? null }];
    });
    return nextKneeMove(this.settings, outcomes);
  }

  /** The steps that are to come, about. */
  left(spentNs: number): StepsLeft {
    const left = stepsLeft(this.#limits(spentNs), this.outcomes);
    // A knee is confirmed by nothing.
    return this.settings.slos.length > 0 ? left : { ...left, confirm: 0 };
  }

  /** Half of what has passed is a rate to rest at; half of what comes next, where nothing has. */
  restRate(nextHz: number): number {
    return (bracketOf(this.outcomes).passedHz ?? nextHz) / 2;
  }

  /** A message that is younger is no backlog: a fifth of the objective, or what is usual where that is more. */
  get youngNs(): number {
    const limitsMs = this.settings.slos.flatMap((slo) => (slo.kind === 'latency' ? [slo.limitMs] : []));
    return Math.max((Math.min(...limitsMs, 1_000) / 5) * 1e6, this.#responseNs, restingNs(this.#fastestNs));
  }

  /** The same of one inside a pipeline. */
  get throughNs(): number {
    return Math.max(this.youngNs, this.#e2eNs, restingNs(this.#fastestThroughNs));
  }

  /** What it comes to where it is broken off. */
  get soFar(): SearchResult {
    return resultSoFar(this.outcomes);
  }

  /** As the document keeps it; `present`: the step under way. */
  row({ timeMs, durationMs }: SearchTimes, present: SearchStep | null): Search {
    const { passedHz, failedHz, limitedBy } = this.result ?? this.soFar;
    return {
      slo: sloText(this.settings.slos),
      timeMs,
      durationMs,
      outcome: this.outcome,
      steps: present === null ? [...this.steps] : [...this.steps, present],
      maxSustainableRate: this.result?.rateHz ?? null,
      bracket: passedHz === null ? null : [passedHz, failedHz],
      limitedBy,
      knee: this.#knee,
      epochs: this.epochs,
      knobs: this.knobs,
    };
  }

  get #deciding(): readonly SearchStep[] {
    return this.steps.filter((step) => !this.#retried.has(step));
  }

  /** Where the search must be quick and has taken long, the bracket is confirmed as wide as it is. */
  #limits(spentNs: number): SearchSettings {
    const { fromHz, maxHz, quick } = this.settings;
    const isLate = quick && spentNs > quickBisectNs;
    return { fromHz, maxHz, ...(isLate ? { closeRatio: Number.POSITIVE_INFINITY } : {}) };
  }
}

/** Whether a step is one of the curve of response by rate: neither on the move, nor the client's, nor of survivors alone. */
function isPoint({ verdict }: SearchStep, { reading, answeredFraction }: StepEnd): boolean {
  return verdict !== 'client' && reading.steadiness !== 'unsteady' && answeredFraction >= leastAnswered;
}

function restingNs(fastestNs: number): number {
  return Number.isFinite(fastestNs) ? atRest * fastestNs : 0;
}
