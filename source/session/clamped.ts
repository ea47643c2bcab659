/** Latencies beyond what a histogram holds stand in it as an hour: whoever reads the figures is told. */
import { latencyTags } from '../config/plan.ts';
import type { EventLog } from './event-log.ts';
import { wholeNumber } from './figures-text.ts';
import type { Latencies } from './interval-book.ts';

/** Warns of each kind of latency that was cut; says nothing where none was. */
export function tellClamped(log: EventLog, latencies: Latencies, timeMs: number): void {
  for (const tag of latencyTags) {
    const { clamped } = latencies[tag];
    if (clamped === 0) continue;
    const message = `${tag}: ${wholeNumber(clamped)} of more than an hour, recorded as one hour; true maximum and mean are higher`;
    log.add(timeMs, 'warning', message, { tag, clamped });
  }
}
