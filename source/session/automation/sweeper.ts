/**
 * A sweep, carried out: each combination of the knobs' values in random order, several times. Its knobs are turned, and once
 * all threads have them its load is measured until it is steady, or the highest rate is searched for. What a combination
 * leaves behind is gone before the next one begins.
 */
import { startFactor } from '../../analysis/sweep.ts';
import type { Combination } from '../../config/check-sweep.ts';
import { type KnobName, type KnobValue, knobs } from '../../config/knobs.ts';
import { messageOf } from '../../errors.ts';
import type { Sweep } from '../document-sweep-schema.ts';
import { rateText } from '../figures-text.ts';
import type { RunState } from '../run-state.ts';
import type { Automation, AutomationView } from './automation.ts';
import { EpochClaims } from './epoch-claims.ts';
import type { Finder } from './finder.ts';
import { hasCaughtUp, type Rest, restAtMostNs } from './rest.ts';
import type { FindSettings } from './search-account.ts';
import { timeText } from './step-text.ts';
import { SweepAccount, type SweepSettings } from './sweep-account.ts';
import { combinationText, sweepResultText, sweepText, tagOf } from './sweep-row.ts';
import { factsOfEpoch, factsOfSearch, latenciesOfEpoch, type SweepFacts } from './sweep-run.ts';
import { turnKnobs } from './turn-knobs.ts';
import type { Wheel } from './wheel.ts';

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
/** While it rests it has so little load. */
const restShare = 0.1;
const leastRestHz = 10;
const youngMs = 500;
/** At rest an answer takes at most so many times the fastest. */
const atRest = 1.5;

export class Sweeper implements Automation {
  readonly kind = 'sweep';
  readonly title: string;
  readonly #run: RunState;
  readonly #wheel: Wheel;
  readonly #settings: SweepSettings;
  readonly #search: BeginSearch;
  readonly #account: SweepAccount;
  /** Knobs as they were. */
  readonly #before: Readonly<Record<KnobName, KnobValue>>;
  #stage: Stage = { kind: 'beginning' };
  #endedNs: number | null = null;
  #drained = true;
  /** Of the answers so far. */
  #fastestNs = Number.POSITIVE_INFINITY;
  /** The least mean of their ways to consumers: so many are inside a pipeline that has caught up, by Little's law. */
  #leastThroughNs = Number.POSITIVE_INFINITY;
  readonly #claims: EpochClaims;

  constructor(run: RunState, wheel: Wheel, settings: SweepSettings, search: BeginSearch) {
    this.#run = run;
    this.#wheel = wheel;
    this.#settings = settings;
    this.#search = search;
    this.#account = new SweepAccount(settings, tagOf(run.plan, settings.slos));
    this.#before = run.board.values();
    this.#claims = new EpochClaims(run);
    this.title = `sweep ${settings.number}: ${settings.knobs.map(({ name }) => knobs[name].label).join(' × ')}`;
  }

  get over(): boolean {
    return this.#stage.kind === 'over';
  }

  /** About how long all of it takes, ms. */
  get takesMs(): number {
    return this.#account.takesMs;
  }

  tick(nowNs: number): void {
    const stage = this.#stage;
    if (stage.kind === 'beginning') this.#claims.begin();
    else this.#claimEpochs();
    switch (stage.kind) {
      case 'beginning':
        this.#account.begin(nowNs);
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
    const { clock } = this.#run;
    const { beganNs } = this.#account;
    const durationMs = Math.max(0, Math.round(((this.#endedNs ?? nowNs) - beganNs) / 1e6));
    return this.#account.row({ timeMs: clock.toUnixMs(beganNs), durationMs, nowNs }, (epoch) =>
      latenciesOfEpoch(this.#run, epoch),
    );
  }

  view(nowNs: number): AutomationView {
    const { title, kind } = this;
    const row = this.row(nowNs);
    if (this.over) return { kind, title, progress: 'over', detail: sweepText(row) };
    const { repeats } = this.#settings;
    const { at, count, combinations } = this.#account;
    const each = repeats === 1 ? '' : ` (${combinations.length} × ${repeats})`;
    const place = Math.min(at + 1, count);
    const what = repeats === 1 ? 'combination' : 'run';
    const progress = `${what} ${place} of ${count}${each}, about ${timeText(this.#account.leftMs(nowNs))} left`;
    const first = row.results.find(({ combination }) => combination === row.best);
    const best = first === undefined ? 'nothing measured yet' : `best ${sweepResultText(first, row.slo !== '')}`;
    return { kind, title, progress, detail: `${best}   ${this.#nowText(nowNs)}` };
  }

  #next(nowNs: number): void {
    if (this.#account.isDone) {
      this.#finish(nowNs);
      return;
    }
    this.#account.turnBegins(nowNs);
    this.#turnAll({ kind: 'turning' }, this.#account.values, () => {
      if (this.#account.isSearching) this.#begin(this.#run.clock.nowNs());
      else this.#settle();
    });
  }

  /** Turns knobs one after the other; then, unless it was stopped meanwhile, goes on. */
  #turnAll(stage: Stage, values: Combination, then: () => void): void {
    this.#stage = stage;
    turnKnobs(this.#run, this.#wheel, values, () => this.#stage === stage).then(
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

  #turnRate(rateHz: number | null, what: string): number {
    const atNs = this.#wheel.rate(rateHz, { why: `${this.title}: ${what}` });
    this.#claimEpochs();
    return atNs;
  }

  /** What a sweep asks too much is not held against the run. */
  #claimEpochs(): void {
    for (const epoch of this.#claims.take()) this.#run.searchEpochs.add(epoch);
  }

  #settle(): void {
    const { at, count, values } = this.#account;
    const { rate = this.#before.rate } = values;
    const rateHz = typeof rate === 'number' ? rate : null;
    const startNs = this.#turnRate(rateHz, `${at + 1} of ${count}, ${combinationText(values)}`);
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
      fromHz: fromHz * startFactor(seed, this.#account.at),
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
    // Fresh figures were asked for: half of what was measured is of another epoch.
    if (this.#run.timeline.epoch.index !== epoch) {
      this.#measure(rateHz, nowNs);
      return;
    }
    const steady = this.#run.steady.steadiness === 'steady';
    if (nowNs < fromNs + leastNs / haste || (!steady && nowNs < fromNs + mostNs / haste)) return;
    const { response, e2e } = this.#run.book.epoch(epoch, 'measuring').latencies;
    if (response.count > 0) this.#fastestNs = Math.min(this.#fastestNs, response.minNs);
    if (e2e.count > 0) this.#leastThroughNs = Math.min(this.#leastThroughNs, e2e.meanNs);
    this.#keep(factsOfEpoch(this.#run, { epoch, targetRate: rateHz, fromNs, nowNs, steady }), nowNs);
    const ackedHz = this.#run.happenings.rate('acked', fromNs, nowNs);
    this.#conclude(ackedHz, rateHz ?? ackedHz, nowNs);
  }

  #found({ finder, index, sinceNs }: Extract<Stage, { kind: 'searching' }>, nowNs: number): void {
    const search = finder.row(nowNs);
    this.#keep(factsOfSearch(this.#run, { search, index, sinceNs, nowNs }), nowNs);
    const ranHz = search.maxSustainableRate ?? search.bracket?.[0] ?? leastRestHz;
    this.#conclude(ranHz, ranHz, nowNs);
  }

  #keep(facts: SweepFacts, nowNs: number): void {
    const { at, isSearching, tag } = this.#account;
    const result = this.#account.keep(facts, { drained: this.#drained, nowNs });
    const text = sweepResultText(result, isSearching);
    const fields = { rate: facts.rate, p99Ms: facts[tag].p99Ms, run: at };
    this.#run.log.add(Date.now(), 'search', `${this.title}: ${text}${facts.steady ? '' : ', not steady'}`, fields);
  }

  #conclude(ackedHz: number, rateHz: number, nowNs: number): void {
    this.#account.next();
    this.#drained = hasCaughtUp(this.#run, this.#restAt(rateHz), nowNs);
    if (this.#drained) {
      this.#next(nowNs);
      return;
    }
    const low = Math.max(leastRestHz, ackedHz * restShare);
    this.#stage = { kind: 'resting', sinceNs: this.#turnRate(low, 'rest'), rateHz: low };
  }

  #rest({ sinceNs, rateHz }: Extract<Stage, { kind: 'resting' }>, nowNs: number): void {
    this.#drained = nowNs > sinceNs && hasCaughtUp(this.#run, this.#restAt(rateHz), nowNs);
    if (!this.#drained) {
      if (nowNs < sinceNs + restAtMostNs / this.#settings.haste) return;
      this.#run.log.add(Date.now(), 'warning', `${this.title}: a backlog is left from the combination before`);
    }
    this.#next(nowNs);
  }

  /** A batch that waits for linger is no backlog, nor is an answer that is never faster. */
  #restAt(rateHz: number): Rest {
    const fastestNs = Number.isFinite(this.#fastestNs) ? atRest * this.#fastestNs : 0;
    const youngNs = Math.max((youngMs + 2 * this.#run.board.number('lingerMs')) * 1e6, fastestNs);
    const throughNs = Number.isFinite(this.#leastThroughNs) ? Math.max(youngNs, this.#leastThroughNs) : youngNs;
    return { rateHz, youngNs, throughNs };
  }

  #finish(nowNs: number): void {
    if (!this.#settings.restores) {
      this.#end(nowNs, 'done');
      return;
    }
    const names = this.#settings.knobs.map(({ name }) => name);
    const values = Object.fromEntries(names.map((name) => [name, this.#before[name]]));
    this.#turnAll({ kind: 'restoring' }, values, () => {
      this.#end(this.#run.clock.nowNs(), 'done');
      const { rate } = this.#before;
      this.#wheel.rate(typeof rate === 'number' ? rate : null, { why: `${this.title}: over, knobs as before` });
    });
  }

  #end(nowNs: number, outcome: 'done' | 'stopped'): void {
    this.#claimEpochs();
    this.#stage = { kind: 'over' };
    this.#endedNs = nowNs;
    this.#account.outcome = outcome;
    const { log, clock } = this.#run;
    const row = this.row(nowNs);
    const fields = { outcome, runs: row.runs.length, best: row.best };
    log.add(clock.toUnixMs(nowNs), 'search', `${this.title}: ${sweepText(row)}`, fields, true);
  }

  #nowText(nowNs: number): string {
    const stage = this.#stage;
    const values = combinationText(this.#account.values);
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
