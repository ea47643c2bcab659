/** A rest after an overload: low load until the backlog is gone. */
import type { WatchedLag } from '../../cluster/watched-groups.ts';
import type { RunState } from '../run-state.ts';

/** No rest takes longer, ns. */
export const restAtMostNs = 60e9;
const caughtUpMs = 100;
const leastBacklog = 10;

export interface Rest {
  /** The rate while it rests, messages a second. */
  readonly rateHz: number;
  /** A message on its way to its answer that is younger is no backlog, ns. */
  readonly youngNs: number;
  /** The same of one on its way through a pipeline, ns. */
  readonly throughNs: number;
}

/** Whether no message on its way is old, few are, and consumers and a pipeline have caught up. */
export function hasCaughtUp(run: RunState, rest: Rest, nowNs: number): boolean {
  const { timeline, happenings, rows } = run;
  const last = happenings.last;
  const oldestNs = Math.min(last?.total('oldestDueNs') ?? nowNs, rows.oldestOpenNs('response') ?? nowNs);
  const { lagMs } = last?.gauges ?? { lagMs: null };
  const settled = timeline.spans.last.startNs <= nowNs;
  const few = (last?.total('inFlight') ?? 0) <= fewAt(rest.rateHz, rest.youngNs);
  if (!settled || !few || nowNs - oldestNs >= rest.youngNs || (lagMs !== null && lagMs >= caughtUpMs)) return false;
  return run.plan.consumeTopic === null || pipelineHasCaughtUp(run, rest, nowNs);
}

/**
 * By the messages inside. Where a pipeline filters, what it dropped is among them for good: by the word of those who read
 * its input, or by a young message that came out. Where nobody reads and no group is watched nobody can tell.
 */
function pipelineHasCaughtUp(run: RunState, { rateHz, throughNs }: Rest, nowNs: number): boolean {
  const few = fewAt(rateHz, throughNs);
  const inside = run.inPipeline();
  if (inside !== null) return inside <= few;
  const watched = run.happenings.last?.gauges.watched ?? [];
  // What came since the last commit is no backlog.
  const isBehind = ({ lagMessages, commitAgeMs }: WatchedLag): boolean =>
    (lagMessages ?? 0) > few + rateHz * ((commitAgeMs ?? 0) / 1000);
  const isKnown = watched.length > 0 && watched.every(({ lagMessages }) => lagMessages !== null);
  if (run.board.number('consumers') === 0) return !watched.some(isBehind);
  return (isKnown && !watched.some(isBehind)) || hasComeOut(run, nowNs - throughNs, nowNs);
}

/** As many are under way as messages of that age explain, and those of the last moments. */
function fewAt(rateHz: number, youngNs: number): number {
  return Math.max(leastBacklog, 2 * rateHz * (youngNs / 1e9));
}

/** Whether of what was due since then, by whole intervals, a message was read. */
function hasComeOut({ timeline: { spans }, book }: RunState, sinceNs: number, nowNs: number): boolean {
  const first = spans.intervalAt(Math.max(0, sinceNs));
  for (let number = spans.intervalAt(nowNs); number >= first; number--) {
    if ((book.interval(number)?.counts.consumed ?? 0) > 0) return true;
  }
  return false;
}
