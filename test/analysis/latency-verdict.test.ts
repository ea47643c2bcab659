import { describe, expect, it } from 'vitest';
import { isClientsFault, offeredToleranceMs } from '../../source/analysis/client-verdict.ts';
import { judgeLag } from '../../source/analysis/lag-verdict.ts';
import { judgeLatency, meanInterval } from '../../source/analysis/latency-verdict.ts';
import { t975 } from '../../source/analysis/t-quantile.ts';

const perThousand = (violations: readonly number[]) =>
  violations.map((count) => ({ messages: 1000, violations: count }));

describe('a latency verdict', () => {
  it.each([
    ['pass', [4, 6, 5, 7, 3, 5, 6, 4, 5, 5], 0.00417, 0.00583],
    ['fail', [12, 15, 9, 14, 13, 16, 11, 12, 15, 13], 0.01149, 0.01451],
    ['unsure', [2, 0, 1, 60, 3, 0, 2, 1, 0, 1], -0.0063, 0.0203],
  ] as const)('%s: %j', (verdict, violations, low, high) => {
    const judged = judgeLatency(perThousand(violations), 0.01);
    expect(judged.verdict).toBe(verdict);
    expect(judged.overLow).toBeCloseTo(low, 4);
    expect(judged.overHigh).toBeCloseTo(high, 4);
  });

  it('needs ten messages for each that the budget allows', () => {
    const flawless = Array.from({ length: 10 }, () => ({ messages: 100, violations: 0 }));
    expect(judgeLatency(flawless, 0.01).verdict).toBe('pass');
    expect(judgeLatency(flawless, 0.001).verdict).toBe('unsure');
    expect(judgeLatency(flawless.slice(1), 0.01).verdict).toBe('unsure');
  });

  it('passes at the budget itself, and fails above it alone', () => {
    const constant = Array.from({ length: 10 }, () => ({ messages: 1000, violations: 10 }));
    expect(judgeLatency(constant, 0.01).verdict).toBe('pass');
    expect(judgeLatency(constant, 0.0099).verdict).toBe('fail');
  });

  it('leaves out seconds in which nothing was due, and says nothing of a single one', () => {
    const seconds = [{ messages: 0, violations: 0 }, ...perThousand([4, 6, 5, 7, 3, 5, 6, 4, 5, 5])];
    expect(judgeLatency(seconds, 0.01).overLow).toBeCloseTo(0.00417, 5);
    expect(judgeLatency(perThousand([0]), 0.01)).toMatchObject({ verdict: 'unsure', overLow: Number.NaN });
  });

  it('tells when seconds hang together', () => {
    expect(judgeLatency(perThousand([1, 1, 1, 1, 9, 9, 9, 9]), 0.01).autocorrelation).toBeGreaterThan(0.3);
  });
});

describe('t(.975)', () => {
  it.each([
    [1, 12.706],
    [9, 2.262],
    [29, 2.045],
    [30, 2.042],
    [31, 2.0395],
    [59, 2.001],
    [1000, 1.9623],
  ])('with %s degrees of freedom is %s', (df, t) => {
    expect(t975(df)).toBeCloseTo(t, 3);
  });

  it('falls from each number of degrees to the next', () => {
    for (let df = 1; df < 100; df++) expect(t975(df + 1)).toBeLessThan(t975(df));
  });

  it('gives a mean its interval', () => {
    const { mean, low, high } = meanInterval([1, 2, 3]);
    expect(mean).toBe(2);
    expect(high - mean).toBeCloseTo(2.4841, 3);
    expect(mean - low).toBeCloseTo(2.4841, 3);
  });
});

describe('a lag verdict', () => {
  const rising = [500, 1000, 950, 1500, 1650, 2250, 2100, 2650, 3050, 3100, 3500, 3920];
  const samples = (values: readonly number[], lagMs: number | null) =>
    values.map((lagMessages) => ({ lagMessages, lagMs }));

  it('fails lag that grows, is no noise and is old', () => {
    expect(judgeLag(samples(rising, 300), 10_000)).toMatchObject({ verdict: 'fail', slopeRate: 602.5 });
  });

  it('passes growth that is slow for the rate, young, or a spike', () => {
    expect(judgeLag(samples(rising, 300), 602.5 / 0.005).verdict).toBe('pass');
    expect(judgeLag(samples(rising, 100), 10_000).verdict).toBe('pass');
    expect(judgeLag(samples(rising, null), 10_000).verdict).toBe('pass');
    const spike = [1200, 900, 1500, 1100, 1300, 50000, 1400, 1150, 1250, 1050, 1350, 950];
    expect(judgeLag(samples(spike, 5000), 10_000).verdict).toBe('pass');
  });

  it('judges age by the median of the last three', () => {
    const ages = rising.map((lagMessages, i) => ({ lagMessages, lagMs: i >= 10 ? 200 : 50 }));
    expect(judgeLag(ages, 10_000).verdict).toBe('fail');
    expect(judgeLag(ages.slice(0, 11), 10_000).verdict).toBe('pass');
  });
});

describe('the client verdict', () => {
  it.each([
    ['a pass stands', { response: 'pass', service: 'pass', offeredInTime: 0.5 }, false],
    ['unsure is nobody’s', { response: 'unsure', service: 'pass', offeredInTime: 0.5 }, false],
    ['service alone would have passed', { response: 'fail', service: 'pass', offeredInTime: 1 }, true],
    ['too many were late', { response: 'fail', service: 'fail', offeredInTime: 0.9899 }, true],
    ['the cluster’s', { response: 'fail', service: 'fail', offeredInTime: 0.99 }, false],
    ['nothing was due', { response: 'fail', service: 'unsure', offeredInTime: null }, false],
  ] as const)('%s', (_name, input, fault) => {
    expect(isClientsFault(input)).toBe(fault);
  });

  it('allows a tenth of the objective, at least 5 ms', () => {
    expect([null, 10, 50, 51, 200].map(offeredToleranceMs)).toEqual([5, 5, 5, 5.1, 20]);
  });
});
