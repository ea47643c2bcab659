/**
 * A search for the maximum sustainable rate, carried out: steps of load as its books ask for them, each watched until
 * `analysis/step-verdict.ts` has decided, with a rest after each that failed.
 */
import type { SearchResult, StepRole } from '../../analysis/search.ts';
import { judgeHopeless, judgeStep, lookEveryMs, type StepVerdict } from '../../analysis/step-verdict.ts';
import { messageOf } from '../../errors.ts';
import type { Search, SearchStep } from '../document-schema.ts';
import { rateText } from '../figures-text.ts';
import type { RunState } from '../run-state.ts';
import type { Automation, AutomationView } from './automation.ts';
import { EpochClaims } from './epoch-claims.ts';
import { hasCaughtUp, restAtMostNs } from './rest.ts';
import { type FindSettings, SearchAccount } from './search-account.ts';
import { openBracketText, searchText, sloText, stepRow } from './search-row.ts';
import { figureOf, type StepFigure } from './search-words.ts';
import { doneText, nowText, timeText } from './step-text.ts';
import { pieceNsOf, type Step, type StepPicture, watchStep } from './step-watch.ts';
import { expectedMs } from './takes.ts';
import type { Wheel } from './wheel.ts';

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
  /** `producers`: so many there are to be after it; null: as many as there are. */
  | { readonly kind: 'resting'; readonly sinceNs: number; readonly rateHz: number; readonly producers: number | null }
  | { readonly kind: 'widening' }
  | { readonly kind: 'over' };

const rampDiscardNs = 1e9;
const shortestDiscardNs = 2e9;
const longestDiscardNs = 5e9;
const waiting: StepVerdict = { step: null, why: 'too-early', latency: null };

type Stepping = Extract<Stage, { kind: 'stepping' }>;

export class Finder implements Automation {
  readonly kind = 'find';
  readonly title: string;
  readonly #run: RunState;
  readonly #wheel: Wheel;
  readonly #account: SearchAccount;
  /** The figure that tells how a step does. */
  readonly #figure: StepFigure;
  readonly #claims: EpochClaims;
  #stage: Stage = { kind: 'beginning' };
  #beganNs = 0;
  /** When it was gone on with, or began; and how long it had stood still by then. */
  #sinceNs = 0;
  #awayNs = 0;
  #endedNs: number | null = null;

  constructor(run: RunState, wheel: Wheel, settings: FindSettings) {
    this.#run = run;
    this.#wheel = wheel;
    this.#account = new SearchAccount(settings, run.board.values());
    this.#figure = figureOf({ slo: sloText(settings.slos) });
    this.#claims = new EpochClaims(run);
    this.title = `find ${settings.number}: ${settings.slos.length === 0 ? 'the knee' : sloText(settings.slos)}`;
  }

  get settings(): FindSettings {
    return this.#account.settings;
  }

  get over(): boolean {
    return this.#stage.kind === 'over';
  }

  /** What it came to; null: it is not over, or was stopped. */
  get result(): SearchResult | null {
    return this.#account.result;
  }

  tick(nowNs: number): void {
    const stage = this.#stage;
    const { maxTimeMs } = this.settings;
    const began = stage.kind !== 'over' && stage.kind !== 'beginning';
    if (began) this.#claim();
    if (began && maxTimeMs !== null && nowNs > this.#sinceNs + maxTimeMs * 1e6) {
      this.#end(nowNs, 'out-of-time', this.#account.soFar);
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
        this.#turn(Number(this.#run.board.requested('rate')), 'warm-up');
        return;
      case 'stepping':
        this.#start(stage.step.role, stage.step.rateHz);
        return;
      case 'resting':
        this.#stage = { ...stage, sinceNs: this.#turn(stage.rateHz, 'rest') };
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

  stop(nowNs: number, why: string): void {
    if (!this.over) this.#end(nowNs, 'stopped', null, why);
  }

  /** Goes on where it was stopped, with the steps so far; first rests at half of what passed until the backlog is gone. */
  resume(nowNs: number): void {
    if (!this.over) return;
    this.#awayNs += nowNs - (this.#endedNs ?? nowNs);
    this.#sinceNs = nowNs;
    this.#endedNs = null;
    this.#account.outcome = 'running';
    this.#account.result = null;
    this.#claims.begin();
    const move = this.#account.move(this.#spentNs(nowNs));
    if (move.kind === 'done') this.#next(nowNs);
    else this.#restBefore(move.rateHz);
  }

  /** As the document keeps it; while it runs with the step that is under way. */
  row(nowNs: number): Search {
    const stage = this.#stage;
    const present =
      stage.kind === 'stepping' && stage.picture !== null ? this.#stepRow(stage, stage.picture, nowNs) : null;
    const timeMs = this.#run.clock.toUnixMs(this.#beganNs);
    const durationMs = Math.round(((this.#endedNs ?? nowNs) - this.#beganNs - this.#awayNs) / 1e6);
    return this.#account.row({ timeMs, durationMs: Math.max(0, durationMs) }, present);
  }

  view(nowNs: number): AutomationView {
    const { title, kind } = this;
    const row = this.row(nowNs);
    if (this.over) return { kind, title, progress: 'over', detail: searchText(row) };
    const left = this.#account.left(this.#spentNs(nowNs));
    const step = this.#account.steps.length + 1;
    const all = Math.max(step, step - 1 + left.ramp + left.descend + left.bisect + left.confirm);
    const progress = `step ${step} of ~${all}, about ${timeText(this.#leftMs(nowNs))} left`;
    return { kind, title, progress, detail: `${openBracketText(row.bracket)}   ${this.#nowText(nowNs)}` };
  }

  #begin(nowNs: number): void {
    const { fromHz, maxHz, warmUpMs } = this.settings;
    this.#beganNs = nowNs;
    this.#sinceNs = nowNs;
    this.#claims.begin();
    if (warmUpMs === 0) {
      this.#next(nowNs);
      return;
    }
    const atNs = this.#turn(Math.min(fromHz, maxHz ?? fromHz), 'warm-up');
    this.#stage = { kind: 'warming', untilNs: atNs + warmUpMs * 1e6 };
  }

  #next(nowNs: number): void {
    const move = this.#account.move(this.#spentNs(nowNs));
    if (move.kind === 'step') this.#start(move.role, move.rateHz);
    else this.#end(nowNs, move.result.end, move.result);
  }

  /** Of the search's own time, since it began or was gone on with. */
  #spentNs(nowNs: number): number {
    return (nowNs - this.#sinceNs) * this.settings.haste;
  }

  #start(role: StepRole, rateHz: number): void {
    const { quick, haste } = this.settings;
    const startNs = this.#turn(rateHz, `step ${this.#account.steps.length + 1}, ${role}`);
    const confirmMs = quick ? 30_000 : 60_000;
    const step: Step = { role, rateHz, startNs, discardNs: this.#discardNs(role), confirmMs, haste };
    this.#stage = { kind: 'stepping', step, picture: null, verdict: waiting, lookedMs: 0 };
  }

  /** A ramp's step is judged from its second second on; the others once what the change stirred up is over, too. */
  #discardNs(role: StepRole): number {
    const { haste } = this.settings;
    const pieceNs = pieceNsOf(haste);
    const stirredNs = 3 * (this.#run.board.number('lingerMs') * 1e6 + this.#account.usualServiceNs);
    const discardNs =
      role === 'ramp' || role === 'descend'
        ? rampDiscardNs / haste
        : Math.max(shortestDiscardNs / haste, Math.min(longestDiscardNs / haste, stirredNs));
    return Math.ceil(discardNs / pieceNs) * pieceNs;
  }

  #turn(rateHz: number, what: string): number {
    const intervalNs = pieceNsOf(this.settings.haste);
    const atNs = this.#wheel.rate(rateHz, { intervalNs, why: `${this.title}: ${what}` });
    this.#claim();
    return atNs;
  }

  #claim(): void {
    for (const epoch of this.#claims.take()) {
      this.#account.epochs.push(epoch);
      this.#run.searchEpochs.add(epoch);
    }
  }

  #watch(stage: Stepping, nowNs: number): void {
    const { step } = stage;
    if (nowNs < step.startNs + step.discardNs) return;
    const picture = watchStep(this.#run, step, this.#account.judgedBy, nowNs);
    stage.picture = picture;
    const hopeless = judgeHopeless(picture.reading);
    const lookMs = Math.floor(picture.reading.closedMs / lookEveryMs) * lookEveryMs;
    if (hopeless !== null) stage.verdict = hopeless;
    else if (lookMs > stage.lookedMs) {
      stage.lookedMs = lookMs;
      stage.verdict = judgeStep(picture.reading);
    }
    if (stage.verdict.step !== null) this.#conclude(stage, picture, nowNs);
  }

  #conclude(stage: Stepping, picture: StepPicture, nowNs: number): void {
    const { mostProducers } = this.settings;
    const producers = this.#run.board.number('producers');
    const row = this.#stepRow(stage, picture, nowNs);
    this.#tell(row);
    // With more producers the same again.
    const widens = row.verdict === 'client' && producers < mostProducers;
    this.#account.add(row, picture, widens);
    const move = this.#account.move(this.#spentNs(nowNs));
    if (row.verdict === 'pass' || move.kind === 'done') this.#next(nowNs);
    else this.#restBefore(move.rateHz, widens ? Math.min(producers * 2, mostProducers) : null);
  }

  #restBefore(nextHz: number, producers: number | null = null): void {
    const rateHz = this.#account.restRate(nextHz);
    this.#stage = { kind: 'resting', sinceNs: this.#turn(rateHz, 'rest'), rateHz, producers };
  }

  #widen(producers: number): void {
    const stage: Stage = { kind: 'widening' };
    this.#stage = stage;
    this.#wheel.knob('producers', producers, `${this.title}: the load generator was the limit`).then(
      () => {
        if (this.#stage !== stage) return;
        this.#account.knobs = { ...this.#account.knobs, producers };
        this.#next(this.#run.clock.nowNs());
      },
      (error: unknown) => {
        if (this.#stage !== stage) return;
        const message = `${this.title}: producers could not be doubled: ${messageOf(error)}`;
        this.#run.log.add(Date.now(), 'error', message);
        this.stop(this.#run.clock.nowNs(), message);
      },
    );
  }

  /** Until the backlog is gone, by the half second, and consumers have caught up. */
  #rest({ sinceNs, rateHz, producers }: Extract<Stage, { kind: 'resting' }>, nowNs: number): void {
    const { haste } = this.settings;
    if (nowNs < sinceNs + pieceNsOf(haste)) return;
    const { youngNs, throughNs } = this.#account;
    if (hasCaughtUp(this.#run, { rateHz, youngNs, throughNs }, nowNs)) {
      if (producers === null) this.#next(nowNs);
      else this.#widen(producers);
    } else if (nowNs >= sinceNs + restAtMostNs / haste) {
      this.#end(nowNs, 'not-recovered', this.#account.soFar);
    }
  }

  #end(nowNs: number, outcome: Search['outcome'], result: SearchResult | null, why = ''): void {
    this.#stage = { kind: 'over' };
    this.#endedNs = nowNs;
    this.#account.outcome = outcome;
    this.#account.result = result;
    const { log, clock } = this.#run;
    const row = this.row(nowNs);
    const fields = { rate: row.maxSustainableRate, limitedBy: row.limitedBy, outcome, steps: row.steps.length };
    const because = why === '' || why === outcome ? '' : ` (${why})`;
    log.add(clock.toUnixMs(nowNs), 'search', `${this.title}: ${searchText(row)}${because}`, fields, true);
  }

  #tell(step: SearchStep): void {
    const { targetRate, verdict, limitedBy, index } = step;
    const message = `${this.title}: ${doneText(step, this.#figure)}`;
    this.#run.log.add(Date.now(), 'search', message, { rate: targetRate, verdict, limitedBy, step: index });
  }

  #stepRow({ step, verdict }: Stepping, picture: StepPicture, nowNs: number): SearchStep {
    const { clock, steady, plan } = this.#run;
    const index = this.#account.steps.length;
    const timeMs = clock.toUnixMs(step.startNs);
    const { steadySinceNs } = steady;
    return stepRow({ index, step, picture, verdict, timeMs, nowNs, steadySinceNs, filters: !plan.missingGate });
  }

  #leftMs(nowNs: number): number {
    const stage = this.#stage;
    const toComeMs = expectedMs(this.#account.left(this.#spentNs(nowNs)), this.settings.quick);
    const warmMs = stage.kind === 'warming' ? (stage.untilNs - nowNs) / 1e6 : 0;
    const doneMs = stage.kind === 'stepping' ? Math.max(0, (nowNs - stage.step.startNs) / 1e6) : 0;
    return Math.max(1_000, warmMs + toComeMs - doneMs);
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
        return nowText({ ...stage, figure: this.#figure }, nowNs);
      case 'beginning':
      case 'over':
        return '';
    }
  }
}
