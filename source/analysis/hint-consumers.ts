/** Whether who reads is slower than who writes: consumers of our own, or a processor between two topics. Pure. */
import { hintLimits as limit } from './hint-limits.ts';
import type { Finding, HintReading } from './hint-reading.ts';
import { digits, lowerRate, msOf, stepUp } from './hint-text.ts';
import { judgeLag } from './lag-verdict.ts';
import { pipelineBound as judgePipeline } from './pipeline-bound.ts';
import { mannKendall, median, theilSen } from './trend.ts';

const significant = 0.01;
/** A trend of fewer says nothing. */
const fewestSamples = 10;

export function consumerBound(reading: HintReading): Finding | null {
  const { lag, ackedRate, consumers, consumersPaused, partitions, serviceMs, e2eP50Ms } = reading;
  if (consumers === 0 || lag.length < fewestSamples || ackedRate <= 0) return null;
  const { verdict, slopeRate } = judgeLag(lag, ackedRate);
  if (verdict === 'pass' || isRising(serviceMs)) return null;
  const last = lag.at(-1);
  const behind = last === undefined || last.lagMs === null ? '' : ` (${msOf(last.lagMs)} behind)`;
  const e2e = e2eP50Ms === null ? '' : `, e2e p50 ${msOf(e2eP50Ms)}`;
  const paused = consumersPaused ? 'consumers are paused: ' : '';
  return {
    name: 'consumer-bound',
    evidence: `${paused}lag ${digits(last?.lagMessages ?? 0)} messages${behind} and ${digits(slopeRate)}/s more${e2e}, while service stays at ${msOf(median(serviceMs))}`,
    suggestion: consumersPaused || consumers >= partitions ? null : stepUp(reading, 'consumers'),
  };
}

export function pipelineBound(reading: HintReading): Finding | null {
  const found = reading.pipeline === null ? null : judgePipeline(reading.pipeline);
  if (found === null) return null;
  return { name: 'pipeline-bound', evidence: found.evidence, suggestion: lowerRate(reading, found.throughRate) };
}

function isRising(values: readonly number[]): boolean {
  const rise = theilSen(values) * (values.length - 1);
  return mannKendall(values).pRising < significant && rise > limit.flatService * median(values);
}
