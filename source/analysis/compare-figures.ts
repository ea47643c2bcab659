/** What may be said of the figures of two sets of runs. Pure. */
import { openRatioOf, type RatioEstimate } from './hodges-lehmann.ts';
import { holm } from './holm.ts';
import { mannWhitney } from './mann-whitney.ts';

/** With fewer runs a side nothing is labelled. */
export const fewestForLabels = 5;
/** A ratio within says that nothing that matters has changed. */
export const sameWithin = { low: 0.95, high: 1.05 } as const;
export const significance = 0.05;

export interface FigureSamples {
  readonly worseWhen: 'higher' | 'lower';
  /** One for each run; 0 and endless ones are allowed. */
  readonly base: readonly number[];
  readonly new: readonly number[];
}

export type Label = 'different' | 'equivalent' | 'inconclusive';

/** The exact test and the label that follows. */
export interface FigureTest {
  readonly u: number;
  readonly p: number;
  /** p among all figures compared: Holm's. The label goes by this one. */
  readonly pHolm: number;
  readonly label: Label;
  /** Only of what is different. */
  readonly direction: 'better' | 'worse' | null;
}

export interface FigureComparison {
  /** New over base: the Hodges–Lehmann estimate; with fewer than 5 runs a side, where that says little, of the medians. */
  readonly ratio: number;
  readonly interval: RatioEstimate['interval'];
  /** null: fewer than 5 runs a side. */
  readonly test: FigureTest | null;
}

/** Of figures that belong together, in their order. Throws RangeError where a side is empty or a figure is negative. */
export function compareFigures(figures: readonly FigureSamples[]): FigureComparison[] {
  const tests = figures.map(({ base, new: later }) => mannWhitney(base, later));
  const adjusted = holm(tests.map(({ p }) => p));
  return figures.map(({ worseWhen, base, new: later }, at) => {
    const { interval, ratio } = openRatioOf(base, later);
    const rank = tests[at];
    const isEnough = base.length >= fewestForLabels && later.length >= fewestForLabels;
    if (!isEnough || rank === undefined || interval === null) {
      return { ratio: openRatioOf([medianOf(base)], [medianOf(later)]).ratio, interval: null, test: null };
    }
    const pHolm = adjusted[at] ?? 1;
    const label = labelOf(pHolm, interval);
    const isWorse = ratio > 1 === (worseWhen === 'higher');
    const direction = label !== 'different' ? null : isWorse ? 'worse' : 'better';
    return { ratio, interval, test: { ...rank, pHolm, label, direction } };
  });
}

/** The middle one, or the mean of the middle two. NaN: there are none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => (x < y ? -1 : x > y ? 1 : 0));
  const middle = sorted.length / 2;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + (sorted[Math.floor(middle)] ?? lower)) / 2;
}

function labelOf(p: number, { low, high }: NonNullable<RatioEstimate['interval']>): Label {
  if (p < significance && (low > sameWithin.high || high < sameWithin.low)) return 'different';
  return low >= sameWithin.low && high <= sameWithin.high ? 'equivalent' : 'inconclusive';
}
