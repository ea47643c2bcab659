/** A rest after an overload: low load until the backlog is gone. */
import type { RunState } from '../run-state.ts';

/** No rest takes longer, ns. */
export const restAtMostNs = 60e9;
const caughtUpMs = 100;

export interface Rest {
  /** The rate while it rests, messages a second. */
  readonly rateHz: number;
  /** A message on its way that is younger is no backlog, ns. */
  readonly youngNs: number;
}

/** Whether no message on its way is old, few are, and consumers have caught up. */
export function hasCaughtUp(
  { timeline, happenings, rows }: RunState,
  { rateHz, youngNs }: Rest,
  nowNs: number,
): boolean {
  const last = happenings.last;
  const oldestNs = Math.min(last?.total('oldestDueNs') ?? nowNs, rows.oldestOpenNs('response') ?? nowNs);
  const { lagMs } = last?.gauges ?? { lagMs: null };
  // As many are under way as messages of that age explain, and those of the last moments.
  const few = (last?.total('inFlight') ?? 0) <= Math.max(10, 2 * rateHz * (youngNs / 1e9));
  const settled = timeline.spans.last.startNs <= nowNs;
  return settled && few && nowNs - oldestNs < youngNs && (lagMs === null || lagMs < caughtUpMs);
}
