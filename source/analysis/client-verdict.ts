/** Whether the load generator itself is to blame for a latency objective that was not held. Pure. */
import type { LatencyVerdict } from './latency-verdict.ts';

/** Fewer due messages offered in time than this: the generator set the pace, not the cluster. */
export const offeredInTimeAtLeast = 0.99;
/** "In time" for messages without an objective. */
const leastToleranceMs = 5;

/** How late a message may be offered to count as in time: a tenth of the objective, at least 5 ms. */
export function offeredToleranceMs(sloMs: number | null): number {
  return Math.max(leastToleranceMs, (sloMs ?? 0) / 10);
}

export interface ClientInput {
  /** Verdict on response, which counts from the intended time. */
  readonly response: LatencyVerdict['verdict'];
  /** The same seconds and budget, by service alone: from when the producer was offered the message. */
  readonly service: LatencyVerdict['verdict'];
  /** Due messages offered in time, 0 … 1; null: none were due. A full buffer's refusal is the cluster's, and in time. */
  readonly offeredInTime: number | null;
}

/** A pass stands however noisy the client was; only a failure can be its own. */
export function isClientsFault({ response, service, offeredInTime }: ClientInput): boolean {
  if (response !== 'fail') return false;
  return service === 'pass' || (offeredInTime !== null && offeredInTime < offeredInTimeAtLeast);
}
