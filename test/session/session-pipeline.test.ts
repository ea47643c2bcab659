import { describe, expect, it, type TestContext } from 'vitest';
import type { Plan } from '../../source/config/plan.ts';
import type { SessionDocument } from '../../source/session/document-schema.ts';
import { expectGood } from './support/expect-exact.ts';
import { brokersOf, type LiveRun, patienceMs, Stage, sideBySide } from './support/live-run.ts';
import { Processor, type ProcessorOptions } from './support/processor.ts';

const endless = Number.POSITIVE_INFINITY;
const group = 'copier';
const through: Partial<Plan> = { topic: 'in', consumeTopic: 'out', watchGroups: [group], producers: 2, consumers: 2 };

/** A sandbox with the topics `in` (3 partitions) and `out` (2), and somebody's job from one to the other. */
async function pipeline(context: TestContext, options: Partial<ProcessorOptions> = {}) {
  const stage = new Stage(context);
  const sandbox = await stage.sandbox();
  const cluster = await stage.cluster(sandbox);
  await cluster.createTopics([
    { name: 'in', partitions: 3, replicationFactor: 1, config: {} },
    { name: 'out', partitions: 2, replicationFactor: 1, config: {} },
  ]);
  const job = { brokers: brokersOf(sandbox), from: 'in', to: 'out', group, perSecond: endless };
  const processor = new Processor({ ...job, partition: (at) => at % 2, ...options });
  context.onTestFinished(() => processor.stop());
  await processor.start();
  return { stage, sandbox, processor };
}

function watchedOf(run: LiveRun) {
  const [watched] = run.view().lag.watched ?? [];
  return watched;
}

/** Commits now and then, as most jobs do, until the run is over. */
function commitAlong(context: TestContext, processor: Processor): void {
  const timer = setInterval(() => processor.commit().catch(() => undefined), 200);
  context.onTestFinished(() => clearInterval(timer));
}

function expectAllCame({ totals, latency }: SessionDocument): void {
  expect(totals.scheduled).toBeGreaterThan(0);
  expect(totals).toMatchObject({ acked: totals.scheduled, consumed: totals.scheduled, failed: 0, unknown: 0 });
  expect(totals).toMatchObject({ missing: 0, unread: 0, duplicated: 0, reordered: 0, foreign: 0 });
  expect(latency.e2e.count).toBe(totals.scheduled);
}

describe('a run through a pipeline', sideBySide, () => {
  it('accounts for every message, in whatever partition it comes out', async (context) => {
    const { stage, sandbox, processor } = await pipeline(context);
    const run = await stage.measuring(sandbox, { ...through, threads: 2 });
    await run.event('info', 'consumers read: 3 probe messages came through');
    await run.until('the group is looked at', () => watchedOf(run)?.isFresh === true);
    // Nothing is committed yet: nobody can tell, and it is no 0.
    expect(watchedOf(run)).toMatchObject({ group, lagMessages: null, lagMs: null, commitAgeMs: null });
    expect(run.view().totals.missing).toBeNull();
    await run.more(500);
    await processor.commit();
    await run.until('the commit is seen', () => watchedOf(run)?.lagMessages !== null);
    // It grows older, and the log grows past it, until the next one.
    await run.until('the commit ages', () => {
      const { commitAgeMs = null, lagMessages = null } = watchedOf(run) ?? {};
      return (commitAgeMs ?? 0) > 1_000 && (lagMessages ?? 0) > 1_000;
    });
    expect(watchedOf(run)?.commitAgeAtLeast).toBe(false);
    await run.turn('consumers', 1);
    await run.more(500);
    await run.turn('consumers', 2);
    await run.more(500);
    const { document, exitCode } = await run.quit();
    expectAllCame(document);
    expectGood(exitCode);
    expect(document.cluster.topics.map(({ name }) => name)).toEqual(['in', 'out']);
    const { acked, probes, logEndGrowth } = document.wholeRun;
    expect(logEndGrowth).toBe(acked + probes);
    const watchedRows = document.lag.filter((row) => row.group === group);
    expect(new Set(watchedRows.map(({ topic }) => topic))).toEqual(new Set(['in']));
    expect(new Set(document.lag.filter((row) => row.group !== group).map(({ topic }) => topic))).toEqual(
      new Set(['out']),
    );
    const known = document.intervals.filter(({ watched }) => typeof watched?.[0]?.lagMessages === 'number');
    const unknown = document.intervals.filter(({ watched }) => watched?.[0]?.lagMessages === null);
    expect(known.length).toBeGreaterThan(0);
    expect(unknown.length).toBeGreaterThan(0);
  });

  it('is bound by a processor that is too slow, while service stays flat, and waits for what is inside', async (context) => {
    const { stage, sandbox, processor } = await pipeline(context, { perSecond: 300 });
    commitAlong(context, processor);
    const run = await stage.measuring(sandbox, { ...through, stamp: 'header', messageSizeBytes: 20, rate: 1000 });
    await run.event('hint', 'pipeline-bound');
    const hint = run.view().hints?.find(({ name }) => name === 'pipeline-bound');
    expect(hint?.evidence).toMatch(
      /^[\d,]+ messages in the pipeline, [\d,]+\/s more, while service stays at .* ms; group copier is [\d,]+ behind \(committed \d+\.\d s ago\)$/,
    );
    expect(hint?.suggestion).toMatchObject({ knob: 'rate', from: 1_000 });
    expect(hint?.suggestion?.to).toBeLessThan(900);
    const { inPipeline = 0, latency, lag } = run.view();
    expect(inPipeline).toBeGreaterThan(3_000);
    // What is inside is old, though the cluster acknowledged it at once, and the job's own group tells as much.
    expect(latency.e2e.p99.valueMs).toBeGreaterThan(1_000);
    expect(lag.watched?.[0]?.lagMessages).toBeGreaterThan(1_000);
    run.control.stop('quit');
    await run.reached('draining');
    processor.setPace(endless);
    const { document, exitCode } = await run.result;
    expectAllCame(document);
    expectGood(exitCode);
  });

  it('finds what the processor drops and repeats', async (context) => {
    const { stage, sandbox, processor } = await pipeline(context, {
      copies: (at) => (at % 10 === 3 ? 0 : at % 10 === 7 ? 2 : 1),
    });
    commitAlong(context, processor);
    const run = await stage.measuring(sandbox, through);
    await run.more(1_000);
    const { document, exitCode } = await run.quit();
    const { totals, run: ended } = document;
    expect(totals.acked).toBe(totals.scheduled);
    expect(totals.missing).toBeGreaterThan(50);
    expect(totals.duplicated).toBeGreaterThan(50);
    expect(totals.consumed - totals.duplicated + (totals.missing ?? 0)).toBe(totals.acked);
    expect(totals).toMatchObject({ reordered: 0, unread: 0 });
    expect(exitCode).toBe(5);
    const reasons = ended.verdict.reasons.join();
    expect(reasons).toMatch(/messages missing: acknowledged and never came out of the pipeline/);
    expect(reasons).toMatch(/messages duplicated by the pipeline: producers are idempotent/);
    await run.event('accounting', 'were dropped there');
  });

  it('takes a processor that filters at its word', async (context) => {
    const { stage, sandbox, processor } = await pipeline(context, {
      copies: (at) => at % 2,
    });
    commitAlong(context, processor);
    const run = await stage.measuring(sandbox, { ...through, missingGate: false });
    await run.more(1_000);
    expect(run.view().inPipeline).toBeNull();
    const { document, exitCode } = await run.quit();
    const { totals, latency } = document;
    expect(totals.missing).toBeGreaterThan(500);
    expectGood(exitCode);
    // Of what came out: what was filtered took no time.
    expect(latency.e2e.count).toBe(totals.consumed);
    expect(latency.e2e.p99Ms).not.toBeNull();
    expect(latency.e2e.p99Ms).toBeLessThanOrEqual(latency.e2e.maxMs ?? 0);
  });

  it('says so where nothing of it comes through, and why, and goes on', async (context) => {
    const { stage, sandbox, processor } = await pipeline(context, { map: () => 'something else' });
    commitAlong(context, processor);
    const run = await stage.run(sandbox, through);
    await run.event(
      'warning',
      "3 records came out that carry no stamp of this run: does the job keep the value's first 32",
    );
    await run.until('records without a stamp', ({ totals }) => totals.foreign > 500, patienceMs);
    const { document, exitCode } = await run.quit();
    expect(document.totals).toMatchObject({ missing: document.totals.acked, consumed: 0 });
    expect(exitCode).toBe(5);
  });
});

describe('a topic behind a pipeline', sideBySide, () => {
  it('must be there, or is made with the other where that is asked for', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const cluster = await stage.cluster(sandbox);
    await cluster.createTopics([{ name: 'in', partitions: 1, replicationFactor: 1, config: {} }]);
    await expect(stage.run(sandbox, { topic: 'in', consumeTopic: 'ou' }).result).rejects.toMatchObject({
      code: 'TOPIC_MISSING',
      message: 'There is no topic ou',
    });
    const made = stage.run(sandbox, { topic: 'in', consumeTopic: 'out', create: true, durationMs: 100 });
    await made.until('topics are known', () => made.starts.length > 0);
    const topics = made.starts[0]?.cluster.topics ?? [];
    expect(topics.map(({ name, partitions, created }) => [name, partitions, created])).toEqual([
      ['in', 1, false],
      ['out', 3, true],
    ]);
    made.control.stop('quit');
    await made.result.catch(() => undefined);
    expect(await cluster.listTopics()).toEqual(['in', 'out']);
  });
});
