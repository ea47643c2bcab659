import { describe, expect, it } from 'vitest';
import { parseSlos } from '../../../source/config/slo.ts';
import { SearchAccount, type StepEnd } from '../../../source/session/automation/search-account.ts';
import type { SearchStep } from '../../../source/session/document-schema.ts';
import { latencyPercentiles } from '../../../source/session/latency-percentiles.ts';
import { answered } from '../support/tallies.ts';

interface Told {
  readonly verdict?: SearchStep['verdict'];
  readonly steadiness?: StepEnd['reading']['steadiness'];
  /** Of 1,000 messages. */
  readonly answers?: number;
}

/** The books of a search after steps of these rates and mean responses. */
function searched(slos: string | null, steps: readonly (readonly [rateHz: number, meanMs: number, told?: Told])[]) {
  const account = new SearchAccount(
    {
      number: 1,
      slos: slos === null ? [] : parseSlos(slos),
      fromHz: 1000,
      maxHz: null,
      quick: true,
      maxTimeMs: null,
      warmUpMs: 0,
      mostProducers: 1,
      haste: 1,
    },
    {},
  );
  for (const [index, [targetRate, meanMs, told]] of steps.entries()) {
    const { verdict = 'pass', steadiness = 'steady', answers = 1000 } = told ?? {};
    const tally = answered(answers, meanMs);
    const response = latencyPercentiles(tally.latencies.response, 1000 - answers);
    const row: SearchStep = {
      index,
      targetRate,
      ackedRate: (targetRate * answers) / 1000,
      timeMs: 0,
      durationMs: 5000,
      discardedMs: 1000,
      role: 'ramp',
      response,
      e2e: response,
      overFraction: null,
      overLow: null,
      overHigh: null,
      autocorrelation: null,
      lagSlope: null,
      slipP99Ms: null,
      throttleMs: 0,
      offeredInTime: 1,
      steadyAfterMs: null,
      verdict,
      marginal: false,
      limitedBy: verdict === 'fail' ? 'latency' : null,
    };
    account.add(row, { tally, answeredFraction: answers / 1000, reading: { steadiness } }, false);
  }
  return account;
}

const kneeIn = (account: SearchAccount) => account.row({ timeMs: 0, durationMs: 0 }, null).knee;

// λ/R̄ is highest at 4,000/s; at 16,000/s the cluster was overloaded.
const rising = [
  [1000, 2],
  [2000, 2.2],
  [4000, 3],
  [8000, 12],
] as const;

describe('the knee of a search', () => {
  it('is of passed and failed steps that were steady, or too short to tell', () => {
    const whole = searched('p99<10ms', [
      ...rising.slice(0, 3),
      [8000, 12, { verdict: 'fail', steadiness: 'too-early' }],
    ]);
    expect(kneeIn(whole)).toMatchObject({ beyond: null, range: [1000, 8000] });
    expect(kneeIn(whole)?.rate).toBeGreaterThan(3000);
    expect(kneeIn(whole)?.rate).toBeLessThan(6000);
  });

  it.each([
    ['on the move', { steadiness: 'unsteady' }],
    ['answered in part: those were quick before the broker stood still', { verdict: 'fail', answers: 400 }],
    ['of a client that was too slow', { verdict: 'client' }],
  ] as const)('is not of a step that was %s', (_what, told) => {
    const knee = kneeIn(searched('p99<10ms', [...rising, [16_000, 2, told]]));
    expect(knee).toEqual(kneeIn(searched('p99<10ms', rising)));
    expect(knee).toMatchObject({ beyond: null, range: [1000, 8000] });
  });

  it('is of a step in which a few messages were on their way at its end', () => {
    const knee = kneeIn(searched('p99<10ms', [...rising, [16_000, 40, { verdict: 'fail', answers: 995 }]]));
    expect(knee?.range).toEqual([1000, 16_000]);
  });

  it('is looked for beside the best steady step', () => {
    // Survivors of an overload look as if it were the best rate of all.
    const overloaded = [8000, 1, { verdict: 'fail', answers: 300 }] as const;
    const account = searched(null, [...rising.slice(0, 3), overloaded, [5657, 5]]);
    const move = account.move(0);
    expect(move).toMatchObject({ kind: 'step', role: 'bisect' });
    expect(move.kind === 'step' && move.rateHz).toBeCloseTo(Math.sqrt(2000 * 4000), 6);
  });
});
