/** Figures and suggestions of hints, in words. Pure. */
import { type KnobName, type KnobValue, knobs } from '../config/knobs.ts';
import type { HintReading, KnobWish } from './hint-reading.ts';

/** `0.12 ms`, `3.97 ms`, `48 ms`, `1.25 s`. */
export function msOf(ms: number): string {
  return ms >= 999.5 ? `${digits(ms / 1000)} s` : `${digits(ms)} ms`;
}

/** `4.2`: at most three digits. */
export function digits(value: number): string {
  return value >= 99.95
    ? Math.round(value).toLocaleString('en-US')
    : Number(value.toPrecision(value < 1 ? 2 : 3)).toString();
}

/** `12 %` of 0.124, `1.9 %` of 0.0187. */
export function percentOf(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  return `${digits(share < 0.1 ? Math.round(share * 1000) / 10 : Math.round(share * 100))} %`;
}

/** The next larger value of a knob's list of steps; null: there is none, or it has no such value now. */
export function stepUp(reading: HintReading, knob: KnobName): KnobWish | null {
  const from = reading.knobs[knob];
  const to = typeof from === 'number' ? knobs[knob].steps?.find((step) => step > from) : undefined;
  return to === undefined ? null : { knob, from, to };
}

export function wish(reading: HintReading, knob: KnobName, to: KnobValue): KnobWish | null {
  const from = reading.knobs[knob];
  return from === to ? null : { knob, from, to };
}

/** Less of a change is none. */
const leastCut = 0.05;

/** A rate well below the present one, in two digits; null: unthrottled, or it is hardly less. */
export function lowerRate(reading: HintReading, rateHz: number): KnobWish | null {
  const from = reading.knobs.rate;
  if (typeof from !== 'number' || rateHz <= 0) return null;
  const unit = 10 ** (Math.floor(Math.log10(rateHz)) - 1);
  const to = Number((Math.floor(rateHz / unit) * unit).toPrecision(2));
  return to > 0 && to < (1 - leastCut) * from ? { knob: 'rate', from, to } : null;
}
