/** What sweeps came to, for the summary and the plain lines. */
import { sweepResultText } from '../session/automation/sweep-row.ts';
import type { SessionDocument } from '../session/document-schema.ts';
import { plural } from '../session/figures-text.ts';

/** Places among `searches` of those that a sweep made: its own table tells what they found. */
export function searchesOfSweeps({ sweeps = [] }: Pick<SessionDocument, 'sweeps'>): ReadonlySet<number> {
  return new Set(sweeps.flatMap(({ runs }) => runs.flatMap(({ search }) => (search === null ? [] : [search]))));
}

/**
 * Name and text of each line, the best combinations first, `most` of each sweep; `*` marks those on the Pareto front.
 *
 *     sweep 1    4 combinations, 8 runs; best first, * on the front of throughput and p99
 *                1. linger 0 ms, producers 1: p99 2.90 ms at 1.00 k/s *
 */
export function sweepRows(
  { sweeps = [] }: Pick<SessionDocument, 'sweeps'>,
  most = Number.POSITIVE_INFINITY,
): (readonly [string, string])[] {
  return sweeps.flatMap(({ outcome, results, runs, slo }, index) => {
    const aim = slo === '' ? '' : ` searched for ${slo}`;
    const front = results.length === 0 ? '' : '; best first, * on the front of throughput and p99';
    const stopped = outcome === 'stopped' ? ', stopped' : '';
    const head = `${plural(results.length, 'combination')}, ${plural(runs.length, 'run')}${aim}${stopped}${front}`;
    const best = results.slice(0, most).map((result, at) => {
      return ['', `${at + 1}. ${sweepResultText(result, slo !== '')}${result.pareto ? ' *' : ''}`] as const;
    });
    const more = results.length - best.length;
    const rest = more === 0 ? [] : [['', `and ${more} more: a saved session has them all`] as const];
    return [[`sweep ${index + 1}`, head] as const, ...best, ...rest];
  });
}
