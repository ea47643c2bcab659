/**
 * A sweep, carried out: each combination of the knobs' values in random order, several times. Its knobs are turned, and once
 * all threads have them its load is measured until it is steady, or the highest rate is searched for. What a combination
 * leaves behind is gone before the next one begins.
 */
import { type SweepTurn, startFactor, sweepOrder } from '../../analysis/sweep.ts';
import { type Combination, sweepCombinations } from '../../config/check-sweep.ts';
import { type KnobName, type KnobValue, knobs } from '../../config/knobs.ts';
import type { Slo } from '../../config/plan.ts';
import type { SweptKnob } from '../../config/sweep.ts';
import { messageOf } from '../../errors.ts';
import type { Search } from '../document-schema.ts';
import type { Sweep, SweepRun } from '../document-sweep-schema.ts';
import { rateText } from '../figures-text.ts';
import type { RunState } from '../run-state.ts';
import type { Automation, AutomationView } from './automation.ts';
import type { Finder } from './finder.ts';
import { hasCaughtUp, restAtMostNs } from './rest.ts';
import type { FindSettings } from './search-account.ts';
import { sloText } from './search-row.ts';
import { timeText } from './step-text.ts';
import {
  bestOf,
  combinationText,
  figuresOfSearch,
  latenciesOfEpoch,
  machineFigures,
  offeredInTime,
  resultsOf,
  sweepResultText,
  sweepText,
  tagOf,
} from './sweep-row.ts';
import type { Wheel } from './wheel.ts';

export interface SweepSettings {
  /** Numbered through the session. */
  readonly number: number;
  readonly knobs: readonly SweptKnob[];
  readonly repeats: number;
  readonly seed: number;
  /** Empty: combinations are measured at their rate. */
  readonly slos: readonly Slo[];
  /** Of searches. */
  readonly fromHz: number;
  readonly maxHz: number | null;
  /** Times pass so many times as fast as real ones: 1, but in tests. */
  readonly haste: number;
  /** Knobs return to where they were when it is over. */
  readonly restores: boolean;
}

/** Begins a search within the sweep. Answers its place among all searches. */
export type BeginSearch = (settings: Omit<FindSettings, 'number'>) => {
  readonly finder: Finder;
  readonly index: number;
};

type Stage =
  | { readonly kind: 'beginning' }
  /** Waits until all threads have the knobs. */
  | { readonly kind: 'turning' }
  | { readonly kind: 'settling'; readonly startNs: number; readonly rateHz: number | null }
  | { readonly kind: 'measuring'; readonly fromNs: number; readonly epoch: number; readonly rateHz: number | null }
  | { readonly kind: 'searching'; readonly finder: Finder; readonly index: number; readonly sinceNs: number }
  | { readonly kind: 'resting'; readonly sinceNs: number; readonly rateHz: number }
  | { readonly kind: 'restoring' }
  | { readonly kind: 'over' };

/** Left out after the knobs were turned. */
const settleNs = 2e9;
const leastNs = 10e9;
const mostNs = 30e9;
/** Of a run that is measured, about, with what is left out and turned. */
const usualMs = 14_000;
const usualSearchMs = 130_000;
/** Answers of a run come in for a while after it. */
const lateAnswersNs = 20e9;
/** While it rests it has so little load. */
const restShare = 0.1;
const leastRestHz = 10;
const youngMs = 500;
/** At rest an answer takes at most so many times the fastest. */
const atRest = 1.5;

/** A run as it is kept: its latencies are read again while answers may still come in. */
interface Kept {
  run: SweepRun;
  /** null: they are final. */
  openUntilNs: number | null;
}

export class Sweeper implements Automation {
  readonly kind = 'sweep';
  readonly title: string;
  readonly #run: RunState;
  readonly #wheel: Wheel;
  readonly #settings: SweepSettings;
  readonly #search: BeginSearch;
  readonly #combinations: readonly Combination[];
  readonly #turns: readonly SweepTurn[];
  readonly #kept: Kept[] = [];
  /** Knobs as they were. */
  readonly #before: Readonly<Record<KnobName, KnobValue>>;
  #stage: Stage = { kind: 'beginning' };
  #at = 0;
  #beganNs = 0;
  #endedNs: number | null = null;
  #outcome: Sweep['outcome'] = 'running';
  #turnSinceNs = 0;
  #drained = true;
  /** Of the answers so far. */
  #fastestNs = Number.POSITIVE_INFINITY;
  #claimed: number;

  constructor(run: RunState, wheel: Wheel, settings: SweepSettings, search: BeginSearch) {
    this.#run = run;
    this.#wheel = wheel;
    this.#settings = settings;
    this.#search = search;
    this.#combinations = sweepCombinations(settings.knobs);
    this.#turns = sweepOrder(this.#combinations.length, settings.repeats, settings.seed);
    this.#before = run.board.values();
    this.#claimed = run.timeline.epoch.index;
    this.title = `sweep ${settings.number}: ${settings.knobs.map(({ name }) => knobs[name].label).join(' × ')}`;
  }

  get over(): boolean {
    return this.#stage.kind === 'over';
  }

  /** About how long all of it takes, ms. */
  get takesMs(): number {
    return this.#turns.length * this.#usualMs;
  }

  tick(nowNs: number): void {
    this.#claimEpochs();
    const stage = this.#stage;
    switch (stage.kind) {
      case 'beginning':
        this.#beganNs = nowNs;
        this.#next(nowNs);
        return;
      case 'settling':
        if (nowNs >= stage.startNs + settleNs / this.#settings.haste) this.#measure(stage.rateHz, nowNs);
        return;
      case 'measuring':
        this.#watch(stage, nowNs);
        return;
      case 'searching':
        stage.finder.tick(nowNs);
        if (stage.finder.over) this.#found(stage, nowNs);
        return;
      case 'resting':
        this.#rest(stage, nowNs);
        return;
      case 'turning':
      case 'restoring':
      case 'over':
        return;
      default:
        stage satisfies never;
    }
  }

  resumed(nowNs: number): void {
    const stage = this.#stage;
    switch (stage.kind) {
      case 'settling':
      case 'measuring':
        // What was measured until the pause says nothing about steadiness.
        this.#settle();
        return;
      case 'searching':
        stage.finder.resumed(nowNs);
        return;
      case 'resting':
        this.#stage = { ...stage, sinceNs: this.#turnRate(stage.rateHz, 'rest') };
        return;
      case 'beginning':
      case 'turning':
      case 'restoring':
        this.#turnRate(this.#run.rateHz, 'goes on');
        return;
      case 'over':
        return;
      default:
        stage satisfies never;
    }
  }

  stop(nowNs: number, why: string): void {
    const stage = this.#stage;
    if (stage.kind === 'over') return;
    if (stage.kind === 'searching') stage.finder.stop(nowNs, why);
    // All was measured: knobs were on their way back.
    this.#end(nowNs, stage.kind === 'restoring' ? 'done' : 'stopped');
  }

  /** As the document keeps it. */
  row(nowNs: number): Sweep {
    const { repeats, seed, slos } = this.#settings;
    // Whoever ends the run ends the sweep.
    const isCutShort = this.#outcome === 'running' && this.#run.endedAtMs !== null;
    const sweep = {
      knobs: this.#sweptKnobs(),
      repeats,
      seed,
      slo: sloText(slos),
      tag: tagOf(this.#run.plan, slos),
      timeMs: this.#run.clock.toUnixMs(this.#beganNs),
      durationMs: Math.max(0, Math.round(((this.#endedNs ?? nowNs) - this.#beganNs) / 1e6)),
      outcome: isCutShort ? ('stopped' as const) : this.#outcome,
      runs: this.#runs(nowNs),
    };
    const results = resultsOf(sweep);
    return { ...sweep, results, best: bestOf(results) };
  }

  view(nowNs: number): AutomationView {
    const { title, kind } = this;
    const row = this.row(nowNs);
    if (this.over) return { kind, title, progress: 'over', detail: sweepText(row) };
    const { repeats } = this.#settings;
    const each = repeats === 1 ? '' : ` (${this.#combinations.length} × ${repeats})`;
    const place = Math.min(this.#at + 1, this.#turns.length);
    const what = repeats === 1 ? 'combination' : 'run';
    const progress = `${what} ${place} of ${this.#turns.length}${each}, about ${timeText(this.#leftMs(nowNs))} left`;
    const first = row.results.find(({ combination }) => combination === row.best);
    const best = first === undefined ? 'nothing measured yet' : `best ${sweepResultText(first, row.slo !== '')}`;
    return { kind, title, progress, detail: `${best}   ${this.#nowText(nowNs)}` };
  }

  #sweptKnobs(): Sweep['knobs'] {
    return this.#settings.knobs.map(({ name, values }) => ({ name, values: [...values] }));
  }

  get #turn(): SweepTurn | undefined {
    return this.#turns[this.#at];
  }

  get #values(): Combination {
    return this.#combinations[this.#turn?.combination ?? -1] ?? {};
  }

  #next(nowNs: number): void {
    if (this.#turn === undefined) {
      this.#finish(nowNs);
      return;
    }
    this.#turnSinceNs = nowNs;
    const { rate: _rate, ...others } = this.#values;
    this.#turnAll({ kind: 'turning' }, others, () => {
      if (this.#settings.slos.length === 0) this.#settle();
      else this.#begin(this.#run.clock.nowNs());
    });
  }

  /** Turns knobs one after the other; then, unless it was stopped meanwhile, goes on. */
  #turnAll(stage: Stage, values: Combination, then: () => void): void {
    this.#stage = stage;
    this.#turnEach(values, () => this.#stage === stage).then(
      () => {
        if (this.#stage === stage) then();
      },
      (error: unknown) => {
        if (this.#stage !== stage) return;
        this.#run.log.add(Date.now(), 'error', `${this.title}: ${messageOf(error)}`);
        this.stop(this.#run.clock.nowNs(), messageOf(error));
      },
    );
  }

  async #turnEach(values: Combination, goesOn: () => boolean): Promise<void> {
    const { board } = this.#run;
    const others = this.#settings.knobs.flatMap(({ name }) => (name === 'rate' || name === 'inFlight' ? [] : [name]));
    // Idempotent producers have few requests in flight: those go before acks=all, and come after it is gone.
    const lower = typeof values.inFlight === 'number' && values.inFlight < board.number('inFlight');
    const order = lower ? (['inFlight', ...others] as const) : ([...others, 'inFlight'] as const);
    for (const name of order) {
      const value = values[name];
      if (value !== undefined && goesOn()) await this.#wheel.knob(name, value, null);
    }
  }

  #turnRate(rateHz: number | null, what: string): number {
    const atNs = this.#wheel.rate(rateHz, { why: `${this.title}: ${what}` });
    this.#claimEpochs();
    return atNs;
  }

  /** What a sweep asks too much is not held against the run. */
  #claimEpochs(): void {
    const { timeline, searchEpochs } = this.#run;
    if (this.over) return;
    for (; this.#claimed < timeline.epoch.index; this.#claimed++) searchEpochs.add(this.#claimed + 1);
  }

  #settle(): void {
    const { rate = this.#before.rate } = this.#values;
    const rateHz = typeof rate === 'number' ? rate : null;
    const startNs = this.#turnRate(
      rateHz,
      `${this.#at + 1} of ${this.#turns.length}, ${combinationText(this.#values)}`,
    );
    this.#stage = { kind: 'settling', startNs, rateHz };
  }

  /** From here on in an epoch of its own, so that its figures are those of that epoch. */
  #measure(rateHz: number | null, nowNs: number): void {
    const { board, timeline } = this.#run;
    const fromNs = timeline.moment(nowNs);
    this.#run.schedule(fromNs, { epochKnobs: board.snapshot() });
    this.#claimEpochs();
    this.#stage = { kind: 'measuring', fromNs, rateHz, epoch: timeline.epoch.index };
  }

  #begin(nowNs: number): void {
    const { board } = this.#run;
    const { fromHz, maxHz, seed, slos, haste } = this.#settings;
    const { finder, index } = this.#search({
      slos,
      fromHz: fromHz * startFactor(seed, this.#at),
      maxHz,
      quick: true,
      maxTimeMs: null,
      warmUpMs: settleNs / 1e6 / haste,
      // More of them would be another combination.
      mostProducers: board.number('producers'),
      haste,
    });
    this.#stage = { kind: 'searching', finder, index, sinceNs: nowNs };
    finder.tick(nowNs);
  }

  #watch({ fromNs, epoch, rateHz }: Extract<Stage, { kind: 'measuring' }>, nowNs: number): void {
    const { haste } = this.#settings;
    const steady = this.#run.steady.steadiness === 'steady';
    if (nowNs < fromNs + leastNs / haste || (!steady && nowNs < fromNs + mostNs / haste)) return;
    const { clock, happenings, rows } = this.#run;
    const ackedHz = happenings.rate('acked', fromNs, nowNs);
    const { count, minNs } = this.#run.book.epoch(epoch, 'measuring').latencies.response;
    if (count > 0) this.#fastestNs = Math.min(this.#fastestNs, minNs);
    const [timeMs, endMs] = [clock.toUnixMs(fromNs), clock.toUnixMs(nowNs)];
    this.#keep(
      {
        timeMs,
        durationMs: Math.round(endMs - timeMs),
        epochs: [epoch],
        targetRate: rateHz,
        rate: Math.round(ackedHz * 1000) / 1000,
        ...latenciesOfEpoch(this.#run, epoch),
        ...machineFigures(rows.rows, timeMs, endMs),
        offeredInTime: offeredInTime(this.#run, epoch, { targetRate: rateHz, fromNs, nowNs }),
        steady,
        search: null,
      },
      nowNs + lateAnswersNs,
    );
    this.#conclude(ackedHz, rateHz ?? ackedHz, nowNs);
  }

  #found({ finder, index, sinceNs }: Extract<Stage, { kind: 'searching' }>, nowNs: number): void {
    const { clock, rows } = this.#run;
    const search: Search = finder.row(nowNs);
    const [timeMs, endMs] = [clock.toUnixMs(sinceNs), clock.toUnixMs(nowNs)];
    const step = search.steps.at(-1);
    const fromMs = step === undefined ? timeMs : step.timeMs + step.discardedMs;
    this.#keep(
      {
        timeMs,
        durationMs: Math.round(endMs - timeMs),
        epochs: [...search.epochs],
        targetRate: null,
        ...figuresOfSearch(search),
        ...machineFigures(rows.rows, fromMs, endMs),
        search: index,
      },
      null,
    );
    const ranHz = search.maxSustainableRate ?? search.bracket?.[0] ?? leastRestHz;
    this.#conclude(ranHz, ranHz, nowNs);
  }

  #keep(facts: Omit<SweepRun, keyof SweepTurn | 'knobs' | 'drained'>, openUntilNs: number | null): void {
    const { combination = 0, repeat = 0 } = this.#turn ?? {};
    const run: SweepRun = { combination, repeat, knobs: { ...this.#values }, ...facts, drained: this.#drained };
    this.#kept.push({ run, openUntilNs });
    const { slos } = this.#settings;
    const tag = tagOf(this.#run.plan, slos);
    const [result] = resultsOf({ knobs: this.#sweptKnobs(), slo: sloText(slos), tag, runs: [run] });
    const text = result === undefined ? '' : sweepResultText(result, slos.length > 0);
    const fields = { rate: run.rate, p99Ms: run[tag].p99Ms, run: this.#at };
    this.#run.log.add(Date.now(), 'search', `${this.title}: ${text}${run.steady ? '' : ', not steady'}`, fields);
  }

  #conclude(ackedHz: number, rateHz: number, nowNs: number): void {
    this.#at++;
    this.#drained = hasCaughtUp(this.#run, { rateHz, youngNs: this.#youngNs }, nowNs);
    if (this.#drained) {
      this.#next(nowNs);
      return;
    }
    const low = Math.max(leastRestHz, ackedHz * restShare);
    this.#stage = { kind: 'resting', sinceNs: this.#turnRate(low, 'rest'), rateHz: low };
  }

  #rest({ sinceNs, rateHz }: Extract<Stage, { kind: 'resting' }>, nowNs: number): void {
    this.#drained = nowNs > sinceNs && hasCaughtUp(this.#run, { rateHz, youngNs: this.#youngNs }, nowNs);
    if (!this.#drained) {
      if (nowNs < sinceNs + restAtMostNs / this.#settings.haste) return;
      this.#run.log.add(Date.now(), 'warning', `${this.title}: a backlog is left from the combination before`);
    }
    this.#next(nowNs);
  }

  /** A batch that waits for linger is no backlog, nor is an answer that is never faster. */
  get #youngNs(): number {
    const fastestNs = Number.isFinite(this.#fastestNs) ? atRest * this.#fastestNs : 0;
    return Math.max((youngMs + 2 * this.#run.board.number('lingerMs')) * 1e6, fastestNs);
  }

  #finish(nowNs: number): void {
    if (!this.#settings.restores) {
      this.#end(nowNs, 'done');
      return;
    }
    const names = this.#settings.knobs.map(({ name }) => name);
    const values = Object.fromEntries(names.map((name) => [name, this.#before[name]]));
    this.#turnAll({ kind: 'restoring' }, values, () => {
      const { rate } = this.#before;
      this.#turnRate(typeof rate === 'number' ? rate : null, 'over, knobs as before');
      this.#end(this.#run.clock.nowNs(), 'done');
    });
  }

  #end(nowNs: number, outcome: 'done' | 'stopped'): void {
    this.#claimEpochs();
    this.#stage = { kind: 'over' };
    this.#endedNs = nowNs;
    this.#outcome = outcome;
    const { log, clock } = this.#run;
    const row = this.row(nowNs);
    const fields = { outcome, runs: row.runs.length, best: row.best };
    log.add(clock.toUnixMs(nowNs), 'search', `${this.title}: ${sweepText(row)}`, fields, true);
  }

  #runs(nowNs: number): SweepRun[] {
    return this.#kept.map((kept) => {
      const [epoch] = kept.run.epochs;
      if (kept.openUntilNs !== null && epoch !== undefined) {
        kept.run = { ...kept.run, ...latenciesOfEpoch(this.#run, epoch) };
        if (nowNs > kept.openUntilNs) kept.openUntilNs = null;
      }
      return kept.run;
    });
  }

  /** Of one run, about: what those before took, on average. */
  get #usualMs(): number {
    const { slos, haste } = this.#settings;
    const guess = (slos.length > 0 ? usualSearchMs : usualMs) / haste;
    return this.#at === 0 ? guess : (this.#turnSinceNs - this.#beganNs) / 1e6 / this.#at;
  }

  #leftMs(nowNs: number): number {
    const spentMs = (nowNs - this.#turnSinceNs) / 1e6;
    return Math.max(1_000, (this.#turns.length - this.#at) * this.#usualMs - Math.min(spentMs, this.#usualMs));
  }

  #nowText(nowNs: number): string {
    const stage = this.#stage;
    const values = combinationText(this.#values);
    const seconds = (sinceNs: number): number => Math.max(0, Math.floor((nowNs - sinceNs) / 1e9));
    switch (stage.kind) {
      case 'turning':
        return `now ${values}: turning knobs`;
      case 'settling':
        return `now ${values}: settling`;
      case 'measuring': {
        const steady = nowNs > stage.fromNs + leastNs / this.#settings.haste ? ', not steady yet' : '';
        return `now ${values}: ${seconds(stage.fromNs)} s${steady}`;
      }
      case 'searching': {
        const { progress } = stage.finder.view(nowNs);
        return `now ${values}: ${progress.replace(/,.*/, '')}`;
      }
      case 'resting':
        return `resting at ${rateText(stage.rateHz)} until the backlog is gone`;
      case 'restoring':
        return 'knobs return to where they were';
      case 'beginning':
      case 'over':
        return '';
    }
  }
}
