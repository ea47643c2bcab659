import { describe, expect, it } from 'vitest';
import { kneeOf } from '../../source/analysis/knee.ts';
import { type KneeOutcome, nextKneeMove } from '../../source/analysis/knee-search.ts';
import type { SearchSettings } from '../../source/analysis/search.ts';

type Judge = (rateHz: number) => Pick<KneeOutcome, 'verdict' | 'limitedBy' | 'meanMs'>;

function search(settings: SearchSettings, judge: Judge) {
  const outcomes: KneeOutcome[] = [];
  for (;;) {
    const move = nextKneeMove(settings, outcomes);
    const points = outcomes.flatMap(({ rateHz, meanMs, verdict }) =>
      meanMs === null || verdict === 'client' ? [] : [{ rateHz, meanMs }],
    );
    if (move.kind === 'done') return { outcomes, result: move.result, knee: kneeOf(points) };
    const { role, rateHz } = move;
    outcomes.push({ role, rateHz, ...judge(rateHz) });
    if (outcomes.length > 60) throw new Error('the search does not end');
  }
}

/** R̄ = 2 + 3/(1 − λ/100,000), which has its knee at 56,351/s; no steady state from 100,000/s on. */
const curve: Judge = (rateHz) =>
  rateHz >= 100_000
    ? { verdict: 'fail', limitedBy: 'latency', meanMs: 5_000 }
    : { verdict: 'pass', limitedBy: null, meanMs: 2 + 3 / (1 - rateHz / 100_000) };

describe('the search for the knee', () => {
  it.each([1_000, 700, 3_300])('finds it from %d/s on, within 5 %%', (fromHz) => {
    const { knee, result, outcomes } = search({ fromHz, maxHz: null }, curve);
    expect(result.end).toBe('found');
    expect(knee?.beyond).toBeNull();
    expect(Math.abs((knee?.rateHz ?? 0) / 56_351 - 1)).toBeLessThan(0.05);
    expect(outcomes.length).toBeLessThan(16);
  });

  it('says that it lies beyond a cap below it', () => {
    const { knee, result } = search({ fromHz: 1_000, maxHz: 20_000 }, curve);
    expect([result.end, knee?.beyond]).toEqual(['at-cap', 'high']);
  });

  it('ends where the load generator can drive no more', () => {
    const { knee, result } = search({ fromHz: 1_000, maxHz: null }, (rateHz) =>
      rateHz > 30_000 ? { verdict: 'client', limitedBy: 'client', meanMs: 50 } : curve(rateHz),
    );
    expect([result.end, result.limitedBy, knee?.beyond]).toEqual(['client', 'client', 'high']);
    expect(result.passedHz).toBe(16_000);
  });

  it('is over at once where the client cannot drive the first rate', () => {
    const { result } = search({ fromHz: 1_000, maxHz: null }, () => ({
      verdict: 'client',
      limitedBy: 'client',
      meanMs: 1,
    }));
    expect(result).toEqual({ end: 'client', rateHz: null, passedHz: null, failedHz: null, limitedBy: 'client' });
  });

  it('goes down to the first rate where that is the best', () => {
    const { knee } = search({ fromHz: 60_000, maxHz: null }, curve);
    expect(knee?.beyond).toBe('low');
  });
});
