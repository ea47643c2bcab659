import { describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../source/config/plan.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { parseCommand, runCommand } from '../../source/session/commands.ts';
import { Operator } from '../../source/session/operator.ts';
import { RunState } from '../../source/session/run-state.ts';
import type { ControlAnswer } from '../../source/session/view.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { second } from './support/book-rig.ts';

/** A load of 10,000/s on a cluster that others may use, by a clock moved by hand. Nobody sends. */
function operating(changes: Partial<Plan> = {}) {
  const plan = { ...defaultPlan, brokers: ['kafka.example:9092'], rate: 10_000, ...changes };
  const run = new RunState({ plan, sources: {}, warnings: [], security: plaintext });
  run.phase = 'measuring';
  let nowNs = second;
  vi.spyOn(run.clock, 'nowNs').mockImplementation(() => nowNs);
  run.timeline.change(nowNs, { rateHz: plan.rate, phase: 'measuring' });
  const operator = new Operator(run, { attended: true, haste: 1 }, () => Promise.reject(new Error('nothing is saved')));
  return {
    run,
    operator,
    pass: (seconds: number): void => {
      const endNs = nowNs + seconds * second;
      while (nowNs < endNs) {
        nowNs = Math.min(endNs, nowNs + second / 8);
        operator.pilot.tick(nowNs);
      }
    },
    now: () => nowNs,
    say: (command: string, confirmed = false): Promise<ControlAnswer> =>
      runCommand(operator, parseCommand(command, { knobs: run.board.views() }), confirmed),
  };
}

describe('beyond what ran clean', () => {
  it('is asked about along with a take-over', async () => {
    const { say, pass } = operating();
    await say('ramp 10k 20k 60s');
    pass(30);
    const question = expect.stringMatching(
      /^take over from ramp 10k:20k:1m\? 15\.\d k\/s → 5\.00 M\/s is × 33\d \(about /,
    );
    expect(await say('rate 5M')).toEqual({ kind: 'confirm', question });
    expect(await say('rate 16k')).toEqual({ kind: 'confirm', question: 'take over from ramp 10k:20k:1m?' });
    expect(await say('linger 1ms')).toEqual({ kind: 'confirm', question: 'take over from ramp 10k:20k:1m?' });
  });

  it.each([
    ['soak 1M 30m', 'the soak goes up to 1.00 M/s; the highest that ran clean is 10.0 k/s'],
    ['ramp 10k 1M 30s', 'the ramp goes up to 1.00 M/s; the highest that ran clean is 10.0 k/s'],
    ['sweep rate=10k,1M', 'the sweep goes up to 1.00 M/s; the highest that ran clean is 10.0 k/s'],
    ['hold p99<10ms', 'raises the rate by 2 % each 5 s for as long as that holds, without a cap'],
  ])(':%s is asked about', async (command, question) => {
    const { say, operator } = operating();
    expect(await say(command)).toEqual({ kind: 'confirm', question });
    expect(operator.pilot.active).toBeNull();
    expect(await say(command, true)).toMatchObject({ kind: 'done' });
    expect(operator.pilot.active).not.toBeNull();
  });

  it.each(['soak 20k 30m', 'hold p99<10ms cap 50k'])(':%s is not', async (command) => {
    expect(await operating().say(command)).toMatchObject({ kind: 'done' });
  });

  it('nothing is asked about where nobody else is', async () => {
    const { say } = operating({ brokers: ['localhost:9092'] });
    expect(await say('soak 1M 30m')).toMatchObject({ kind: 'done' });
    expect(await say('hold p99<10ms')).toMatchObject({ kind: 'done' });
    expect(await say('rate 5M')).toEqual({ kind: 'confirm', question: 'take over from hold p99<10ms?' });
  });
});

describe('a ramp that is stopped while the load is paused', () => {
  it.each(['stop', 'take over'] as const)('by %s leaves the rate at which it stood', async (how) => {
    const { say, pass, run, now, operator } = operating({ brokers: null });
    await say('ramp 10k 20k 60s');
    pass(30);
    operator.pauseLoad();
    pass(5);
    if (how === 'stop')
      expect(operator.stopAutomation()).toMatchObject({ message: expect.stringContaining('stays at 15.') });
    else expect(await say('linger 1ms', true)).toMatchObject({ kind: 'done' });
    const rateHz = run.board.requested('rate');
    expect(rateHz).toBeGreaterThan(14_900);
    expect(rateHz).toBeLessThan(15_100);
    expect(run.timeline.rateAt(now() + second)).toBe(0);
    operator.resumeLoad();
    expect(run.timeline.rateAt(now() + second)).toBe(rateHz);
  });
});
