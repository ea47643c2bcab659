/** Holding objectives: every five seconds a look, and by it a rate a little higher, or a step back (`analysis/hold.ts`). */

import { offeredInTimeAtLeast } from '../../analysis/client-verdict.ts';
import { holdLookMs, nextHoldRate } from '../../analysis/hold.ts';
import { type ObjectiveReading, otherFailure, type StepReading } from '../../analysis/step-verdict.ts';
import type { Slo } from '../../config/plan.ts';
import { rateText } from '../figures-text.ts';
import type { RunState } from '../run-state.ts';
import type { Automation, AutomationView } from './automation.ts';
import { EpochClaims } from './epoch-claims.ts';
import { sloText } from './search-row.ts';
import { timeText } from './step-text.ts';
import { pieceNsOf, type Step, watchStep } from './step-watch.ts';
import type { Wheel } from './wheel.ts';

/** What a change stirs up is not held against the rate. */
const discardNs = 1e9;

export interface HoldSettings {
  readonly slos: readonly Slo[];
  readonly maxHz: number | null;
}

export class Holder implements Automation {
  readonly kind = 'hold';
  readonly title: string;
  readonly #run: RunState;
  readonly #wheel: Wheel;
  readonly #settings: HoldSettings;
  readonly #claims: EpochClaims;
  #step: Step | null = null;
  #beganNs = 0;
  #over = false;
  /** How the last look came out. */
  #told = 'looking';

  constructor(run: RunState, wheel: Wheel, settings: HoldSettings) {
    this.#run = run;
    this.#wheel = wheel;
    this.#settings = settings;
    this.#claims = new EpochClaims(run);
    this.title = `hold ${sloText(settings.slos)}`;
  }

  get over(): boolean {
    return this.#over;
  }

  tick(nowNs: number): void {
    if (this.#over) return;
    const step = this.#step;
    if (step === null) {
      this.#beganNs = nowNs;
      this.#claims.begin();
      this.#turn(this.#run.rateHz ?? this.#run.plan.fromRate, false);
      return;
    }
    this.#claim();
    if (nowNs < step.startNs + step.discardNs) return;
    const { reading } = watchStep(this.#run, step, this.#settings.slos, nowNs);
    const lost = reading.objectives.some(({ violations, budget }) => violations > budget * allowed(step));
    if (reading.closedMs < holdLookMs && !lost) return;
    this.#look(step, reading);
  }

  resumed(): void {
    if (this.#step !== null) this.#turn(this.#step.rateHz, false);
  }

  stop(nowNs: number, why: string): void {
    if (this.#over) return;
    this.#over = true;
    const { log, clock } = this.#run;
    const message = `${this.title}: ${why}, at ${rateText(this.#run.rateHz)}`;
    log.add(clock.toUnixMs(nowNs), 'search', message, { rate: this.#run.rateHz }, true);
  }

  view(nowNs: number): AutomationView {
    const progress = `for ${timeText(this.#beganNs === 0 ? 0 : (nowNs - this.#beganNs) / 1e6)}`;
    return { kind: this.kind, title: this.title, progress, detail: `at ${rateText(this.#run.rateHz)}: ${this.#told}` };
  }

  #look({ rateHz }: Step, reading: StepReading): void {
    const worstOfBudget = Math.max(0, ...reading.objectives.map(ofBudget));
    const other = otherFailure(reading, reading.closedMs);
    const inTime = reading.offeredInTime === null || reading.offeredInTime >= offeredInTimeAtLeast;
    const clientOk = inTime && other !== 'client';
    const trouble = worstOfBudget > 1 ? 'latency' : other === 'client' ? null : other;
    const next = nextHoldRate({ rateHz, isBroken: trouble !== null, clientOk, maxHz: this.#settings.maxHz });
    this.#told = trouble === null ? heldText(next, rateHz, clientOk) : `broken (${trouble}), a tenth back`;
    this.#turn(next, next >= rateHz);
  }

  /** Steps up go on with what came before; a step back has figures and an event of its own. */
  #turn(rateHz: number, goesOn: boolean): void {
    const startNs = this.#wheel.rate(rateHz, { intervalNs: pieceNsOf(1), goesOn, why: this.title });
    this.#claim();
    this.#step = { role: 'ramp', rateHz, startNs, discardNs, confirmMs: 0, haste: 1 };
  }

  #claim(): void {
    for (const epoch of this.#claims.take()) this.#run.searchEpochs.add(epoch);
  }
}

/** Messages due within a look. */
const allowed = ({ rateHz }: Step): number => (rateHz * holdLookMs) / 1000;

/** The share beyond an objective in parts of its budget. */
function ofBudget({ pieces, budget, violations }: ObjectiveReading): number {
  const messages = pieces.reduce((sum, piece) => sum + piece.messages, 0);
  return messages === 0 ? 0 : violations / messages / budget;
}

function heldText(next: number, rateHz: number, clientOk: boolean): string {
  if (next > rateHz) return 'held, 2 % up';
  return clientOk ? 'held, at the cap' : 'held; the load generator can drive no more';
}
