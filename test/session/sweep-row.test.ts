import { describe, expect, it } from 'vitest';
import { combinationText, sweepText, sweepVerdict } from '../../source/session/automation/sweep-row.ts';
import type { Sweep } from '../../source/session/document-sweep-schema.ts';
import { fakeSweep } from './support/fake-sweep.ts';

/** The same with this share offered in time in the first so many runs. */
function late(runs: number, share: number): Sweep {
  const sweep = fakeSweep();
  return { ...sweep, runs: sweep.runs.map((run, at) => (at < runs ? { ...run, offeredInTime: share } : run)) };
}

describe('the verdict on a sweep', () => {
  const nothing = { rate: null };
  it.each<[string, readonly Sweep[], string]>([
    ['done', [fakeSweep()], 'found'],
    ['stopped before its first run', [fakeSweep({ runs: [] })], 'found'],
    ['it never began', [], 'none'],
    ['late in half of the runs', [late(2, 0.5)], 'found'],
    ['late in most', [late(3, 0.98)], 'client'],
    ['a little late in all', [late(4, 0.995)], 'found'],
    ['searched, and found', [fakeSweep({ slo: 'p99<5ms' })], 'found'],
    [
      'searched, and nowhere found',
      [fakeSweep({ slo: 'p99<5ms', runs: fakeSweep().runs.map((run) => ({ ...run, ...nothing })) })],
      'none',
    ],
  ])('%s', (_, sweeps, kind) => {
    expect(sweepVerdict(sweeps).kind).toBe(kind);
  });
});

describe('a sweep in words', () => {
  it.each<[string, Partial<Sweep>, string]>([
    ['measured', {}, 'best linger 0 ms, producers 1: p99 2.00 ms at 1.00 k/s'],
    ['searched', { slo: 'p99<5ms' }, 'best linger 0 ms, producers 1: 1.00 k/s, p99 2.00 ms'],
    ['stopped', { outcome: 'stopped' }, 'stopped after 4 runs: best linger 0 ms'],
    ['stopped at once', { outcome: 'stopped', runs: [] }, 'stopped after 0 runs: nothing was measured'],
  ])('%s', (_, changes, text) => {
    expect(sweepText(fakeSweep(changes))).toContain(text);
  });

  it('names values as the screen does', () => {
    expect(combinationText({ batchSize: 65_536, rate: null, acks: 'all' })).toBe(
      'rate max, batch size 64 KiB, acks all',
    );
  });
});
