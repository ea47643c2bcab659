import { describe, expect, it } from 'vitest';
import type { LatencySecond } from '../../source/analysis/latency-verdict.ts';
import {
  judgeHopeless,
  judgeStep,
  type ObjectiveReading,
  type StepReading,
} from '../../source/analysis/step-verdict.ts';

/** Violations a thousand messages in each half second. */
const halves = (violations: readonly number[], messages = 1000): LatencySecond[] =>
  violations.map((over) => ({ messages, violations: over }));
const repeat = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value);

function objective(violations: readonly number[], change: Partial<ObjectiveReading> = {}): ObjectiveReading {
  const pieces = halves(violations);
  const sum = violations.reduce((a, b) => a + b, 0);
  return {
    tag: 'response',
    budget: 0.01,
    pieces,
    passing: pieces,
    failing: pieces,
    service: pieces,
    withoutErrors: pieces,
    violations: sum,
    serviceViolations: sum,
    errorViolations: 0,
    ...change,
  };
}

function reading(violations: readonly number[], change: Partial<StepReading> = {}): StepReading {
  return {
    role: 'ramp',
    rateHz: 2000,
    closedMs: violations.length * 500,
    objectives: [objective(violations)],
    lag: null,
    lagLimitMs: null,
    errorFraction: 0,
    errorLimit: 0.001,
    achieved: null,
    throttleMs: 0,
    offeredInTime: 1,
    offeredInTimeSoFar: 1,
    steadiness: 'steady',
    confirmMs: 30_000,
    ...change,
  };
}

const calm = [4, 6, 5, 7, 3, 5, 6, 4, 5, 5];
const over = [12, 15, 9, 14, 13, 16, 11, 12, 15, 13];
const mixed = [2, 0, 1, 60, 3, 0, 2, 1, 0, 1];
const times = (pieces: readonly number[], count: number): number[] => repeat(pieces, count).flat();

describe('the verdict on a step', () => {
  it.each([
    ['a ramp passes after 5 s of half seconds', reading(calm), 'pass', 'decided', false],
    ['and not before', reading(calm.slice(0, 9)), null, 'too-early', false],
    ['it fails after 5 s', reading(over), 'fail', 'decided', false],
    ['an interval that holds the budget goes on', reading(mixed), null, 'unsure', false],
    ['between a pass and a fail 10 s are needed', reading(calm, { role: 'bisect' }), null, 'too-early', false],
    ['and enough', reading(times(calm, 2), { role: 'bisect' }), 'pass', 'decided', false],
    ['a fail needs no 10 s', reading(over, { role: 'bisect' }), 'fail', 'decided', false],
    ['looked at no oftener than at 5, 10, 20 s', reading([...calm, ...repeat(100, 8)]), 'pass', 'decided', false],
    ['at 30 s the share decides: below', reading(times(mixed, 6)), 'pass', 'decided', true],
    ['at 30 s: above', reading(times([2, 0, 1, 160, 3, 0, 2, 1, 0, 1], 6)), 'fail', 'decided', true],
    ['a confirmation takes its whole time', reading(times(calm, 5), { role: 'confirm' }), null, 'too-early', false],
    ['and passes then', reading(times(calm, 6), { role: 'confirm' }), 'pass', 'decided', false],
    ['it fails at once', reading(over, { role: 'confirm' }), 'fail', 'decided', false],
    [
      'the long one goes on past 30 s',
      reading(times(calm, 6), { role: 'confirm', confirmMs: 60_000 }),
      null,
      'too-early',
      false,
    ],
  ])('%s', (_what, given, verdict, why, marginal) => {
    const answer = judgeStep(given);
    expect([answer.step?.verdict ?? null, answer.why, answer.step?.marginal ?? false]).toEqual([
      verdict,
      why,
      marginal,
    ]);
  });

  it('asks for a steady state before a pass, up to 30 s, and never before a fail', () => {
    const unsteady = { steadiness: 'unsteady' } as const;
    expect(judgeStep(reading(calm, unsteady))).toMatchObject({ step: null, why: 'unsteady' });
    expect(judgeStep(reading(times(calm, 5), unsteady))).toMatchObject({ step: null, why: 'unsteady' });
    expect(judgeStep(reading(times(calm, 6), unsteady)).step?.verdict).toBe('pass');
    expect(judgeStep(reading(over, unsteady)).step?.verdict).toBe('fail');
  });

  it('waits for ten messages that may lie beyond, past 30 s where it must, and not for ever', () => {
    const few = (seconds: number): StepReading => {
      const pieces = halves(repeat(0, seconds * 2), 5);
      return reading(repeat(0, seconds * 2), {
        rateHz: 10,
        objectives: [objective([], { pieces, passing: pieces, failing: pieces })],
      });
    };
    expect(judgeStep(few(30))).toMatchObject({ step: null, why: 'few-messages' });
    expect(judgeStep(few(100)).step?.verdict).toBe('pass');
    const fewer = halves(repeat(0, 240), 1);
    const patient = reading(repeat(0, 240), {
      objectives: [objective([], { pieces: fewer, passing: fewer, failing: fewer })],
    });
    expect(judgeStep(patient).step).toMatchObject({ verdict: 'pass', marginal: true });
  });

  it('gives up at once where five times the violations of a whole step are there', () => {
    // 5 × 1 % × 2,000/s × 30 s = 3,000
    expect(judgeHopeless(reading([1000, 1000, 1000]))).toBeNull();
    expect(judgeHopeless(reading([1000, 1000, 1000, 1]))?.step).toMatchObject({
      verdict: 'fail',
      limitedBy: 'latency',
    });
  });

  // A step of 2,000/s passes with 600 messages beyond a p99.
  it.each([
    ['the cluster stood still', {}, {}, 'fail', 'latency'],
    ['the cluster bears some of it', { serviceViolations: 601 }, {}, 'fail', 'latency'],
    ['all of it is from before the first offer', { serviceViolations: 600 }, {}, 'client', 'client'],
    ['no piece is closed', { serviceViolations: 0, pieces: [], service: [] }, { closedMs: 0 }, 'client', 'client'],
    ['too few were offered in time', {}, { offeredInTimeSoFar: 0.98 }, 'client', 'client'],
    ['it is late at the end', { tag: 'e2e', serviceViolations: 0 }, {}, 'fail', 'latency'],
    ['the cluster refused', { errorViolations: 2500 }, {}, 'fail', 'errors'],
    ['the cluster refused, and throttles', { errorViolations: 2500 }, { throttleMs: 1 }, 'fail', 'throttle'],
    ['the cluster refused as much as it may', { errorViolations: 2500 }, { errorLimit: 0.05 }, 'fail', 'latency'],
    ['the rest is late, too', { errorViolations: 2000 }, {}, 'fail', 'latency'],
  ] as const)('gives up for a reason, whatever closed pieces say: %s', (_what, change, of, verdict, limitedBy) => {
    const calmSoFar = objective(repeat(0, 10), { violations: 3001, serviceViolations: 3001, ...change });
    const answer = judgeHopeless(reading(repeat(0, 10), { objectives: [calmSoFar], ...of }));
    expect(answer?.step).toMatchObject({ verdict, limitedBy });
  });

  it('bears more by service time in a step that is longer', () => {
    const long = objective(repeat(8, 100), { violations: 3001, serviceViolations: 800 });
    expect(judgeHopeless(reading(repeat(8, 100), { objectives: [long] }))?.step?.verdict).toBe('client');
  });

  it.each([
    [
      'service alone would pass',
      { objectives: [objective(over, { service: halves(repeat(0, 10)) })] },
      'client',
      'client',
    ],
    ['too few were offered in time', { offeredInTime: 0.98 }, 'client', 'client'],
    ['the cluster throttled', { throttleMs: 12 }, 'fail', 'throttle'],
    ['nothing else', {}, 'fail', 'latency'],
    [
      'consumers were offered all in time',
      { objectives: [objective(over, { tag: 'e2e', service: halves(repeat(0, 10)) })] },
      'fail',
      'latency',
    ],
  ] as const)('a latency fail where %s', (_what, change, verdict, limitedBy) => {
    expect(judgeStep(reading(over, change)).step).toMatchObject({ verdict, limitedBy });
  });

  it('lets a pass stand however late the client was', () => {
    expect(judgeStep(reading(calm, { offeredInTime: 0.5 })).step?.verdict).toBe('pass');
  });

  it('needs all objectives for a pass and one for a fail', () => {
    const strict = objective(calm, { budget: 0.001 });
    expect(judgeStep(reading(calm, { objectives: [objective(calm), strict] })).step).toMatchObject({ verdict: 'fail' });
    const fine = objective(repeat(0, 10));
    expect(judgeStep(reading(calm, { objectives: [fine, objective(calm)] })).step).toMatchObject({ verdict: 'pass' });
    expect(judgeStep(reading(calm, { objectives: [fine, objective(mixed)] }))).toMatchObject({
      step: null,
      why: 'unsure',
    });
  });

  it('holds the clocks’ error against both: a pass at the objective less ε, a fail at the objective plus ε', () => {
    const between = objective(calm, { tag: 'e2e', passing: halves(over), failing: halves(calm) });
    expect(judgeStep(reading(calm, { objectives: [between] }))).toMatchObject({ step: null, why: 'unsure' });
  });

  it('at 30 s is for the client to answer for where the share by service alone would pass, though no interval says so', () => {
    const service = halves(times([0, 0, 0, 86, 0, 0, 0, 0, 0, 4], 6));
    const marginal = [2, 0, 1, 90, 3, 0, 2, 1, 0, 6];
    const byService = objective(times(marginal, 6), { service });
    expect(judgeStep(reading(times(marginal, 6), { objectives: [byService] })).step).toEqual({
      verdict: 'client',
      limitedBy: 'client',
      marginal: true,
    });
  });

  it('asks for the same time of both, by response and by service', () => {
    // Failed by 5 s; what came after the look is not of it.
    const late = objective([...over, ...repeat(0, 4)], { service: halves([...repeat(0, 10), ...repeat(1000, 4)]) });
    expect(judgeStep(reading([...over, ...repeat(0, 4)], { objectives: [late] })).step?.verdict).toBe('client');
  });

  it('at 30 s passes nothing that clocks are too far apart to tell', () => {
    const between = objective(repeat(1000, 60), {
      tag: 'e2e',
      passing: halves(repeat(1000, 60)),
      failing: halves(repeat(0, 60)),
    });
    const given = (seconds: number) => reading(repeat(1000, seconds * 2), { objectives: [between] });
    expect(judgeStep(given(20)).step).toBeNull();
    expect(judgeStep(given(30)).step).toEqual({ verdict: 'fail', limitedBy: 'latency', marginal: true });
  });

  it.each([
    ['all else holds', calm, {}, 'fail', 'errors'],
    ['all else holds, under a quota', calm, { throttleMs: 1 }, 'fail', 'throttle'],
    ['all else is late, too', over, {}, 'fail', 'latency'],
    ['no more of them than may be', calm, { errorLimit: 0.1 }, 'fail', 'latency'],
  ] as const)('names errors, which are beyond every objective, where %s', (_what, rest, change, verdict, limitedBy) => {
    const withErrors = rest.map((violations) => violations + 50);
    const refused = objective(withErrors, { withoutErrors: halves(rest, 950) });
    const given = reading(withErrors, { objectives: [refused], errorFraction: 0.05, ...change });
    expect(judgeStep(given).step).toMatchObject({ verdict, limitedBy });
  });

  const steepLag = Array.from({ length: 10 }, (_, at) => ({ lagMessages: at * 500, lagMs: at * 100 }));
  const flatLag = Array.from({ length: 10 }, (_, at) => ({ lagMessages: 400 + (at % 3), lagMs: 40 }));

  it.each([
    ['lag that grows', { lag: steepLag }, 'lag'],
    ['lag beyond its own limit', { lag: flatLag, lagLimitMs: 30 }, 'lag'],
    ['lag that stands', { lag: flatLag, lagLimitMs: 50 }, null],
    ['errors', { errorFraction: 0.002 }, 'errors'],
    ['errors allowed', { errorFraction: 0.002, errorLimit: 0.01 }, null],
    ['errors of a quota', { errorFraction: 0.002, throttleMs: 1 }, 'throttle'],
    ['less acknowledged than asked for', { achieved: { fraction: 0.98, atLeast: 0.99 } }, 'latency'],
    ['less offered than asked for', { achieved: { fraction: 0.98, atLeast: 0.99 }, offeredInTime: 0.9 }, 'client'],
  ] as const)('besides latency, %s', (_what, change, limitedBy) => {
    expect(judgeStep(reading(calm, change)).step?.limitedBy ?? null).toBe(limitedBy);
  });

  it('blames consumers that fall behind for what is late at the end', () => {
    const late = [objective(over, { tag: 'e2e' })];
    expect(judgeStep(reading(over, { objectives: late, lag: steepLag })).step).toMatchObject({ limitedBy: 'lag' });
  });

  it('without a latency objective goes by time, and by the client', () => {
    const none = { objectives: [] };
    expect(judgeStep(reading(calm, none)).step).toMatchObject({ verdict: 'pass' });
    expect(judgeStep(reading(calm, { ...none, offeredInTime: 0.5 })).step).toMatchObject({ verdict: 'client' });
    expect(judgeStep(reading(calm.slice(0, 4), none))).toMatchObject({ step: null, why: 'too-early', latency: null });
  });
});
