/** Whether the slowest messages come at a period: a flush or a garbage collection, the broker's or our own. Pure. */
import { isGeneratorsDoing } from './hint-client.ts';
import { hintLimits as limit } from './hint-limits.ts';
import type { Finding, HintReading, SecondReading } from './hint-reading.ts';
import { msOf } from './hint-text.ts';
import { median } from './trend.ts';

interface Known extends SecondReading {
  readonly p50Ms: number;
  readonly p999Ms: number;
  /** Place among the seconds. */
  readonly at: number;
}

const leastSeconds = 20;
const leastPeriodS = 2;
/** Seconds are whole, and periods are not. */
const jitterS = 1;
const jitterOfPeriod = 0.2;

/** Of a load generator that is behind itself nothing is told of others. */
export function periodicSpikes(reading: HintReading): Finding | null {
  if (isGeneratorsDoing(reading)) return null;
  const { seconds } = reading;
  const known = seconds.flatMap((second, at): Known[] =>
    second.p50Ms === null || second.p999Ms === null
      ? []
      : [{ ...second, p50Ms: second.p50Ms, p999Ms: second.p999Ms, at }],
  );
  if (known.length < leastSeconds) return null;
  const usualMs = median(known.map(({ p999Ms }) => p999Ms));
  const isSpike = ({ p999Ms }: Known): boolean =>
    p999Ms > limit.spikeOverMedian * usualMs && p999Ms - usualMs >= limit.spikeAboveMedianMs;
  const inSpikes = known.filter(isSpike);
  const others = known.filter((second) => !isSpike(second));
  // One that lasts over the end of a second is seen in both.
  const spikes = inSpikes.filter(({ at }, index) => inSpikes[index - 1]?.at !== at - 1);
  const periodS = periodOf(spikes.map(({ at }) => at));
  if (periodS === null || inSpikes.length > limit.mostSpikes * known.length) return null;
  const p50Ms = median(others.map((second) => second.p50Ms));
  if (median(inSpikes.map((second) => second.p50Ms)) > limit.flatP50 * p50Ms) return null;
  const heightMs = median(inSpikes.map(({ p999Ms }) => p999Ms));
  const ownMs = median(inSpikes.map(({ gcPauseMs }) => gcPauseMs));
  const isOwn = ownMs >= (heightMs - usualMs) / 2;
  const cause = isOwn
    ? `our own garbage collection took ${msOf(ownMs)} in those seconds: it is ours`
    : `our own garbage collection took ${msOf(ownMs)} in those seconds: it is the broker's flush or garbage collection`;
  return {
    name: 'flush/GC',
    evidence: `p99.9 goes from ${msOf(usualMs)} to ${msOf(heightMs)} about every ${Number(periodS.toPrecision(2))} s, p50 stays at ${msOf(p50Ms)}; ${cause}`,
    suggestion: null,
  };
}

/** null: too few, or not evenly apart. */
function periodOf(places: readonly number[]): number | null {
  if (places.length < limit.fewestSpikes) return null;
  const gaps = places.slice(1).map((at, index) => at - (places[index] ?? 0));
  const period = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const spread = Math.max(...gaps) - Math.min(...gaps);
  return period < leastPeriodS || spread > Math.max(jitterS, jitterOfPeriod * period) ? null : period;
}
