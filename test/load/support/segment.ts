/** A segment as most tests and benches want it: 1,000 messages a second of one producer, from the run's zero on. */
import type { Segment } from '../../../source/load/schedule.ts';

export function segment(changes: Partial<Segment> = {}): Segment {
  return {
    startNs: 0,
    rateHz: 1_000,
    slope: null,
    carry: 1,
    burst: 0,
    savedNs: 0,
    producers: 1,
    firstMessage: 0,
    counted: true,
    epoch: 0,
    arrivals: 'uniform',
    limiter: 'smooth',
    seed: 1,
    ...changes,
  };
}
