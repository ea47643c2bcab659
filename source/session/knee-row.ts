/** The knee of a curve as documents keep it, and as screens and summaries say it. */
import type { Knee } from '../analysis/knee.ts';
import type { Search } from './document-schema.ts';
import { rateText } from './figures-text.ts';

export type KneeRow = NonNullable<Search['knee']>;

export function kneeRow(knee: Knee): KneeRow;
export function kneeRow(knee: Knee | null): KneeRow | null;
export function kneeRow(knee: Knee | null): KneeRow | null {
  if (knee === null) return null;
  const { beyond, kneedleHz, range, rateHz, usl } = knee;
  return {
    rate: rateHz,
    method: 'power',
    range: [range.lowHz, range.highHz],
    beyond,
    kneedleRate: kneedleHz,
    usl: usl === null ? null : uslRow(usl),
  };
}

function uslRow({ kappa, peak, rSquared, sigma, singleHz }: NonNullable<Knee['usl']>): NonNullable<KneeRow['usl']> {
  const highest = peak === null ? null : { concurrency: peak.concurrency, rate: peak.rateHz };
  return { singleRate: singleHz, sigma, kappa, rSquared, peak: highest };
}

/** `knee 56.3 k/s (1 k – 64 k)`, `knee at or beyond the range tested (1 k – 64 k), best at 64.0 k/s`. */
export function kneeText({ beyond, range, rate }: KneeRow): string {
  const tested = `(${range.map(roundRate).join(' – ')})`;
  return beyond === null
    ? `knee ${rateText(rate)} ${tested}`
    : `knee at or beyond the range tested ${tested}, best at ${rateText(rate)}`;
}

/** What the other methods say: `Kneedle 53.8 k/s`, `USL sigma 0.5, kappa 0.012, fit 0.99, peak 61.0 k/s`. */
export function otherKneeTexts({ kneedleRate, usl }: KneeRow): string[] {
  const texts = kneedleRate === null ? [] : [`Kneedle ${rateText(kneedleRate)}`];
  if (usl === null) return texts;
  const peak = usl.peak === null ? '' : `, peak ${rateText(usl.peak.rate)}`;
  const sigma = Number(usl.sigma.toPrecision(2));
  const kappa = Number(usl.kappa.toPrecision(2));
  // Cut off, not rounded: 1 would say that nothing is left.
  const fit = Math.floor(usl.rSquared * 100) / 100;
  return [...texts, `USL sigma ${sigma}, kappa ${kappa}, fit ${fit}${peak}`];
}

/** `1 k`, `512`, `62.6 k`: no more digits than it has, and not what it is of. */
function roundRate(perSecond: number): string {
  return rateText(perSecond)
    .replace(/(\.\d*?)0+(?= )/, '$1')
    .replace(/\.(?= )/, '')
    .replace(/\/s$/, '');
}
