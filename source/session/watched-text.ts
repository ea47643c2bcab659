/** How the lag of somebody else's group reads: never as 0 where it is not known, and with the age of its commit. */
import type { WatchedLag } from '../cluster/watched-groups.ts';
import { plural, shortCount, spanText } from './figures-text.ts';

type Lag = Pick<WatchedLag, 'lagMessages' | 'lagMs' | 'commitAgeMs'> & Partial<WatchedLag>;

/** `12.3k`, `12.3k+` where some partitions have no commit, `unknown`. */
export function watchedCount({ lagMessages, uncommittedPartitions = 0 }: Lag): string {
  if (lagMessages === null) return 'unknown';
  return `${shortCount(lagMessages)}${uncommittedPartitions > 0 ? '+' : ''}`;
}

/** `commit 4 s ago`, `commit >12 s ago`, `no commit yet`, `no answer`. */
export function commitText({ commitAgeMs, commitAgeAtLeast = false, isFresh = true }: Lag): string {
  if (!isFresh) return 'no answer';
  if (commitAgeMs === null) return 'no commit yet';
  return `commit ${commitAgeAtLeast ? '>' : ''}${ageText(commitAgeMs)} ago`;
}

/** `flink-job 12.3k = 3.21 s behind, commit 4 s ago`. */
export function watchedText(lag: Lag & { readonly group: string }): string {
  const { group, lagMessages, lagMs, uncommittedPartitions = 0 } = lag;
  if (lagMessages === null) return `${group} lag unknown, ${commitText(lag)}`;
  const time = lagMs === null ? '' : ` = ${spanText(lagMs)}`;
  const without = uncommittedPartitions === 0 ? '' : `, ${plural(uncommittedPartitions, 'partition')} without a commit`;
  return `${group} ${watchedCount(lag)}${time} behind, ${commitText(lag)}${without}`;
}

/** Whole seconds, then minutes. */
function ageText(ms: number): string {
  return ms < 120_000 ? `${Math.floor(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min`;
}
