import { describe, expect, it } from 'vitest';
import { parseRateSchedule } from '../../../source/config/rate-schedule.ts';
import { plaintext } from '../../../source/config/security/material.ts';
import { Ramp } from '../../../source/session/automation/ramp.ts';
import type { Wheel } from '../../../source/session/automation/wheel.ts';
import { RunState } from '../../../source/session/run-state.ts';
import { defaultPlan } from '../../support/default-plan.ts';
import { ms, second } from '../support/book-rig.ts';

/** Carries a schedule out, looked at eight times a second. Answers each leg's start and first rate, and when it was over. */
function carriedOut(text: string, mostSeconds: number) {
  const run = new RunState({ plan: defaultPlan, sources: {}, warnings: [], security: plaintext });
  let nowNs = second;
  const told: { readonly atMs: number; readonly rateHz: number }[] = [];
  const wheel: Wheel = {
    rate: (rateHz, { atNs }) => {
      const startNs = Math.max(run.timeline.moment(nowNs), Math.ceil(atNs ?? 0));
      run.timeline.change(startNs, { rateHz });
      told.push({ atMs: startNs / ms, rateHz: Math.round(rateHz ?? 0) });
      return startNs;
    },
    knob: async () => undefined,
  };
  const ramp = new Ramp(run, wheel, parseRateSchedule(text));
  while (!ramp.over && nowNs < (1 + mostSeconds) * second) {
    ramp.tick(nowNs);
    nowNs += 125 * ms;
  }
  const fromMs = told[0]?.atMs ?? 0;
  return {
    legs: told.map(({ atMs, rateHz }) => [Math.round(atMs - fromMs), rateHz]),
    tookMs: ramp.over ? nowNs / ms - fromMs : null,
  };
}

describe('legs shorter than a tick', () => {
  it('have their length each, and the ramp its own', () => {
    const { legs, tookMs } = carriedOut('ramp 10k 200k 10s step 50ms', 20);
    expect(legs).toHaveLength(200);
    expect(legs.map(([atMs]) => atMs)).toEqual(legs.map((_, leg) => leg * 50));
    expect(legs.at(-1)).toEqual([9_950, 200_000]);
    expect(tookMs).toBeGreaterThan(9_999);
    expect(tookMs).toBeLessThan(10_400);
  });

  it('come in between longer ones', () => {
    expect(carriedOut('bursts 10k 100k 50ms 1s for 2500ms', 5).legs).toEqual([
      [0, 10_000],
      [950, 100_000],
      [1_000, 10_000],
      [1_950, 100_000],
      [2_000, 10_000],
    ]);
  });
});
