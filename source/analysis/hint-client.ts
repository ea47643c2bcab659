/** Whether it is the load generator itself that is at its limit. Pure. */
import { hintLimits as limit } from './hint-limits.ts';
import type { Finding, HintReading, KnobWish } from './hint-reading.ts';
import { lowerRate, msOf, percentOf, stepUp, wish } from './hint-text.ts';

/** Batches of fewer records cost more CPU by the request than by the message. */
const fewRecords = 10;

/** Section 3's verdict, a thread without rest, pauses of its own, or a host that takes the CPU away. */
export function clientBound(reading: HintReading): Finding | null {
  const { lateFraction, loopBusy, stolenFraction, brokenByClient } = reading;
  const isLate = lateFraction > limit.lateFraction;
  const isBusy = loopBusy >= limit.loopBusy;
  const isStolen = stolenFraction >= limit.stolenFraction;
  if (!isStolen && !isGeneratorsDoing(reading)) return null;
  const parts = [
    ...(isLate ? [`${percentOf(lateFraction)} of the messages offered late`] : []),
    ...(brokenByClient === null
      ? []
      : [`${brokenByClient} holds from when messages were offered, not from when they were due`]),
    ...(isBusy ? [`the busiest load thread is at work ${percentOf(loopBusy)} of the time${codecText(reading)}`] : []),
    ...(isStolen ? [`the host of this machine gives ${percentOf(stolenFraction)} of its CPU time to others`] : []),
    ownText(reading),
  ];
  return { name: 'client-bound', evidence: parts.join(', '), suggestion: suggestionFor(reading, isBusy, isLate) };
}

/** The load generator itself is behind, whatever its machine's host does. */
export function isGeneratorsDoing({ lateFraction, loopBusy, gcFraction, brokenByClient }: HintReading): boolean {
  const isLate = lateFraction > limit.lateFraction;
  return isLate || loopBusy >= limit.loopBusy || gcFraction >= limit.gcFraction || brokenByClient !== null;
}

function suggestionFor(reading: HintReading, isBusy: boolean, isLate: boolean): KnobWish | null {
  const { recordsPerBatch, ackedRate, knobs } = reading;
  if (isBusy && recordsPerBatch !== null && recordsPerBatch < fewRecords) {
    const larger = stepUp(reading, 'lingerMs');
    if (larger !== null) return larger;
  }
  // They cost several times what lz4 does.
  if (isBusy && (knobs.compression === 'gzip' || knobs.compression === 'zstd'))
    return wish(reading, 'compression', 'lz4');
  return isBusy || isLate ? lowerRate(reading, ackedRate) : null;
}

/** Batches are compressed by the threads that send them. */
function codecText({ knobs }: HintReading): string {
  return knobs.compression === 'none' ? '' : `, ${knobs.compression} included`;
}

/** Our own share: event loop and garbage collection, so that they are named or ruled out. */
export function ownText({ loopDelayP99Ms, gcLongestMs, gcFraction }: HintReading): string {
  return `own event loop late by ${msOf(loopDelayP99Ms)} (p99), longest own GC pause ${msOf(gcLongestMs)} (${percentOf(gcFraction)} of the time)`;
}

/** Whether our own lateness could explain so much. */
export function isOwnDoing({ loopDelayP99Ms }: HintReading, ms: number): boolean {
  return loopDelayP99Ms > limit.ownShare * ms;
}
