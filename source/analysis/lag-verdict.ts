/** Whether consumers keep up: lag grows, it is no noise, and it is more than a moment's worth. Pure. */
import { mannKendall, median, theilSen } from './trend.ts';

export interface LagSample {
  /** High watermark − consumer position. */
  readonly lagMessages: number;
  /** null: not known. */
  readonly lagMs: number | null;
}

export interface LagVerdict {
  readonly verdict: 'pass' | 'fail';
  /** Messages a second by which lag grows. */
  readonly slopeRate: number;
  readonly pRising: number;
}

export const lagSampleEveryMs = 500;
const slopeOfRate = 0.005;
const mostLagMs = 100;
const significant = 0.01;

/** Samples are `lagSampleEveryMs` apart, oldest first; `rateHz` is the messages a second that were asked for. */
export function judgeLag(samples: readonly LagSample[], rateHz: number): LagVerdict {
  const values = samples.map(({ lagMessages }) => lagMessages);
  const slopeRate = theilSen(values) * (1000 / lagSampleEveryMs);
  const { pRising } = mannKendall(values);
  const ages = samples.slice(-3).flatMap(({ lagMs }) => lagMs ?? []);
  const growing = slopeRate > slopeOfRate * rateHz && pRising < significant;
  return { verdict: growing && median(ages) > mostLagMs ? 'fail' : 'pass', slopeRate, pRising };
}
