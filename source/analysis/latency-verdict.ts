/**
 * Whether a step of load held a latency objective: an interval for the share of messages beyond it. Pure.
 * Seconds count alike, however many messages each had, and are treated as independent; where they are not, it is said.
 */
import { t975 } from './t-quantile.ts';
import { lag1Autocorrelation } from './trend.ts';

export interface LatencySecond {
  readonly messages: number;
  /** Beyond the objective: answered later, failed, missed, or open for longer. */
  readonly violations: number;
}

export interface LatencyVerdict {
  /** unsure: the interval holds the budget, or there are fewer than 10 / budget messages. */
  readonly verdict: 'pass' | 'fail' | 'unsure';
  /** Share of messages beyond the objective: mean over the seconds, and its 95 % interval. NaN without two seconds. */
  readonly overFraction: number;
  readonly overLow: number;
  readonly overHigh: number;
  /** Of the seconds' shares. Above 0.3 the interval is too narrow, and the verdict is shown with it. */
  readonly autocorrelation: number;
}

const neededPerBudget = 10;

/** `budget`: the share that may lie beyond, 0.01 for a p99 objective. Seconds without messages say nothing. */
export function judgeLatency(seconds: readonly LatencySecond[], budget: number): LatencyVerdict {
  const counted = seconds.filter(({ messages }) => messages > 0);
  const fractions = counted.map(({ messages, violations }) => violations / messages);
  const messages = counted.reduce((sum, second) => sum + second.messages, 0);
  const { mean, low, high } = meanInterval(fractions);
  const enough = messages >= neededPerBudget / budget - 1e-9 && fractions.length >= 2;
  const judged = high <= budget ? 'pass' : low > budget ? 'fail' : 'unsure';
  return {
    verdict: enough ? judged : 'unsure',
    overFraction: mean,
    overLow: low,
    overHigh: high,
    autocorrelation: lag1Autocorrelation(fractions),
  };
}

/** Mean with its 95 % t-interval; NaN for fewer than two values. */
export function meanInterval(values: readonly number[]): { mean: number; low: number; high: number } {
  const n = values.length;
  if (n < 2) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = t975(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}
