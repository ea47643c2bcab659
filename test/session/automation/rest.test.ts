import { describe, expect, it } from 'vitest';
import type { WatchedLag } from '../../../source/cluster/watched-groups.ts';
import type { Plan } from '../../../source/config/plan.ts';
import { plaintext } from '../../../source/config/security/material.ts';
import { consumerTags } from '../../../source/load/consumer-accounting.ts';
import { producerTags } from '../../../source/load/lane-ledger.ts';
import { type TotalField, totalAt } from '../../../source/measure/figures.ts';
import { hasCaughtUp } from '../../../source/session/automation/rest.ts';
import { RunState } from '../../../source/session/run-state.ts';
import { recordingThread } from '../../measure/support/figures-rig.ts';
import { defaultPlan } from '../../support/default-plan.ts';
import { ms, noGauges, second } from '../support/book-rig.ts';

const rest = { rateHz: 1000, youngNs: 200 * ms, throughNs: 200 * ms };

/** A run that rests at 1,000/s since its third second; all of 20,000 messages are acknowledged, so many were read. */
function resting(changes: Partial<Plan>, consumed: number) {
  const run = new RunState({ plan: { ...defaultPlan, ...changes }, sources: {}, warnings: [], security: plaintext });
  run.timeline.change(second, { rateHz: 8000, phase: 'measuring' });
  run.timeline.change(3 * second, { rateHz: 1000 });
  const producer = recordingThread(run.timeline.buffer, producerTags);
  const consumer = recordingThread(run.timeline.buffer, consumerTags);
  for (const [number, { shared }] of [producer, consumer].entries()) {
    run.book.addThread(number, shared);
    run.happenings.addThread(number, shared);
  }
  const set = (thread: typeof producer, field: TotalField, value: number): void => {
    thread.figures.totals[totalAt[field]] = value;
  };
  set(producer, 'acked', 20_000);
  set(consumer, 'consumed', consumed);
  return {
    set: (field: TotalField, value: number) => set(field === 'inFlight' ? producer : consumer, field, value),
    readOne: (dueNs: number) => consumer.recorder.count('consumed', dueNs, 1),
    caughtUp: (lagMs: number | null = 0, watched?: readonly Partial<WatchedLag>[]): boolean => {
      const nowNs = 5.1 * second;
      run.book.refresh();
      const groups = watched?.map((group) => ({ ...watchedGroup, ...group }));
      const lagMessages = lagMs === null ? null : lagMs;
      run.happenings.sample(nowNs, { ...noGauges, lagMs, lagMessages, ...(groups && { watched: groups }) });
      run.rows.update(nowNs);
      return hasCaughtUp(run, rest, nowNs);
    },
  };
}

const watchedGroup: WatchedLag = {
  group: 'job',
  lagMessages: 0,
  lagMs: 0,
  uncommittedPartitions: 0,
  commitAgeMs: 100,
  commitAgeAtLeast: false,
  isFresh: true,
};

describe('a rest is over', () => {
  it('once few messages are on their way and consumers have caught up', () => {
    const run = resting({}, 0);
    expect(run.caughtUp()).toBe(true);
    expect(run.caughtUp(null)).toBe(true);
    expect(run.caughtUp(100)).toBe(false);
    run.set('inFlight', 500);
    expect(run.caughtUp()).toBe(false);
  });

  it('once few are inside a pipeline, whatever lag there is on its output', () => {
    const through = { consumeTopic: 'out' };
    expect(resting(through, 2_000).caughtUp()).toBe(false);
    expect(resting(through, 19_500).caughtUp()).toBe(false);
    expect(resting(through, 19_700).caughtUp()).toBe(true);
  });
});

describe('behind a pipeline that drops messages a rest is over', () => {
  const filtering = { consumeTopic: 'out', missingGate: false };

  it('once a young message has come out', () => {
    const run = resting(filtering, 2_000);
    run.readOne(2.5 * second);
    expect(run.caughtUp()).toBe(false);
    run.readOne(4.95 * second);
    expect(run.caughtUp()).toBe(true);
  });

  it('once the groups that read its input have committed to its end', () => {
    const run = resting(filtering, 2_000);
    expect(run.caughtUp(0, [{}, { lagMessages: 18_000 }])).toBe(false);
    expect(run.caughtUp(0, [{}, { lagMessages: null }])).toBe(false);
    expect(run.caughtUp(0, [{}, { lagMessages: 400, commitAgeMs: 0 }])).toBe(true);
  });

  it('however seldom they commit', () => {
    const run = resting(filtering, 2_000);
    expect(run.caughtUp(0, [{ lagMessages: 5_300, commitAgeMs: 5_000 }])).toBe(true);
    expect(run.caughtUp(0, [{ lagMessages: 8_000, commitAgeMs: 5_000 }])).toBe(false);
  });

  it('at once where nobody could tell', () => {
    const run = resting({ ...filtering, mode: 'produce-only' }, 0);
    expect(run.caughtUp(null)).toBe(true);
    expect(run.caughtUp(null, [{ lagMessages: null, commitAgeMs: null }])).toBe(true);
    expect(run.caughtUp(null, [{ lagMessages: 9_000 }])).toBe(false);
  });
});
