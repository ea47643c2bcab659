import { describe, expect, it } from 'vitest';
import { readSweep } from '../../source/config/sweep.ts';
import { searchesOfSweeps, sweepRows } from '../../source/output/sweep-lines.ts';
import { fakeSweep } from '../session/support/fake-sweep.ts';

describe('what a sweep came to', () => {
  it('best first, with the Pareto mark', () => {
    expect(sweepRows({ sweeps: [fakeSweep()] })).toEqual([
      ['sweep 1', '4 combinations, 4 runs; best first, * on the front of throughput and p99'],
      ['', '1. linger 0 ms, producers 1: p99 2.00 ms at 1.00 k/s *'],
      ['', '2. linger 0 ms, producers 4: p99 3.00 ms at 1.00 k/s'],
      ['', '3. linger 5 ms, producers 1: p99 7.00 ms at 1.00 k/s'],
      ['', '4. linger 5 ms, producers 4: p99 - at 700/s'],
    ]);
  });

  it('all of it, or the best and how many more there are', () => {
    const sweeps = [fakeSweep({}, readSweep('consumers=1,2,4,8,16,32,64,96'), [])];
    const all = sweepRows({ sweeps });
    expect(all).toHaveLength(9);
    expect(sweepRows({ sweeps }, 5)).toEqual([...all.slice(0, 6), ['', 'and 3 more: a saved session has them all']]);
    expect(sweepRows({ sweeps }, 8)).toEqual(all);
  });

  it('that searched, and was stopped', () => {
    const [head, first] = sweepRows({ sweeps: [fakeSweep({ slo: 'p99<10ms', outcome: 'stopped' })] });
    expect(head?.[1]).toContain('4 runs searched for p99<10ms, stopped;');
    expect(first?.[1]).toBe('1. linger 0 ms, producers 1: 1.00 k/s, p99 2.00 ms *');
  });

  it('tells searches of its own once', () => {
    const [run] = fakeSweep().runs;
    if (run === undefined) throw new Error('a sweep has runs');
    const runs = [run, { ...run, search: 0 }, { ...run, search: 2 }];
    expect(searchesOfSweeps({ sweeps: [fakeSweep({ runs })] })).toEqual(new Set([0, 2]));
    expect(searchesOfSweeps({})).toEqual(new Set());
  });
});
