import { describe, expect, it } from 'vitest';
import { pipelineReading } from '../../source/session/pipeline-reading.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { bookRig, noGauges, second } from './support/book-rig.ts';

const plan = { ...defaultPlan, topic: 'in', consumeTopic: 'out' };
const job = {
  group: 'job',
  lagMessages: 70,
  lagMs: null,
  uncommittedPartitions: 0,
  commitAgeMs: 800,
  commitAgeAtLeast: false,
  isFresh: true,
};

/** 1,000 messages a second go in and 900 come out, of which 5 are there to be read; all are answered in 2 ms. */
function rig(seconds: number) {
  const { timeline, happenings, producer, consumer, add } = bookRig();
  timeline.change(second, { rateHz: 1_000, phase: 'measuring' });
  for (let at = 1; at <= seconds; at++) {
    add(producer, 'acked', 1_000);
    add(producer, 'responses', 1_000);
    add(producer, 'serviceNs', 2e9);
    add(consumer, 'consumed', 900);
    const watched = [{ ...job, group: 'silent', lagMessages: null }, job];
    happenings.sample(at * second, { ...noGauges, lagMessages: 5, watched });
  }
  return { happenings, timeline, plan, board: { number: () => 1 }, nowNs: seconds * second };
}

describe('what tells of a pipeline', () => {
  it('is what is inside and how long the input takes, by the second', () => {
    const { nowNs, ...run } = rig(6);
    const reading = pipelineReading(run, nowNs);
    expect(reading?.samples).toEqual([295, 395, 495, 595].map((inPipeline) => ({ inPipeline, serviceMs: 2 })));
    expect(reading?.ackedRate).toBe(1_000);
    expect(reading?.watched).toEqual({ group: 'job', lagMessages: 70, commitAgeMs: 800 });
  });

  it('is of the last twenty seconds, and of none before the last change', () => {
    const { nowNs, ...run } = rig(40);
    expect(pipelineReading(run, nowNs)?.samples).toHaveLength(20);
    run.timeline.change(35 * second, { rateHz: 2_000 });
    expect(pipelineReading(run, nowNs)?.samples).toHaveLength(4);
  });

  it('is of the time since lag was not known', () => {
    const { nowNs, ...run } = rig(20);
    run.happenings.sample(nowNs + second, noGauges);
    for (const at of [2, 3, 4]) run.happenings.sample(nowNs + at * second, { ...noGauges, lagMessages: 5 });
    expect(pipelineReading(run, nowNs + 4 * second)?.samples).toHaveLength(3);
    run.happenings.sample(nowNs + 5 * second, noGauges);
    expect(pipelineReading(run, nowNs + 5 * second)?.samples).toEqual([]);
  });

  it('is nothing without one, or where nobody can tell what is inside', () => {
    const { nowNs, ...run } = rig(20);
    expect(pipelineReading({ ...run, plan: { ...plan, consumeTopic: null } }, nowNs)).toBeNull();
    expect(pipelineReading({ ...run, plan: { ...plan, missingGate: false } }, nowNs)).toBeNull();
    expect(pipelineReading({ ...run, board: { number: () => 0 } }, nowNs)).toBeNull();
  });
});
