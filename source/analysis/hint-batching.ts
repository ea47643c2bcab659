/** Whether messages wait in the producer rather than for the broker. Pure. */
import { hintLimits as limit } from './hint-limits.ts';
import type { Finding, HintReading } from './hint-reading.ts';
import { digits, msOf, percentOf, stepUp, wish } from './hint-text.ts';
import { mannKendall } from './trend.ts';

/** Up to here a larger batch is worth more than another connection. */
const largeBatchBytes = 2 ** 20;
const significant = 0.01;

/** Half-empty batches that wait for linger, or full ones that wait for their turn. */
export function batchingBound(reading: HintReading): Finding | null {
  return waitsForLinger(reading) ?? waitsInLine(reading);
}

function waitsForLinger(reading: HintReading): Finding | null {
  const { queueMs, roundTripMs, batchFill, knobs } = reading;
  const lingerMs = Number(knobs.lingerMs);
  if (queueMs === null || roundTripMs === null || batchFill === null || lingerMs <= 0) return null;
  const isLong = queueMs > limit.queueOverRoundTrip * roundTripMs && queueMs >= limit.leastQueueMs;
  if (!isLong || batchFill >= limit.halfEmpty || queueMs < limit.queueOverLinger * lingerMs) return null;
  const share = percentOf(queueMs / (queueMs + roundTripMs));
  return {
    name: 'batching-bound',
    evidence: `a batch waits ${msOf(queueMs)} and its answer takes ${msOf(roundTripMs)}: ${share} is waiting for linger, batches ${percentOf(batchFill)} full`,
    suggestion: wish(reading, 'lingerMs', 0),
  };
}

function waitsInLine(reading: HintReading): Finding | null {
  const { queueMs, roundTripMs, batchFill, blockedFraction, bufferedBytes, knobs } = reading;
  if (queueMs === null || roundTripMs === null || batchFill === null) return null;
  const waitMs = Math.max(0, queueMs - Number(knobs.lingerMs));
  if (waitMs <= limit.queueOverRoundTrip * roundTripMs || waitMs < limit.leastQueueMs || batchFill < limit.full)
    return null;
  const isGrowing = bufferedBytes.length >= 5 && mannKendall(bufferedBytes).pRising < significant;
  const isBlocked = blockedFraction > limit.blockedFraction;
  if (!isGrowing && !isBlocked) return null;
  const line = isBlocked ? `the buffer is full ${percentOf(blockedFraction)} of the time` : 'the queue grows';
  const larger = Number(knobs.batchSize) < largeBatchBytes ? stepUp(reading, 'batchSize') : null;
  return {
    name: 'batching-bound',
    evidence: `batches ${percentOf(batchFill)} full wait ${msOf(queueMs)}, ${digits(queueMs / roundTripMs)} × their round trip of ${msOf(roundTripMs)}, and ${line}`,
    suggestion: larger ?? stepUp(reading, 'producers'),
  };
}
