/** A long load at one rate, to see whether what held for a minute holds for an hour. */
import type { Slo } from '../../config/plan.ts';
import { unansweredIn } from '../figures-of.ts';
import { msText, rateText } from '../figures-text.ts';
import { Tally } from '../interval-book.ts';
import { percentileMs } from '../latency-percentiles.ts';
import type { RunState } from '../run-state.ts';
import type { Automation, AutomationView } from './automation.ts';
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

export class Soaker implements Automation {
  readonly kind = 'soak';
  readonly title: string;
  readonly #run: RunState;
  readonly #wheel: Wheel;
  readonly #settings: SoakSettings;
  readonly #epochs: number[] = [];
  #beganNs: number | null = null;
  /** Time that the load stood still. */
  #pausedNs = 0;
  #over = false;
  #held: boolean | null = null;

  constructor(run: RunState, wheel: Wheel, settings: SoakSettings) {
    this.#run = run;
    this.#wheel = wheel;
    this.#settings = settings;
    const { rateHz, forMs, slos } = settings;
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
      this.#beganNs = this.#turn();
      return;
    }
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
    this.#epochs.push(this.#run.timeline.epoch.index);
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

  #told(): string {
    const tally = this.#tally();
    const p99 = percentileMs(tally.latencies.response, 99, 0);
    const objectives = this.#settings.slos.map((slo) => `, ${this.#overText(slo, tally)}`).join('');
    return `${rateText(this.#settings.rateHz)}${p99 === null ? '' : `, p99 ${msText(p99)} ms`}${objectives}`;
  }

  #overText(slo: Slo, tally: Tally): string {
    const share = overShare(slo, tally);
    return share === null ? sloText([slo]) : `${(share * 100).toFixed(2)} % over ${sloText([slo])}`;
  }

  #end(nowNs: number, why: string): void {
    this.#over = true;
    const tally = this.#tally();
    const shares = this.#settings.slos.flatMap((slo) => {
      const share = overShare(slo, tally);
      return share === null || slo.kind !== 'latency' ? [] : [{ share, budget: 1 - slo.percentile / 100 }];
    });
    this.#held = shares.length === 0 ? null : shares.every(({ share, budget }) => share <= budget);
    const verdict = this.#held === null ? '' : this.#held ? ': held' : ': BROKEN';
    const { log, clock } = this.#run;
    const message = `${this.title} ${why} after ${timeText(this.#spentNs(nowNs) / 1e6)}${verdict} (${this.#told()})`;
    log.add(clock.toUnixMs(nowNs), 'search', message, { rate: this.#settings.rateHz, held: this.#held }, true);
  }
}

/** Share of messages beyond a latency objective; null: it is about something else. */
function overShare(slo: Slo, tally: Tally): number | null {
  const { scheduled } = tally.counts;
  if (slo.kind !== 'latency' || scheduled === 0) return null;
  const open = Math.max(0, tally.open);
  const lost = Math.max(0, unansweredIn(tally, slo.tag) - open);
  return (tally.latencies[slo.tag].countAbove(slo.limitMs * 1e6) + lost) / scheduled;
}
