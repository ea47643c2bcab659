/** A long load at one rate, to see whether what held for a minute holds for an hour. */
import type { Slo } from '../../config/plan.ts';
import type { SloRow } from '../document-schema.ts';
import { msUnitText, rateText } from '../figures-text.ts';
import { Tally } from '../interval-book.ts';
import { percentileMs } from '../latency-percentiles.ts';
import type { RunState } from '../run-state.ts';
import { SloWatch } from '../slo-watch.ts';
import type { Automation, AutomationView } from './automation.ts';
import { EpochClaims } from './epoch-claims.ts';
import { sloText } from './search-row.ts';
import { timeText } from './step-text.ts';
import type { Wheel } from './wheel.ts';

export interface SoakSettings {
  readonly rateHz: number;
  /** null: until it is stopped. */
  readonly forMs: number | null;
  readonly slos: readonly Slo[];
}

/** At the end messages on their way are waited for. */
const settleNs = 2e9;
const lookEveryNs = 1e9;
/** An acknowledgement that is still on its way is no failure yet. */
const youngMs = 1_000;

export class Soaker implements Automation {
  readonly kind = 'soak';
  readonly title: string;
  readonly #run: RunState;
  readonly #wheel: Wheel;
  readonly #settings: SoakSettings;
  readonly #epochs: number[] = [];
  readonly #claims: EpochClaims;
  readonly #watch: SloWatch;
  #lookAtNs = 0;
  #beganNs: number | null = null;
  /** Time that the load stood still. */
  #pausedNs = 0;
  #over = false;
  #held: boolean | null = null;

  constructor(run: RunState, wheel: Wheel, settings: SoakSettings) {
    this.#run = run;
    this.#wheel = wheel;
    this.#settings = settings;
    this.#claims = new EpochClaims(run);
    const { rateHz, forMs, slos } = settings;
    this.#watch = new SloWatch(slos, !run.plan.missingGate);
    const of = slos.length === 0 ? '' : ` under ${sloText(slos)}`;
    this.title = `soak ${rateText(rateHz)}${forMs === null ? '' : ` for ${timeText(forMs)}`}${of}`;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Whether all objectives held; null: it is not over, or there were none. */
  get held(): boolean | null {
    return this.#held;
  }

  tick(nowNs: number): void {
    if (this.#over) return;
    if (this.#beganNs === null) {
      this.#claims.begin();
      this.#beganNs = this.#turn();
      return;
    }
    this.#epochs.push(...this.#claims.take());
    if (nowNs >= this.#lookAtNs) this.#look(nowNs);
    const { forMs } = this.#settings;
    if (forMs !== null && this.#spentNs(nowNs) >= forMs * 1e6 + settleNs) this.#end(nowNs, 'over');
  }

  resumed(nowNs: number, pausedNs: number): void {
    this.#pausedNs += nowNs - pausedNs;
    this.#turn();
  }

  stop(nowNs: number, why: string): void {
    if (!this.#over) this.#end(nowNs, why);
  }

  view(nowNs: number): AutomationView {
    const { forMs } = this.#settings;
    const spent = timeText(this.#spentNs(nowNs) / 1e6);
    const progress = forMs === null ? spent : `${spent} of ${timeText(forMs)}`;
    return { kind: this.kind, title: this.title, progress, detail: this.#told() };
  }

  #turn(): number {
    const startNs = this.#wheel.rate(this.#settings.rateHz, { why: this.title });
    this.#epochs.push(...this.#claims.take());
    return startNs;
  }

  #spentNs(nowNs: number): number {
    return this.#beganNs === null ? 0 : Math.max(0, nowNs - this.#beganNs - this.#pausedNs);
  }

  #tally(): Tally {
    const sum = new Tally();
    for (const epoch of this.#epochs) sum.add(this.#run.book.epoch(epoch, 'measuring'));
    return sum;
  }

  /** Judged as a run's own objectives are, over all of it so far. */
  #look(nowNs: number): void {
    this.#lookAtNs = nowNs + lookEveryNs;
    const { clock, happenings } = this.#run;
    const nowMs = clock.toUnixMs(nowNs);
    const broken = this.#watch.read({
      nowMs,
      tally: this.#tally(),
      youngerThan: (limitMs, tag) => this.#run.unansweredYoungerThan(limitMs, tag, nowNs),
      lagMs: happenings.last?.gauges.lagMs ?? null,
      isSearching: false,
      achievedFraction: this.#achieved(nowNs),
      e2eErrorMs: this.#run.e2eErrorMs(),
    });
    for (const expr of broken) this.#run.log.add(nowMs, 'slo', `${this.title}: ${expr} is broken`, { slo: expr });
  }

  /** Acknowledged of what was asked for, 0 … 1; null: nothing was. */
  #achieved(nowNs: number): number | null {
    const { forMs, rateHz } = this.#settings;
    const spentNs = Math.min(this.#spentNs(nowNs), forMs === null ? Number.POSITIVE_INFINITY : forMs * 1e6);
    const { scheduled, acked } = this.#tally().counts;
    // How many Poisson arrivals there are is chance.
    const asked = this.#run.plan.arrivals === 'poisson' ? scheduled : (rateHz * spentNs) / 1e9;
    if (asked < 1) return null;
    return Math.min(1, (acked + this.#run.unansweredYoungerThan(youngMs, 'response', nowNs)) / asked);
  }

  #told(): string {
    const p99 = percentileMs(this.#tally().latencies.response, 99, 0);
    const objectives = this.#settings.slos.map((slo, at) => `, ${this.#objectiveText(slo, this.#watch.rows[at])}`);
    return `${rateText(this.#settings.rateHz)}${p99 === null ? '' : `, p99 ${msUnitText(p99)}`}${objectives.join('')}`;
  }

  #objectiveText(slo: Slo, row: SloRow | undefined): string {
    const text = sloText([slo]);
    if (row === undefined || row.held === null) return `${text} not judged yet`;
    const { scheduled } = this.#tally().counts;
    const over =
      slo.kind === 'latency' && scheduled > 0 ? `${((row.violations / scheduled) * 100).toFixed(2)} % over ` : '';
    return `${over}${text}${row.held ? '' : ' BROKEN'}`;
  }

  #end(nowNs: number, why: string): void {
    this.#look(nowNs);
    this.#over = true;
    const verdicts = this.#watch.rows.flatMap(({ held }) => held ?? []);
    this.#held = verdicts.length === 0 ? null : verdicts.every((held) => held);
    const verdict = this.#held === null ? '' : this.#held ? ': held' : ': BROKEN';
    const { log, clock } = this.#run;
    const message = `${this.title} ${why} after ${timeText(this.#spentNs(nowNs) / 1e6)}${verdict} (${this.#told()})`;
    log.add(clock.toUnixMs(nowNs), 'search', message, { rate: this.#settings.rateHz, held: this.#held }, true);
  }
}
