/**
 * The percentiles on the screen: of the shortest of 1, 5, 10, 30, 60 s that has enough samples. Messages never
 * answered rank above all others; where the rank falls among them, the age of the oldest is a lower bound: its age now, or
 * where all were given up, its age then.
 */
import { fewestFor, nearestRank, toMs } from '../analysis/latency-summary.ts';
import { type LatencyTag, latencyTags } from '../config/plan.ts';
import { givenUpAfterMs, unansweredIn } from './figures-of.ts';
import { Tally } from './interval-book.ts';
import type { ShownLatency, ShownPercentile } from './view.ts';

export const windowsS = [1, 5, 10, 30, 60] as const;
type WindowS = (typeof windowsS)[number];

const percentiles = { p50: 50, p99: 99, p999: 99.9 } as const;
/** Fewest samples; a median of a live second that is not to jump about needs some as well. */
const needed = { p50: 20, p99: fewestFor(percentiles.p99), p999: fewestFor(percentiles.p999) } as const;
type Shown = keyof typeof percentiles;

/** Tallies of the last complete intervals, newest first, with the wall time each covers. */
export interface RecentInterval {
  readonly tally: Tally;
  readonly durationMs: number;
}

/** `oldestOpenMs`: how old the oldest unanswered message is, at least, by tag. `consumes`: somebody reads what is sent. `filters`: as of `unansweredIn`. */
export function shownLatencies(
  recent: readonly RecentInterval[],
  oldestOpenMs: (tag: LatencyTag) => number,
  consumes: boolean,
  filters = false,
): Record<LatencyTag, ShownLatency> {
  const windows = new Map<WindowS, Tally>();
  const sum = new Tally();
  let coveredMs = 0;
  let next = 0;
  for (const windowS of windowsS) {
    while (next < recent.length && coveredMs + 1 < windowS * 1000) {
      const interval = recent[next++];
      if (interval === undefined) break;
      sum.add(interval.tally);
      coveredMs += interval.durationMs;
    }
    const copy = new Tally();
    copy.add(sum);
    windows.set(windowS, copy);
    if (latencyTags.every((tag) => sum.latencies[tag].count >= needed.p999 || sum.latencies[tag].count === 0)) break;
    if (next >= recent.length) break;
  }
  const of = (tag: LatencyTag): ShownLatency => {
    if (tag === 'e2e' && !consumes) return notMeasured;
    return {
      p50: pick(windows, tag, 'p50', oldestOpenMs(tag), filters),
      p99: pick(windows, tag, 'p99', oldestOpenMs(tag), filters),
      p999: pick(windows, tag, 'p999', oldestOpenMs(tag), filters),
    };
  };
  return { response: of('response'), service: of('service'), slip: of('slip'), e2e: of('e2e') };
}

const none: ShownPercentile = { valueMs: null, windowS: 1, atLeast: false };
/** Nobody reads what is sent: there is no such latency, however long nothing comes. */
const notMeasured: ShownLatency = { p50: none, p99: none, p999: none };

function pick(
  windows: ReadonlyMap<WindowS, Tally>,
  tag: LatencyTag,
  which: Shown,
  oldestOpenMs: number,
  filters: boolean,
): ShownPercentile {
  for (const [windowS, tally] of windows) {
    const counts = tally.latencies[tag];
    // Acknowledgements may not be asked for. What was acknowledged and nobody has read yet is late all the same.
    const isUnasked = tag !== 'e2e' && counts.count === 0 && tally.open === 0;
    const unanswered = isUnasked ? 0 : unansweredIn(tally, tag, filters);
    const all = counts.count + unanswered;
    if (all < needed[which]) continue;
    const rank = nearestRank(percentiles[which], all);
    if (rank <= counts.count) return { valueMs: toMs(counts.valueAtRank(rank)), windowS, atLeast: false };
    // Among those never answered: some wait still, some were given up.
    return { valueMs: Math.max(oldestOpenMs, givenUpAfterMs(tally, tag) ?? 0), windowS, atLeast: true };
  }
  return none;
}
