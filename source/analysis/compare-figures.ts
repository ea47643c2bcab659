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
  /** New over base. */
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
    const estimate = openRatioOf(base, later);
    const { ratio } = estimate;
    const rank = tests[at];
    const enough = base.length >= fewestForLabels && later.length >= fewestForLabels;
    if (!enough || rank === undefined || estimate.interval === null) return { ratio, interval: null, test: null };
    const { interval } = estimate;
    const pHolm = adjusted[at] ?? 1;
    const label = labelOf(pHolm, interval);
    const isWorse = ratio > 1 === (worseWhen === 'higher');
    const direction = label !== 'different' ? null : isWorse ? 'worse' : 'better';
    return { ratio, interval, test: { ...rank, pHolm, label, direction } };
  });
}

function labelOf(p: number, { low, high }: NonNullable<RatioEstimate['interval']>): Label {
  if (p < significance && (low > sameWithin.high || high < sameWithin.low)) return 'different';
  return low >= sameWithin.low && high <= sameWithin.high ? 'equivalent' : 'inconclusive';
}
