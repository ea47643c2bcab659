/**
 * Who turns the knobs besides the operator: at most one automation at a time, which gives way to the operator's hand. What a
 * search leaves behind is kept, and the load is put where it can stay.
 */
import type { Slo } from '../../config/plan.ts';
import { usualIntervalNs } from '../../measure/spans.ts';
import type { Search } from '../document-schema.ts';
import type { Sweep } from '../document-sweep-schema.ts';
import { rateText } from '../figures-text.ts';
import type { RunState } from '../run-state.ts';
import type { Automation, AutomationView } from './automation.ts';
import { Finder } from './finder.ts';
import type { FindSettings } from './search-account.ts';
import { searchText } from './search-row.ts';
import { Soaker } from './soaker.ts';
import type { SweepSettings } from './sweep-account.ts';
import { sweepText } from './sweep-row.ts';
import { Sweeper } from './sweeper.ts';
import type { Wheel } from './wheel.ts';

/** After a search nobody is asked to watch the load: so long without a key pauses it. */
const untouchedNs = 60e9;

/** What stands on the screen once a search is over, until something else is done. */
export interface Card {
  /** What it is of. */
  readonly kind: 'find' | 'sweep';
  readonly text: string;
  /** The rate that holds; null: none was found. */
  readonly rateHz: number | null;
}

export interface PilotOptions {
  /** An operator may come back to the load; else it ends with the search. */
  readonly attended: boolean;
  /** Times of searches pass so many times as fast as real ones: 1, but in tests. */
  readonly haste: number;
}

export class Pilot {
  readonly #run: RunState;
  readonly wheel: Wheel;
  readonly haste: number;
  readonly #attended: boolean;
  #automation: Automation | null = null;
  readonly #finders: Finder[] = [];
  readonly #sweepers: Sweeper[] = [];
  #card: Card | null = null;
  #restingSinceNs: number | null = null;
  #soakHeld: boolean | null = null;

  constructor(run: RunState, wheel: Wheel, { attended, haste }: PilotOptions) {
    this.#run = run;
    this.wheel = wheel;
    this.#attended = attended;
    this.haste = haste;
  }

  /** What turns the knobs now; null: nobody but the operator. */
  get active(): Automation | null {
    return this.#automation?.over === false ? this.#automation : null;
  }

  get card(): Card | null {
    return this.#card;
  }

  /** All searches so far, the one under way last. */
  searches(nowNs: number): readonly Search[] {
    return this.#finders.map((finder) => finder.row(nowNs));
  }

  /** All sweeps so far, the one under way last. */
  sweeps(nowNs: number): readonly Sweep[] {
    return this.#sweepers.map((sweeper) => sweeper.row(nowNs));
  }

  view(nowNs: number): AutomationView | null {
    return this.active?.view(nowNs) ?? null;
  }

  /** The highest rate that the last search found, with what it holds; null: none has found one. */
  get found(): { readonly rateHz: number; readonly slos: readonly Slo[] } | null {
    const finder = this.#finders.findLast(({ result }) => result !== null && result.rateHz !== null);
    const rateHz = finder?.result?.rateHz ?? null;
    return finder === undefined || rateHz === null ? null : { rateHz, slos: finder.settings.slos };
  }

  /** Whether the last soak held its objectives; null: there was none, or it had none. */
  get soakHeld(): boolean | null {
    return this.#soakHeld;
  }

  find(settings: Omit<FindSettings, 'number'>): Finder {
    const finder = this.#newFinder(settings);
    this.begin(finder);
    return finder;
  }

  sweep(settings: Omit<SweepSettings, 'number' | 'haste' | 'restores'>): Sweeper {
    const numbered = {
      ...settings,
      number: this.#sweepers.length + 1,
      haste: this.haste,
      // A sweep that is the run's whole task ends it.
      restores: this.#attended || this.#run.plan.task !== 'sweep',
    };
    const sweeper = new Sweeper(this.#run, this.wheel, numbered, (wish) => {
      return { finder: this.#newFinder(wish), index: this.#finders.length - 1 };
    });
    this.#sweepers.push(sweeper);
    this.begin(sweeper);
    return sweeper;
  }

  /** Goes on with the last search; null: there is none. */
  resume(): Finder | null {
    const finder = this.#finders.at(-1);
    if (finder === undefined) return null;
    this.begin(finder);
    finder.resume(this.#run.clock.nowNs());
    return finder;
  }

  #newFinder(settings: Omit<FindSettings, 'number'>): Finder {
    const finder = new Finder(this.#run, this.wheel, { ...settings, number: this.#finders.length + 1 });
    this.#finders.push(finder);
    return finder;
  }

  begin(automation: Automation): void {
    this.stop('something else begins');
    this.#card = null;
    this.#restingSinceNs = null;
    this.#automation = automation;
  }

  /** Ends what is under way; the rate stays as it is. Answers what it was; null: nothing was. */
  stop(why: string): Automation | null {
    const { active } = this;
    active?.stop(this.#run.clock.nowNs(), why);
    if (active instanceof Soaker) this.#soakHeld = active.held;
    this.#automation = null;
    return active;
  }

  /** The operator does something else: the card has been read. */
  dismiss(): void {
    this.#card = null;
    this.#restingSinceNs = null;
  }

  /** The load goes on after a pause. Answers whether an automation has set the rate. */
  resumed(nowNs: number): boolean {
    this.#restingSinceNs = null;
    const { active } = this;
    active?.resumed(nowNs, this.#run.pausedNs);
    return active !== null;
  }

  tick(nowNs: number): void {
    const { paused, phase } = this.#run;
    if (phase !== 'measuring' || paused) return;
    this.#watchRest(nowNs);
    const active = this.#automation;
    if (active === null) {
      this.#leaveSearch();
      return;
    }
    if (!active.over) active.tick(nowNs);
    if (!active.over) return;
    this.#automation = null;
    if (active instanceof Sweeper) this.#swept(active, nowNs);
    if (active instanceof Finder) this.#conclude(active, nowNs);
    if (active instanceof Soaker) this.#soaked(active);
  }

  /** Where a search was stopped its load goes on: from here on it is the run's own, whose objectives judge it. */
  #leaveSearch(): void {
    const { timeline, clock, board, isSearching } = this.#run;
    if (!isSearching) return;
    const change = { intervalNs: usualIntervalNs, epochKnobs: board.snapshot() };
    this.#run.schedule(timeline.moment(clock.nowNs()), change);
  }

  /** Half of what was found is safe to stand at; a search that is the run's whole task ends it. */
  #conclude(finder: Finder, nowNs: number): void {
    const { plan, board } = this.#run;
    const row = finder.row(nowNs);
    const { found } = this;
    if (plan.task === 'find' && plan.soak !== null && found !== null && finder.result?.rateHz === found.rateHz) {
      const rateHz = Math.min(plan.soak.fraction * found.rateHz, plan.maxRate ?? Number.POSITIVE_INFINITY);
      this.begin(new Soaker(this.#run, this.wheel, { rateHz, forMs: plan.soak.forMs, slos: found.slos }));
      return;
    }
    if (plan.task === 'find' && !this.#attended) {
      this.#run.end('finished');
      return;
    }
    const held = row.maxSustainableRate ?? row.knee?.rate ?? row.bracket?.[0] ?? Number(board.requested('rate'));
    this.wheel.rate(held / 2, { why: `${finder.title} is over: half of it` });
    this.#card = { kind: 'find', text: searchText(row), rateHz: row.maxSustainableRate };
    this.#restingSinceNs = nowNs;
  }

  #swept(sweeper: Sweeper, nowNs: number): void {
    if (this.#run.plan.task === 'sweep' && !this.#attended) this.#run.end('finished');
    else this.#card = { kind: 'sweep', text: `${sweeper.title}: ${sweepText(sweeper.row(nowNs))}`, rateHz: null };
  }

  #soaked({ held }: Soaker): void {
    this.#soakHeld = held;
    if (this.#run.plan.task === 'find' && !this.#attended) this.#run.end('finished');
  }

  #watchRest(nowNs: number): void {
    const { attendedMs, clock } = this.#run;
    if (this.#restingSinceNs === null || !this.#attended) return;
    const touchedNs = (attendedMs - clock.toUnixMs(0)) * 1e6;
    if (nowNs < Math.max(this.#restingSinceNs, touchedNs) + untouchedNs) return;
    this.#restingSinceNs = null;
    const rate = rateText(this.#run.rateHz);
    this.#run.pause({
      kind: 'paused',
      text: `PAUSED: the search is over and nobody is there. space resumes at ${rate}`,
    });
  }
}
