/**
 * A search for the maximum sustainable rate, carried out: steps of load as `analysis/search.ts` asks for them, each watched
 * until `analysis/step-verdict.ts` has decided, with a rest after each that failed.
 */
import { kneeOf } from '../../analysis/knee.ts';
import { nextKneeMove } from '../../analysis/knee-search.ts';
import {
  bracketOf,
  nextMove,
  type SearchMove,
  type SearchResult,
  type SearchSettings,
  type StepOutcome,
  type StepRole,
  stepsLeft,
} from '../../analysis/search.ts';
import { judgeHopeless, judgeStep, lookEveryMs, type StepVerdict } from '../../analysis/step-verdict.ts';
import type { Slo } from '../../config/plan.ts';
import { parseSlo, shortSloText } from '../../config/slo.ts';
import { messageOf } from '../../errors.ts';
import type { Search, SearchStep } from '../document-schema.ts';
import { rateText } from '../figures-text.ts';
import { kneeRow } from '../knee-row.ts';
import { percentileMs } from '../latency-percentiles.ts';
import type { RunState } from '../run-state.ts';
import type { Automation, AutomationView } from './automation.ts';
import { hasCaughtUp, restAtMostNs } from './rest.ts';
import { openBracketText, outcomeOf, searchText, stepRow } from './search-row.ts';
import { nowText, timeText } from './step-text.ts';
import { pieceNsOf, type Step, type StepPicture, watchStep } from './step-watch.ts';
import type { Wheel } from './wheel.ts';

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

type Stage =
  | { readonly kind: 'beginning' }
  | { readonly kind: 'warming'; readonly untilNs: number }
  | {
      readonly kind: 'stepping';
      readonly step: Step;
      picture: StepPicture | null;
      verdict: StepVerdict;
      lookedMs: number;
    }
  | { readonly kind: 'resting'; readonly sinceNs: number; readonly rateHz: number }
  | { readonly kind: 'widening' }
  | { readonly kind: 'over' };

const rampDiscardNs = 1e9;
const shortestDiscardNs = 2e9;
const longestDiscardNs = 5e9;
/** Where nothing has passed yet, an answer at rest takes at most so many times the fastest. */
/** A quick search halves its bracket no more after this: it is to end within five minutes. */
const quickBisectNs = 180e9;
const atRest = 1.5;
const achievedSlo = parseSlo('achieved>99%');
const waiting: StepVerdict = { step: null, why: 'too-early', latency: null };
/** Typical lengths with what is discarded, rests included, ms: for the guess of what is to come. */
const usualMs: Readonly<Record<Exclude<StepRole, 'confirm'>, number>> = { ramp: 6_700, descend: 9_000, bisect: 17_000 };

export class Finder implements Automation {
  readonly kind = 'find';
  readonly title: string;
  readonly settings: FindSettings;
  readonly #run: RunState;
  readonly #wheel: Wheel;
  readonly #steps: SearchStep[] = [];
  readonly #epochs: number[] = [];
  readonly #means: { readonly rateHz: number; readonly meanMs: number }[] = [];
  #knobs: Search['knobs'];
  #stage: Stage = { kind: 'beginning' };
  #beganNs = 0;
  /** When it was gone on with, or began; and how long it had stood still by then. */
  #sinceNs = 0;
  #awayNs = 0;
  #endedNs: number | null = null;
  #outcome: Search['outcome'] = 'running';
  #result: SearchResult | null = null;
  /** Service p99 of the last step that passed, and its response p99: what is usual. */
  #usualServiceNs = 0;
  /** The fastest answer of all: no rest brings messages that are younger. */
  #fastestNs = Number.POSITIVE_INFINITY;
  #usualResponseNs = 0;

  constructor(run: RunState, wheel: Wheel, settings: FindSettings) {
    this.#run = run;
    this.#wheel = wheel;
    this.settings = settings;
    this.title = `find ${settings.number}: ${settings.slos.length === 0 ? 'the knee' : sloText(settings.slos)}`;
    this.#knobs = run.board.values();
  }

  get over(): boolean {
    return this.#stage.kind === 'over';
  }

  /** Without an objective a rate must at least be what is acknowledged. */
  get #judgedBy(): readonly Slo[] {
    return this.settings.slos.length > 0 ? this.settings.slos : [achievedSlo];
  }

  /** What it came to; null: it is not over, or was stopped. */
  get result(): SearchResult | null {
    return this.#result;
  }

  tick(nowNs: number): void {
    const stage = this.#stage;
    const { maxTimeMs } = this.settings;
    if (stage.kind !== 'over' && maxTimeMs !== null && this.#beganNs > 0 && nowNs > this.#sinceNs + maxTimeMs * 1e6) {
      this.#end(nowNs, 'out-of-time', { end: 'unconfirmed', rateHz: null, ...bracketOf(this.#outcomes()) });
      return;
    }
    switch (stage.kind) {
      case 'beginning':
        this.#begin(nowNs);
        return;
      case 'warming':
        if (nowNs >= stage.untilNs) this.#next(nowNs);
        return;
      case 'stepping':
        this.#watch(stage, nowNs);
        return;
      case 'resting':
        this.#rest(stage, nowNs);
        return;
      case 'widening':
      case 'over':
        return;
      default:
        stage satisfies never;
    }
  }

  resumed(nowNs: number): void {
    const stage = this.#stage;
    switch (stage.kind) {
      case 'warming':
        this.#turn(Number(this.#run.board.requested('rate')), `${this.title}: warm-up`);
        return;
      case 'stepping':
        this.#start(stage.step.role, stage.step.rateHz);
        return;
      case 'resting':
        this.#stage = { ...stage, sinceNs: this.#turn(stage.rateHz, `${this.title}: rest`) };
        return;
      case 'beginning':
        this.#begin(nowNs);
        return;
      case 'widening':
      case 'over':
        return;
      default:
        stage satisfies never;
    }
  }

  stop(nowNs: number, _why: string): void {
    if (!this.over) this.#end(nowNs, 'stopped', null);
  }

  /** Goes on where it was stopped, with the steps so far; first rests at half of what passed until the backlog is gone. */
  resume(nowNs: number): void {
    if (!this.over) return;
    this.#awayNs += nowNs - (this.#endedNs ?? nowNs);
    this.#sinceNs = nowNs;
    this.#endedNs = null;
    this.#outcome = 'running';
    this.#result = null;
    const move = this.#move(nowNs);
    if (move.kind === 'done') this.#next(nowNs);
    else this.#restBefore(move.rateHz);
  }

  /** As the document keeps it; while it runs with the step that is under way. */
  row(nowNs: number): Search {
    const steps = [...this.#steps];
    const stage = this.#stage;
    if (stage.kind === 'stepping' && stage.picture !== null) steps.push(this.#stepRow(stage, stage.picture, nowNs));
    const { passedHz, failedHz, limitedBy } = this.#result ?? bracketOf(this.#outcomes());
    return {
      slo: sloText(this.settings.slos),
      timeMs: this.#run.clock.toUnixMs(this.#beganNs),
      durationMs: Math.max(0, Math.round(((this.#endedNs ?? nowNs) - this.#beganNs - this.#awayNs) / 1e6)),
      outcome: this.#outcome,
      steps,
      maxSustainableRate: this.#result?.rateHz ?? null,
      bracket: passedHz === null ? null : [passedHz, failedHz],
      limitedBy,
      knee: kneeRow(kneeOf(this.#means)),
      epochs: this.#epochs,
      knobs: this.#knobs,
    };
  }

  view(nowNs: number): AutomationView {
    const { title, kind } = this;
    if (this.over) return { kind, title, progress: 'over', detail: searchText(this.row(nowNs)) };
    const row = this.row(nowNs);
    const done = this.#steps.length;
    const left = this.#left(nowNs);
    const all = done + left.ramp + left.descend + left.bisect + left.confirm;
    const progress = `step ${Math.min(done + 1, Math.max(all, done + 1))} of ~${Math.max(all, done + 1)}, about ${timeText(this.#leftMs(nowNs))} left`;
    return { kind, title, progress, detail: `${openBracketText(row.bracket)}   ${this.#nowText(nowNs)}` };
  }

  #begin(nowNs: number): void {
    const { fromHz, maxHz, warmUpMs } = this.settings;
    const first = Math.min(fromHz, maxHz ?? fromHz);
    this.#beganNs = nowNs;
    this.#sinceNs = nowNs;
    if (warmUpMs === 0) {
      this.#next(nowNs);
      return;
    }
    const atNs = this.#turn(first, `${this.title}: warm-up`);
    this.#stage = { kind: 'warming', untilNs: atNs + warmUpMs * 1e6 };
  }

  #next(nowNs: number): void {
    const move = this.#move(nowNs);
    if (move.kind === 'step') {
      this.#start(move.role, move.rateHz);
      return;
    }
    this.#end(nowNs, move.result.end, move.result);
  }

  /** Where the search must be quick and has taken long, the bracket is confirmed as wide as it is. */
  #limits(nowNs: number): SearchSettings {
    const { fromHz, maxHz, quick, haste } = this.settings;
    const isLate = quick && nowNs - this.#sinceNs > quickBisectNs / haste;
    return { fromHz, maxHz, ...(isLate ? { closeRatio: Number.POSITIVE_INFINITY } : {}) };
  }

  #move(nowNs: number): SearchMove {
    if (this.settings.slos.length > 0) return nextMove(this.#limits(nowNs), this.#outcomes());
    const outcomes = this.#steps.flatMap((step) => {
      const outcome = outcomeOf(step);
      return outcome === null ? [] : [{ ...outcome, meanMs: step.response.meanMs }];
    });
    return nextKneeMove(this.settings, outcomes);
  }

  #start(role: StepRole, rateHz: number): void {
    const startNs = this.#turn(rateHz, `${this.title}: step ${this.#steps.length + 1}, ${role}`);
    const confirmMs = this.settings.quick ? 30_000 : 60_000;
    const step: Step = {
      role,
      rateHz,
      startNs,
      discardNs: this.#discardNs(role),
      confirmMs,
      haste: this.settings.haste,
    };
    this.#stage = { kind: 'stepping', step, picture: null, verdict: waiting, lookedMs: 0 };
  }

  /** A ramp's step is judged from its second second on; the others once what the change stirred up is over, too. */
  #discardNs(role: StepRole): number {
    const { haste } = this.settings;
    const pieceNs = pieceNsOf(haste);
    if (role === 'ramp' || role === 'descend') return Math.ceil(rampDiscardNs / haste / pieceNs) * pieceNs;
    const stirredNs = 3 * (this.#run.board.number('lingerMs') * 1e6 + this.#usualServiceNs);
    const discardNs = Math.max(shortestDiscardNs / haste, Math.min(longestDiscardNs / haste, stirredNs));
    return Math.ceil(discardNs / pieceNs) * pieceNs;
  }

  #turn(rateHz: number, why: string): number {
    const atNs = this.#wheel.rate(rateHz, { intervalNs: pieceNsOf(this.settings.haste), why });
    this.#epochs.push(this.#run.timeline.epoch.index);
    this.#run.searchEpochs.add(this.#run.timeline.epoch.index);
    return atNs;
  }

  #watch(stage: Extract<Stage, { kind: 'stepping' }>, nowNs: number): void {
    if (nowNs < stage.step.startNs + stage.step.discardNs) return;
    const picture = watchStep(this.#run, stage.step, this.#judgedBy, nowNs);
    stage.picture = picture;
    const hopeless = judgeHopeless(picture.reading);
    const lookMs = Math.floor(picture.reading.closedMs / lookEveryMs) * lookEveryMs;
    if (hopeless !== null) stage.verdict = hopeless;
    else if (lookMs > stage.lookedMs) {
      stage.lookedMs = lookMs;
      stage.verdict = judgeStep(picture.reading);
    }
    if (stage.verdict.step !== null) this.#conclude(stage, picture, stage.verdict.step.verdict, nowNs);
  }

  #conclude(
    stage: Extract<Stage, { kind: 'stepping' }>,
    picture: StepPicture,
    verdict: StepOutcome['verdict'],
    nowNs: number,
  ): void {
    const { step } = stage;
    const producers = this.#run.board.number('producers');
    const row = this.#stepRow(stage, picture, nowNs);
    this.#note(row);
    if (verdict === 'client' && producers < this.settings.mostProducers) {
      this.#widen(step, Math.min(producers * 2, this.settings.mostProducers));
      return;
    }
    this.#steps.push(row);
    const { service, response } = picture.tally.latencies;
    if (response.count > 0) this.#fastestNs = Math.min(this.#fastestNs, response.minNs);
    if (response.count > 0 && verdict !== 'client')
      this.#means.push({ rateHz: step.rateHz, meanMs: response.meanNs / 1e6 });
    if (verdict === 'pass') {
      this.#usualServiceNs = (percentileMs(service, 99, 0) ?? 0) * 1e6;
      this.#usualResponseNs = (percentileMs(response, 99, 0) ?? 0) * 1e6;
      this.#next(nowNs);
      return;
    }
    const move = this.#move(nowNs);
    if (move.kind === 'done') {
      this.#next(nowNs);
      return;
    }
    this.#restBefore(move.rateHz);
  }

  #restBefore(nextHz: number): void {
    const rateHz = (bracketOf(this.#outcomes()).passedHz ?? nextHz) / 2;
    const sinceNs = this.#turn(rateHz, `${this.title}: rest`);
    this.#stage = { kind: 'resting', sinceNs, rateHz };
  }

  /** The load generator was too slow for a step: with more producers the same again. */
  #widen({ role, rateHz }: Step, producers: number): void {
    this.#stage = { kind: 'widening' };
    this.#wheel.knob('producers', producers, `${this.title}: the load generator was the limit`).then(
      () => {
        this.#epochs.push(this.#run.timeline.epoch.index);
        this.#run.searchEpochs.add(this.#run.timeline.epoch.index);
        this.#knobs = { ...this.#knobs, producers };
        if (this.#stage.kind === 'widening') this.#start(role, rateHz);
      },
      (error: unknown) => {
        const message = `${this.title}: producers could not be doubled: ${messageOf(error)}`;
        this.#run.log.add(Date.now(), 'error', message);
        this.stop(this.#run.clock.nowNs(), message);
      },
    );
  }

  /**
   * Until the backlog is gone: no message is older than a fifth of the objective, or than was usual at the last rate that
   * passed (an answer may never be that fast), by the half second; and consumers have caught up.
   */
  #rest({ sinceNs, rateHz }: Extract<Stage, { kind: 'resting' }>, nowNs: number): void {
    const { haste } = this.settings;
    if (nowNs < sinceNs + pieceNsOf(haste)) return;
    const limitsMs = this.settings.slos.flatMap((slo) => (slo.kind === 'latency' ? [slo.limitMs] : []));
    const fastestNs = Number.isFinite(this.#fastestNs) ? atRest * this.#fastestNs : 0;
    const youngNs = Math.max((Math.min(...limitsMs, 1_000) / 5) * 1e6, this.#usualResponseNs, fastestNs);
    if (hasCaughtUp(this.#run, { rateHz, youngNs }, nowNs)) {
      this.#next(nowNs);
      return;
    }
    if (nowNs < sinceNs + restAtMostNs / haste) return;
    this.#end(nowNs, 'not-recovered', { end: 'unconfirmed', rateHz: null, ...bracketOf(this.#outcomes()) });
  }

  #end(nowNs: number, outcome: Search['outcome'], result: SearchResult | null): void {
    this.#stage = { kind: 'over' };
    this.#endedNs = nowNs;
    this.#outcome = outcome;
    this.#result = result;
    const { log, clock } = this.#run;
    const row = this.row(nowNs);
    const fields = { rate: row.maxSustainableRate, limitedBy: row.limitedBy, outcome, steps: row.steps.length };
    log.add(clock.toUnixMs(nowNs), 'search', `${this.title}: ${searchText(row)}`, fields, true);
  }

  #note({ targetRate, verdict, limitedBy, marginal, response, index }: SearchStep): void {
    const p99 = response.p99Ms === null ? '' : `, p99 ${response.p99Ms.toPrecision(3)} ms`;
    const by = limitedBy === null ? '' : ` (${limitedBy})`;
    const message = `${this.title}: ${rateText(targetRate)} ${verdict}${by}${marginal ? ', marginal' : ''}${p99}`;
    this.#run.log.add(Date.now(), 'search', message, { rate: targetRate, verdict, limitedBy, step: index });
  }

  #stepRow(stage: Extract<Stage, { kind: 'stepping' }>, picture: StepPicture, nowNs: number): SearchStep {
    const { clock, steady } = this.#run;
    const { step, verdict } = stage;
    const timeMs = clock.toUnixMs(step.startNs);
    const { steadySinceNs } = steady;
    return stepRow({ index: this.#steps.length, step, picture, verdict, timeMs, nowNs, steadySinceNs });
  }

  #outcomes(): StepOutcome[] {
    return this.#steps.flatMap((step) => outcomeOf(step) ?? []);
  }

  #leftMs(nowNs: number): number {
    const left = this.#left(nowNs);
    const stage = this.#stage;
    const warmMs = stage.kind === 'warming' ? (stage.untilNs - nowNs) / 1e6 : 0;
    const under = stage.kind === 'stepping' ? Math.max(0, (nowNs - stage.step.startNs) / 1e6) : 0;
    return Math.max(1_000, warmMs + expectedMs(left, this.settings.quick) - under);
  }

  #left(nowNs: number): ReturnType<typeof stepsLeft> {
    const left = stepsLeft(this.#limits(nowNs), this.#outcomes());
    // A knee is confirmed by nothing.
    return this.settings.slos.length > 0 ? left : { ...left, confirm: 0 };
  }

  #nowText(nowNs: number): string {
    const stage = this.#stage;
    switch (stage.kind) {
      case 'warming':
        return `warming up at ${rateText(this.#run.rateHz)}`;
      case 'resting':
        return `resting at ${rateText(stage.rateHz)} until the backlog is gone`;
      case 'widening':
        return 'more producers, the same rate again';
      case 'stepping':
        return nowText(stage.step, stage.picture, stage.verdict, nowNs);
      case 'beginning':
      case 'over':
        return '';
    }
  }
}

/** About how long a search will take from here, ms. */
export function expectedMs(left: ReturnType<typeof stepsLeft>, quick: boolean): number {
  const { ramp, descend, bisect } = usualMs;
  const confirm = quick ? 33_000 : 63_000;
  return left.ramp * ramp + left.descend * descend + left.bisect * bisect + left.confirm * confirm;
}

/** "p99<10ms, lag<1s". */
export function sloText(slos: readonly Slo[]): string {
  return slos.map(shortSloText).join(', ');
}
