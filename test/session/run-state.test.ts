import { describe, expect, it } from 'vitest';
import type { Plan } from '../../source/config/plan.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { producerTags } from '../../source/load/lane-ledger.ts';
import { Figures, totalAt } from '../../source/measure/figures.ts';
import { RunState } from '../../source/session/run-state.ts';
import { recordingThread } from '../measure/support/figures-rig.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { evenly, ms, noGauges, second } from './support/book-rig.ts';

/** A run that measures from 1 s on, at 100/s. */
function measuring(changes: Partial<Plan> = {}) {
  const run = new RunState({ plan: { ...defaultPlan, ...changes }, sources: {}, warnings: [], security: plaintext });
  run.timeline.change(second, { rateHz: 100, phase: 'measuring' });
  const { shared, recorder } = recordingThread(run.timeline.buffer, producerTags);
  run.book.addThread(0, shared);
  run.happenings.addThread(0, shared);
  return {
    run,
    totals: new Figures(shared).totals,
    look: (nowNs: number): void => {
      run.book.refresh();
      run.happenings.sample(nowNs, noGauges);
      run.rows.update(nowNs);
    },
    send: (timesNs: readonly number[], isAnswered: boolean): void => {
      for (const timeNs of timesNs) {
        recorder.count('scheduled', timeNs, 1);
        if (!isAnswered) continue;
        recorder.count('acked', timeNs, 1);
        recorder.record(0, timeNs, ms);
      }
    },
  };
}

describe('messages that may still hold', () => {
  it('are those of intervals that ended less than the limit ago', () => {
    const { run, look, send } = measuring();
    send(evenly(second, 10), false);
    send(evenly(2 * second, 20), false);
    send(evenly(3 * second, 40), false);
    look(3.5 * second);
    const young = (limitMs: number) => run.unansweredYoungerThan(limitMs, 'response', 3.5 * second);
    expect([young(100), young(500), young(501), young(1_501)]).toEqual([40, 40, 60, 70]);
    // A document has a row of the second that is not over: its messages count once.
    run.rows.close(3.5 * second);
    expect(young(100)).toBe(40);
    run.endedAtMs = 1;
    expect(young(1_501)).toBe(0);
  });
});

describe('what was achieved', () => {
  it('is what was acknowledged of what was asked for', () => {
    const { run, look, send } = measuring();
    send(evenly(second, 95), true);
    look(2 * second);
    expect(run.achieved(2 * second)).toBeCloseTo(0.95, 9);
    expect(run.achieved(1.005 * second)).toBeNull();
  });

  it('knows nothing before measuring, nor where the load is unthrottled', () => {
    const idle = new RunState({ plan: defaultPlan, sources: {}, warnings: [], security: plaintext });
    expect(idle.achieved(second)).toBeNull();
    const { run } = measuring();
    run.timeline.change(2 * second, { rateHz: null });
    expect(run.achieved(3 * second)).toBeNull();
  });

  it('leaves out a backlog that is answered after the end, and not a few messages on their way', () => {
    for (const [late, expected] of [
      [40, 0.6],
      [8, 1],
    ] as const) {
      const { run, totals, look, send } = measuring();
      totals[totalAt.acked] = 100 - late;
      look(2 * second);
      run.timeline.change(2 * second, { rateHz: 0, phase: 'draining' });
      totals[totalAt.acked] = 100;
      send(evenly(second, 100), true);
      look(3 * second);
      expect(run.achieved(3 * second)).toBeCloseTo(expected, 9);
    }
  });

  it('is not more for a backlog of the warm-up, nor hidden by one', () => {
    for (const [before, during, expected] of [
      [40, 140, 1],
      [40, 100, 1],
      [0, 60, 0.6],
    ] as const) {
      const { run, totals, look, send } = measuring();
      look(second);
      totals[totalAt.acked] = during;
      look(2 * second);
      run.timeline.change(2 * second, { rateHz: 0, phase: 'draining' });
      totals[totalAt.acked] = 100 + before;
      send(evenly(second, 100), true);
      look(3 * second);
      expect(run.achieved(3 * second)).toBeCloseTo(expected, 9);
    }
  });

  it('does not blame the cluster for the chance in Poisson arrivals', () => {
    const { run, look, send } = measuring({ arrivals: 'poisson' });
    send(evenly(second, 85), true);
    look(2 * second);
    expect(run.achieved(2 * second)).toBe(1);
    send(evenly(second, 15), false);
    look(2 * second);
    expect(run.achieved(2 * second)).toBeCloseTo(0.85, 9);
  });
});
