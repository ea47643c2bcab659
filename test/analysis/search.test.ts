import { describe, expect, it } from 'vitest';
import { bracketOf, nextMove, type SearchSettings, type StepOutcome, stepsLeft } from '../../source/analysis/search.ts';

type Verdict = Pick<StepOutcome, 'verdict' | 'limitedBy'>;
const passes: Verdict = { verdict: 'pass', limitedBy: null };
const failsBy = (limitedBy: StepOutcome['limitedBy']): Verdict => ({ verdict: 'fail', limitedBy });
const client: Verdict = { verdict: 'client', limitedBy: 'client' };

function search(settings: SearchSettings, judge: (rateHz: number, role: StepOutcome['role'], at: number) => Verdict) {
  const outcomes: StepOutcome[] = [];
  for (;;) {
    const move = nextMove(settings, outcomes);
    if (move.kind === 'done') return { outcomes, result: move.result };
    const { role, rateHz } = move;
    outcomes.push({ role, rateHz, ...judge(rateHz, role, outcomes.length) });
    if (outcomes.length > 100) throw new Error('the search does not end');
  }
}

const told = (outcomes: readonly StepOutcome[]) =>
  outcomes.map(({ role, rateHz, verdict }) => `${role} ${rateHz.toFixed(1)} ${verdict}`);

describe('the search', () => {
  it('takes the steps of the vector: p99 = 2 + 3/(1 − λ/100,000) under 10 ms', () => {
    const p99 = (rateHz: number): number =>
      rateHz >= 100_000 ? Number.POSITIVE_INFINITY : 2 + 3 / (1 - rateHz / 100_000);
    const { outcomes, result } = search({ fromHz: 1000, maxHz: null }, (rateHz) =>
      p99(rateHz) < 10 ? passes : failsBy('latency'),
    );
    expect(told(outcomes)).toEqual([
      'ramp 1000.0 pass',
      'ramp 2000.0 pass',
      'ramp 4000.0 pass',
      'ramp 8000.0 pass',
      'ramp 16000.0 pass',
      'ramp 32000.0 pass',
      'ramp 64000.0 fail',
      'bisect 45254.8 pass',
      'bisect 53817.4 pass',
      'bisect 58688.3 pass',
      'bisect 61286.6 pass',
      'bisect 62628.6 fail',
      'confirm 61286.6 pass',
    ]);
    expect(result).toMatchObject({ end: 'found', limitedBy: 'latency' });
    expect(result.rateHz).toBeCloseTo(61_286.6, 1);
    expect([result.passedHz, result.failedHz].map((hz) => hz?.toFixed(1))).toEqual(['61286.6', '62628.6']);
  });

  it('falls by 4 from a first rate that fails, down to 10/s, then bisects', () => {
    const { outcomes, result } = search({ fromHz: 1000, maxHz: null }, (rateHz) =>
      rateHz < 100 ? passes : failsBy('lag'),
    );
    expect(told(outcomes).slice(0, 4)).toEqual([
      'ramp 1000.0 fail',
      'descend 250.0 fail',
      'descend 62.5 pass',
      'bisect 125.0 fail',
    ]);
    expect(result.end).toBe('found');
    expect(result.rateHz).toBeGreaterThan(97);
  });

  it('finds nothing where even 10/s fails', () => {
    const { outcomes, result } = search({ fromHz: 1000, maxHz: null }, () => failsBy('errors'));
    expect(told(outcomes).at(-1)).toBe('descend 10.0 fail');
    expect(result).toEqual({ end: 'none', rateHz: null, passedHz: null, failedHz: 10, limitedBy: 'errors' });
  });

  it('starts lower than 10/s where it is told to, and falls no further', () => {
    const { outcomes } = search({ fromHz: 2, maxHz: null }, () => failsBy('latency'));
    expect(told(outcomes)).toEqual(['ramp 2.0 fail']);
  });

  it('ends with "at least" where the load generator is the limit', () => {
    const { outcomes, result } = search({ fromHz: 1000, maxHz: null }, (rateHz) => (rateHz > 5000 ? client : passes));
    expect(told(outcomes).at(-1)).toBe('ramp 8000.0 client');
    expect(result).toEqual({ end: 'client', rateHz: 4000, passedHz: 4000, failedHz: null, limitedBy: 'client' });
  });

  it('asks once more about a rate that the client was late at, where it had driven as much before', () => {
    const once = new Set<number>();
    const { outcomes, result } = search({ fromHz: 1000, maxHz: null }, (rateHz, role) => {
      const isDisturbed = role !== 'ramp' && !once.has(rateHz);
      once.add(rateHz);
      if (isDisturbed) return client;
      return rateHz < 5000 ? passes : failsBy('latency');
    });
    expect(told(outcomes).slice(3, 8)).toEqual([
      'ramp 8000.0 fail',
      'bisect 5656.9 client',
      'bisect 5656.9 fail',
      'bisect 4756.8 client',
      'bisect 4756.8 pass',
    ]);
    expect(result).toMatchObject({ end: 'found', limitedBy: 'latency' });
    expect(result.rateHz).toBeGreaterThan(4870);
  });

  it('confirms what it has where there is no more time, and the client was late within the bracket', () => {
    const outcomes: StepOutcome[] = [
      { role: 'ramp', rateHz: 1000, ...passes },
      { role: 'ramp', rateHz: 2000, ...failsBy('latency') },
      { role: 'bisect', rateHz: 1414.2, ...client },
    ];
    const settings = { fromHz: 1000, maxHz: null };
    expect(nextMove(settings, outcomes)).toEqual({ kind: 'step', role: 'bisect', rateHz: 1414.2 });
    const late = { ...settings, closeRatio: Number.POSITIVE_INFINITY };
    expect(nextMove(late, outcomes)).toEqual({ kind: 'step', role: 'confirm', rateHz: 1000 });
    const confirmed = [...outcomes, { role: 'confirm', rateHz: 1000, ...client } as const];
    expect(nextMove(late, confirmed)).toEqual({ kind: 'step', role: 'confirm', rateHz: 1000 });
  });

  it('never blames the cluster for what the client could not drive while bisecting', () => {
    const { outcomes, result } = search({ fromHz: 1000, maxHz: null }, (rateHz, role) =>
      rateHz <= 4000 ? passes : role === 'ramp' ? failsBy('latency') : client,
    );
    expect(told(outcomes).slice(-2)).toEqual(['bisect 5656.9 client', 'bisect 5656.9 client']);
    expect(result).toEqual({ end: 'client', rateHz: 4000, passedHz: 4000, failedHz: 8000, limitedBy: 'client' });
  });

  it.each([
    ['the rate before it', 1000, 2000],
    ['none', 4000, null],
  ])(
    'never reports a rate that failed its confirmation where the client is the limit below: %s',
    (_what, fromHz, held) => {
      const { outcomes, result } = search({ fromHz, maxHz: fromHz === 4000 ? 4000 : null }, (rateHz, role) => {
        if (role === 'confirm') return rateHz < 3900 ? client : failsBy('latency');
        return rateHz <= 4000 ? passes : failsBy('latency');
      });
      expect(
        told(outcomes)
          .slice(-3)
          .map((step) => step.replace(/ [0-9.]+ /, ' ')),
      ).toEqual(['confirm fail', 'confirm client', 'confirm client']);
      expect(result).toMatchObject({ end: 'client', limitedBy: 'client' });
      expect([result.rateHz, result.passedHz]).toEqual([held, held]);
    },
  );

  it('stops at the cap, and confirms there', () => {
    const { outcomes, result } = search({ fromHz: 1000, maxHz: 5000 }, () => passes);
    expect(told(outcomes)).toEqual([
      'ramp 1000.0 pass',
      'ramp 2000.0 pass',
      'ramp 4000.0 pass',
      'ramp 5000.0 pass',
      'confirm 5000.0 pass',
    ]);
    expect(result).toEqual({ end: 'at-cap', rateHz: 5000, passedHz: 5000, failedHz: null, limitedBy: null });
  });

  it('begins at the cap where that is lower than the first rate', () => {
    const { outcomes } = search({ fromHz: 1000, maxHz: 500 }, () => passes);
    expect(told(outcomes)).toEqual(['ramp 500.0 pass', 'confirm 500.0 pass']);
  });

  it('lowers what is not confirmed by 2.5 %, three times at most', () => {
    const judge = (good: number) => (rateHz: number, role: StepOutcome['role']) =>
      rateHz < (role === 'confirm' ? good : 4000) ? passes : failsBy('latency');
    const confirmed = search({ fromHz: 1000, maxHz: null }, judge(3800));
    expect(told(confirmed.outcomes).filter((step) => step.startsWith('confirm'))).toEqual([
      'confirm 3914.3 fail',
      'confirm 3816.4 fail',
      'confirm 3721.0 pass',
    ]);
    expect(confirmed.result).toMatchObject({ end: 'found' });
    expect(confirmed.result.passedHz).toBeCloseTo(3721.0, 1);
    expect(confirmed.result.failedHz).toBeCloseTo(3816.4, 1);
    const never = search({ fromHz: 1000, maxHz: null }, judge(0));
    expect(told(never.outcomes).filter((step) => step.startsWith('confirm'))).toHaveLength(4);
    expect(never.result).toMatchObject({ end: 'unconfirmed', rateHz: null, limitedBy: 'latency' });
  });

  it('asks again about what passed in short steps before a quota struck', () => {
    // A quota of 5,000/s over a window of 11 s: a step of 6 s at 8,000/s does not feel it.
    const { outcomes, result } = search({ fromHz: 1000, maxHz: null }, (rateHz, role) =>
      rateHz < 5000 || (role === 'ramp' && rateHz < 10_000) ? passes : failsBy('throttle'),
    );
    expect(told(outcomes).slice(3, 8)).toEqual([
      'ramp 8000.0 pass',
      'ramp 16000.0 fail',
      'bisect 8000.0 fail',
      'bisect 4000.0 pass',
      'bisect 5656.9 fail',
    ]);
    expect(result).toMatchObject({ end: 'found', limitedBy: 'throttle' });
    expect(result.rateHz).toBeGreaterThan(4870);
  });

  it('says what is known at any step, and about how much is to come', () => {
    const settings = { fromHz: 1000, maxHz: null };
    const outcomes: StepOutcome[] = [
      { role: 'ramp', rateHz: 1000, ...passes },
      { role: 'ramp', rateHz: 2000, ...failsBy('lag') },
      { role: 'bisect', rateHz: 1414.2, ...passes },
    ];
    expect(bracketOf(outcomes)).toEqual({ passedHz: 1414.2, failedHz: 2000, limitedBy: 'lag' });
    expect(stepsLeft(settings, outcomes)).toEqual({ ramp: 0, descend: 0, bisect: 4, confirm: 1 });
    expect(stepsLeft(settings, [])).toEqual({ ramp: 7, descend: 0, bisect: 5, confirm: 1 });
    expect(stepsLeft({ fromHz: 1000, maxHz: 8000 }, [])).toEqual({ ramp: 4, descend: 0, bisect: 5, confirm: 1 });
    const atCap = [{ role: 'ramp', rateHz: 8000, ...passes }] as const;
    expect(stepsLeft({ fromHz: 1000, maxHz: 8000 }, atCap)).toEqual({ ramp: 0, descend: 0, bisect: 0, confirm: 1 });
  });
});

it('confirms a bracket as wide as it is told to', () => {
  const outcomes: StepOutcome[] = [
    { role: 'ramp', rateHz: 1000, ...passes },
    { role: 'ramp', rateHz: 2000, ...failsBy('latency') },
  ];
  const settings = { fromHz: 1000, maxHz: null, closeRatio: Number.POSITIVE_INFINITY };
  expect(nextMove(settings, outcomes)).toEqual({ kind: 'step', role: 'confirm', rateHz: 1000 });
  expect(stepsLeft(settings, outcomes)).toEqual({ ramp: 0, descend: 0, bisect: 0, confirm: 1 });
});
