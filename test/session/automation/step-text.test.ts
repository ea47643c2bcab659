import { describe, expect, it } from 'vitest';
import type { StepVerdict } from '../../../source/analysis/step-verdict.ts';
import { figureOf } from '../../../source/session/automation/search-words.ts';
import { doneText, nowText, timeText } from '../../../source/session/automation/step-text.ts';
import { fakeStep } from '../../ui/fake-search.ts';
import { tallyOf } from '../support/tallies.ts';

describe('a length of time', () => {
  it.each([
    [-1, '0:00'],
    [9_400, '0:09'],
    [70_000, '1:10'],
    [3_599_000, '59:59'],
    [3_600_000, '1:00:00'],
    [28_805_000, '8:00:05'],
    [960_000_000, '266:40:00'],
  ])('of %d ms: %s', (ms, text) => {
    expect(timeText(ms)).toBe(text);
  });
});

describe('a step under way', () => {
  const tally = tallyOf(
    { scheduled: 100, sent: 100, acked: 100, consumed: 100 },
    { response: [[4, 100]], e2e: [[61, 100]] },
  );
  const step = { role: 'bisect', rateHz: 61_300, startNs: 0, confirmMs: 60_000 } as const;
  const latency = { verdict: 'unsure', overFraction: 0.021, overLow: 0, overHigh: 1, autocorrelation: 0 } as const;
  const text = (slo: string, why: StepVerdict['why'], changes: { role?: 'confirm'; confirmMs?: number } = {}) =>
    nowText(
      {
        step: { ...step, ...changes },
        picture: { tally },
        verdict: { step: null, why, latency },
        figure: figureOf({ slo }),
      },
      14e9,
    );

  it('has the figure that its table and its curve have', () => {
    expect(text('p99<10ms', 'too-early')).toMatch(/^now 61\.3 k\/s: 14 s, p99 4\.00 ms, 2\.10 % over$/);
    expect(text('e2e.p99.9<50ms', 'too-early')).toMatch(/^now 61\.3 k\/s: 14 s, e2e p99\.9 61\.0 ms, 2\.10 % over$/);
  });

  it('says how long it may go on', () => {
    expect(text('p99<10ms', 'unsure')).toMatch(/ {3}extending up to 30 s$/);
    expect(text('p99<10ms', 'unsure', { role: 'confirm' })).toMatch(/ {3}extending up to 60 s$/);
    expect(text('p99<10ms', 'unsure', { role: 'confirm', confirmMs: 30_000 })).toMatch(/ {3}extending up to 30 s$/);
  });
});

describe('a step that is over', () => {
  it.each([
    ['p99<10ms', fakeStep(45_300, 7.5), '45.3 k/s pass, p99 7.50 ms'],
    ['p99<10ms', fakeStep(64_000, 1234, { verdict: 'fail', limitedBy: 'lag' }), '64.0 k/s fail (lag), p99 1,234 ms'],
    ['p50<2s', fakeStep(64_000, 65_432, { marginal: true }), '64.0 k/s pass, marginal, p50 16.4 s'],
    ['e2e.p99<50ms', { ...fakeStep(1000, 4), e2e: fakeStep(1000, 61.3).e2e }, '1.00 k/s pass, e2e p99 61.3 ms'],
    ['p99<10ms', fakeStep(64_000, null, { verdict: 'client', limitedBy: 'client' }), '64.0 k/s client (client)'],
  ])('under %s', (slo, step, text) => {
    expect(doneText(step, figureOf({ slo }))).toBe(text);
  });
});
