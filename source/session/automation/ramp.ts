/**
 * A ramp or a rate schedule, carried out leg by leg: each is told the threads as a whole, so that every message has its
 * intended time however late main is. It can be turned round on the way.
 */
import {
  formatRateSchedule,
  legsOf,
  type RateLeg,
  type RatePart,
  rateWithin,
  scheduleMs,
} from '../../config/rate-schedule.ts';
import { rateText } from '../figures-text.ts';
import type { RunState } from '../run-state.ts';
import type { Automation, AutomationView } from './automation.ts';
import { timeText } from './step-text.ts';
import type { Wheel } from './wheel.ts';

/** The next leg is told so long before it begins: all threads know of it by then. */
const aheadNs = 155e6;

/** Where it is: in a leg, so many ms from that leg's start as it was at a time. */
interface Place {
  readonly index: number;
  readonly atMs: number;
  readonly sinceNs: number;
}

export class Ramp implements Automation {
  readonly kind = 'ramp';
  readonly title: string;
  readonly #run: RunState;
  readonly #wheel: Wheel;
  readonly #lengthMs: number | null;
  readonly #source: Iterator<RateLeg>;
  /** Those that have been asked for so far: the way back. */
  readonly #legs: RateLeg[] = [];
  #place: Place | null = null;
  #direction: 1 | -1 = 1;
  #over = false;

  constructor(run: RunState, wheel: Wheel, parts: readonly RatePart[]) {
    this.#run = run;
    this.#wheel = wheel;
    this.title = `ramp ${formatRateSchedule(parts).join(', ')}`;
    this.#lengthMs = scheduleMs(parts);
    this.#source = legsOf(parts);
  }

  get over(): boolean {
    return this.#over;
  }

  tick(nowNs: number): void {
    if (this.#over) return;
    if (this.#place === null) this.#enter(0, 0, null);
    // Legs may be shorter than a tick.
    for (let told = true; told; ) told = this.#tellNext(nowNs);
  }

  /** Tells the leg that begins soon. Answers whether there was one. */
  #tellNext(nowNs: number): boolean {
    const place = this.#place;
    const leg = place === null ? null : this.#leg(place.index);
    if (place === null || leg === null) return false;
    const leftMs = this.#direction === 1 ? leg.forMs - place.atMs : place.atMs;
    const endNs = place.sinceNs + leftMs * 1e6;
    if (nowNs + aheadNs < endNs) return false;
    const next = place.index + this.#direction;
    const other = this.#leg(next);
    if (other !== null) this.#enter(next, this.#direction === 1 ? 0 : other.forMs, endNs);
    else if (nowNs >= endNs) this.#end(nowNs, 'over', this.#run.timeline.rateAt(nowNs));
    return other !== null;
  }

  resumed(_nowNs: number, pausedNs: number): void {
    const place = this.#place;
    if (place !== null) this.#enter(place.index, this.#atMs(place, pausedNs), null);
  }

  /** Turns round: from here back to where it began, or on again. */
  reverse(nowNs: number): void {
    const place = this.#place;
    if (place === null || this.#over) return;
    const atMs = this.#atMs(place, nowNs);
    this.#direction = this.#direction === 1 ? -1 : 1;
    this.#enter(place.index, atMs, null);
  }

  stop(nowNs: number, why: string): void {
    if (this.#over) return;
    // A figure that can be read out and typed again.
    const rateHz = Number((this.#run.presentRate(nowNs) ?? 0).toPrecision(3));
    // A leg that was told would go on by itself; after a pause its end is what was asked for.
    if (rateHz > 0 && this.#run.running) this.#wheel.rate(rateHz, { why: `${this.title} is held` });
    this.#end(nowNs, why, rateHz);
  }

  view(nowNs: number): AutomationView {
    const { title, kind } = this;
    const place = this.#place;
    const leg = place === null ? null : this.#leg(place.index);
    if (place === null || leg === null) return { kind, title, progress: 'beginning', detail: '' };
    const before = this.#legs.slice(0, place.index).reduce((sum, { forMs }) => sum + forMs, 0);
    const of = this.#lengthMs === null ? '' : ` of ${timeText(this.#lengthMs)}`;
    const progress = `${timeText(before + this.#atMs(place, nowNs))}${of}${this.#direction === 1 ? '' : ', going back'}`;
    const to = rateText(this.#direction === 1 ? leg.toHz : leg.fromHz);
    return { kind, title, progress, detail: `target ${rateText(this.#run.timeline.rateAt(nowNs))} → ${to}` };
  }

  /** null: the schedule is over there. */
  #leg(index: number): RateLeg | null {
    if (index < 0) return null;
    while (this.#legs.length <= index) {
      const { value, done } = this.#source.next();
      if (done === true) return null;
      this.#legs.push(value);
    }
    return this.#legs[index] ?? null;
  }

  #atMs({ index, atMs, sinceNs }: Place, nowNs: number): number {
    const leg = this.#leg(index);
    const moved = atMs + this.#direction * Math.max(0, (nowNs - sinceNs) / 1e6);
    return Math.min(leg?.forMs ?? 0, Math.max(0, moved));
  }

  #enter(index: number, atMs: number, notBeforeNs: number | null): void {
    const leg = this.#leg(index);
    if (leg === null) return;
    const toHz = this.#direction === 1 ? leg.toHz : leg.fromHz;
    const forMs = this.#direction === 1 ? leg.forMs - atMs : atMs;
    const fromHz = rateWithin(leg, atMs);
    const slope = fromHz === toHz || forMs <= 0 ? null : { toHz, forNs: forMs * 1e6, shape: leg.shape };
    const goesOn = !leg.apart && this.#place !== null;
    const at = notBeforeNs === null ? {} : { atNs: notBeforeNs };
    const sinceNs = this.#wheel.rate(fromHz, { slope, goesOn, why: this.title, ...at });
    this.#place = { index, atMs, sinceNs };
  }

  #end(nowNs: number, why: string, rateHz: number | null): void {
    this.#over = true;
    const { log, clock } = this.#run;
    const message = `${this.title}: ${why}, at ${rateText(rateHz)}`;
    log.add(clock.toUnixMs(nowNs), 'search', message, { rate: rateHz }, true);
  }
}
