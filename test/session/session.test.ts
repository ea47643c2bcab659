import { describe, expect, it } from 'vitest';
import type { Plan } from '../../source/config/plan.ts';
import { measuredRates } from '../../source/output/measured.ts';
import { resolveWritten } from '../config/support.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { expectExact, expectGood, expectOnSchedule, expectSound } from './support/expect-exact.ts';
import { defaultService, Stage, sideBySide } from './support/live-run.ts';

describe('a plain run', sideBySide, () => {
  it('accounts for every message, and tells its sinks what its document says', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = stage.run(sandbox, { durationMs: 1500, achievedGate: true });
    const { document, exitCode, knobs } = await run.result;
    expectExact(document);
    expectGood(exitCode);
    expectOnSchedule(document);
    const { scheduled } = document.totals;
    expect(scheduled).toBeGreaterThanOrEqual(3000);
    expect(knobs).toMatchObject({ rate: 2000, producers: 1, consumers: 1 });
    const phases = document.events.filter(({ type }) => type === 'phase').map(({ message }) => message);
    expect(phases).toEqual(['warm-up begins', 'measuring begins', 'draining: waiting for answers and consumers']);
    expect(run.starts).toHaveLength(1);
    expect(run.starts[0]?.run.id).toBe(document.run.id);
    expect(run.rows).toEqual(document.intervals);
    expect(run.summaries).toEqual([document]);
    const warmUp = document.intervals.filter(({ phase }) => phase === 'warm-up');
    expect(warmUp.length).toBeGreaterThan(0);
    expect(document.wholeRun.acked).toBe(scheduled + warmUp.reduce((sum, row) => sum + row.scheduled, 0));
    expect(document.wholeRun.probes).toBe(3);
    for (const tag of ['response', 'service', 'slip', 'e2e'] as const) {
      expect(document.latency[tag].count).toBe(scheduled);
    }
  });

  it('says that it is a sandbox where one that runs alone is named', async (context) => {
    const stage = new Stage(context);
    const run = await stage.measuring(await stage.sandbox());
    expect(run.view().sandbox).toBe(true);
    expect(run.starts[0]?.cluster.sandbox).toBe(true);
    expect((await run.quit()).document.cluster.sandbox).toBe(true);
  });

  it('needs no broker: the embedded one serves, and its topic goes with it', async (context) => {
    const run = new Stage(context).run({ brokers: [] }, { brokers: null, durationMs: 500, warmUpMs: 0 });
    await run.reached('measuring');
    expect(run.view().sandbox).toBe(true);
    const { document, exitCode } = await run.result;
    expectExact(document);
    expectGood(exitCode);
    expect(document.cluster).toMatchObject({ sandbox: true, topics: [{ partitions: 3, created: true }] });
    expectOnSchedule(document);
    expect(document.intervals.every(({ phase }) => phase === 'measuring' || phase === 'draining')).toBe(true);
  });
});

describe('messages', sideBySide, () => {
  it('keep their keys, headers and order where the stamp is a header (preset digital-twin)', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox({ brokers: 2 });
    const { keys, headers } = resolveWritten({ args: ['--preset', 'digital-twin'] }).plan;
    const shape = { keys, headers, stamp: 'header' } as const;
    const run = await stage.measuring(sandbox, { ...shape, rate: 3000, consumers: 2, threads: 2 });
    await run.turn('messageSize', 0);
    await run.more(300);
    await run.turn('producers', 2);
    await run.more(300);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    expect(document.plan.keys.value).toMatchObject({ kind: 'pool', prefix: 'sensor-' });
    expect(document.epochs[2]?.totals.bytesConsumed).toBe(0);
  });

  it('go to several topics on several brokers, and follow a leader that moves', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox({ brokers: 3 });
    const run = await stage.measuring(sandbox, { topics: 3, partitions: 2, producers: 2, threads: 1, rate: 3000 });
    const [first] = run.starts[0]?.cluster.topics ?? [];
    const topic = first?.name ?? '';
    for (const to of [1, 2, 3, 1]) {
      await sandbox.inject({ kind: 'move-leader', topic, partition: 0, to });
      await run.more(300);
    }
    await run.event('leader', `${topic}-0`);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    expect(document.cluster.topics).toHaveLength(3);
    expect(new Set(document.lag.map((row) => row.topic)).size).toBe(3);
  });

  it('may come without anybody to read them, and the other way round', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const cluster = await stage.cluster(sandbox);
    const writer = stage.run(sandbox, {
      topic: 'kept',
      create: true,
      mode: 'produce-only',
      consumers: 0,
      durationMs: 500,
    });
    const written = await writer.result;
    expectSound(written.document);
    expectGood(written.exitCode);
    const { totals, wholeRun } = written.document;
    expect(totals).toMatchObject({ acked: totals.scheduled, consumed: 0, missing: null });
    expect(wholeRun).toMatchObject({ probes: 0, logEndGrowth: wholeRun.acked });
    expect(totals.scheduled).toBeGreaterThanOrEqual(1000);

    const reader = stage.run(sandbox, { topic: 'kept', mode: 'consume-only', producers: 0, consumers: 2, warmUpMs: 0 });
    await reader.until('all is read', (view) => view.totals.foreign === wholeRun.acked);
    const read = await reader.quit();
    expectSound(read.document);
    expect(read.exitCode).toBe(0);
    expect(read.document.totals).toMatchObject({ scheduled: 0, consumed: 0, missing: null, duplicated: 0 });
    expect(read.document.totals).toMatchObject({ foreign: wholeRun.acked, bytesForeign: 100 * wholeRun.acked });
    expect(await cluster.listTopics()).toEqual(['kept']);
  });

  it('that only reads stops once it has read what was asked for, by whatever number of consumers', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const kept = { topic: 'kept', create: true, partitions: 4, durationMs: null, warmUpMs: 0 };
    const write = { ...kept, mode: 'produce-only', consumers: 0, rate: null, messages: 20_000 } as const;
    expectSound((await stage.run(sandbox, write).result).document);

    const read = { ...kept, mode: 'consume-only', producers: 0, consumers: 2, threads: 2 } as const;
    // Small fetches, so that a little more than was asked for is less than all there is.
    const { tuning } = defaultPlan;
    const small = { ...tuning, fetchMaxBytes: 10_000, maxPartitionFetchBytes: 10_000 };
    const reader = stage.run(sandbox, { ...read, messages: 5000, tuning: small });
    const { document, exitCode } = await reader.result;
    expectSound(document);
    expect(exitCode).toBe(0);
    expect(reader.session.endReason).toBe('finished');
    expect(document.totals.foreign).toBeGreaterThanOrEqual(5000);
    expect(document.totals.foreign).toBeLessThan(15_000);
    const tells = document.events.filter(({ read: records }) => records === document.totals.foreign);
    expect(tells).toHaveLength(document.totals.foreign > 5000 ? 1 : 0);
  });

  it('that nobody acknowledges are waited for in the logs before they count as missing', async (context) => {
    const stage = new Stage(context);
    const service = { ...defaultService, capacityMessagesPerSecond: 1500 };
    const sandbox = await stage.sandbox({ service });
    const run = await stage.measuring(sandbox, { acks: 0, rate: 4000 });
    await run.until('a second of load', ({ totals }) => totals.acked > 3000);
    expect(run.totals.consumed).toBeLessThan(2500);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    expect(document.latency.response).toMatchObject({ count: 0, hdr: null });
  });
});

describe('--messages', sideBySide, () => {
  it.for<readonly [string, Partial<Plan>]>([
    ['one producer', {}],
    ['three producers, at random', { producers: 3, threads: 2, arrivals: 'poisson' }],
    ['one producer, unthrottled', { rate: null, messages: 30_000 }],
    ['three producers, unthrottled', { rate: null, producers: 3, threads: 2, messages: 30_000 }],
  ])('measures exactly so many, after the warm-up: %s', async ([, changes], context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const messages = changes.messages ?? 1501;
    const plan = { rate: 2000, achievedGate: true, ...changes, messages };
    const { document, exitCode } = await stage.run(sandbox, plan).result;
    expectExact(document);
    expectGood(exitCode);
    expect(document.totals.scheduled).toBe(messages);
    const { durationMs } = measuredRates(document);
    // The phase is as long as the messages took, whenever that was noticed.
    if (changes.rate === undefined && changes.arrivals === undefined) expect(durationMs).toBeCloseTo(messages / 2, 2);
    const busy = document.intervals.filter(({ scheduled }) => scheduled > 0).map(({ phase }) => phase);
    expect(busy.at(-1)).toBe('measuring');
    expect(document.wholeRun.acked).toBeGreaterThan(messages);
  });
});

describe('--messages of an unthrottled load', sideBySide, () => {
  it("measures the cluster's rate, not how fast the client's buffer fills", async (context) => {
    const stage = new Stage(context);
    const service = { ...defaultService, capacityMessagesPerSecond: 5_000 };
    const sandbox = await stage.sandbox({ service });
    const { document, exitCode } = await stage.run(sandbox, { rate: null, messages: 10_000, warmUpMs: 0 }).result;
    expectExact(document);
    expectGood(exitCode);
    expect(document.totals.scheduled).toBe(10_000);
    // The sandbox serves exactly so many; what was sent first may be there at once.
    expect(measuredRates(document).ackedRate).toBeGreaterThan(4_000);
    expect(measuredRates(document).ackedRate).toBeLessThan(6_500);
  });

  it('holds to the limit where it had a rate before', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { rate: 2_000, messages: 10_000 });
    await run.until('some are sent', ({ totals }) => totals.acked > 500);
    run.control.setKnob('rate', null);
    const { document, exitCode } = await run.result;
    expectExact(document);
    expectGood(exitCode);
    expect(document.totals.scheduled).toBe(10_000);
  });
});

describe('--max-rate', sideBySide, () => {
  it('caps what is asked for, and what is not throttled', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { rate: null, maxRate: 2000 });
    expect(run.view()).toMatchObject({ targetRate: null, maxRate: 2000 });
    await run.until('the cap is reached', ({ ackedRate }) => ackedRate > 1500);
    expect(run.control.setKnob('rate', 1000).kind).toBe('done');
    await run.applied('rate');
    expect(run.control.setKnob('rate', 9000)).toEqual({
      kind: 'done',
      message: 'rate 1.00 k/s → 2.00 k/s (the cap of --max-rate)',
    });
    expect(run.control.setKnob('rate', null)).toEqual({ kind: 'done', message: 'rate 2.00 k/s → max, up to 2.00 k/s' });
    await run.more(500);
    const { document } = await run.quit();
    expectExact(document);
    for (const { targetRate, scheduled, durationMs } of document.intervals) {
      expect(targetRate ?? 0).toBeLessThanOrEqual(2000);
      // What is not throttled may make up for a hundredth of a second.
      expect(scheduled).toBeLessThanOrEqual(Math.ceil(durationMs * 2) + (targetRate === null ? 21 : 1));
    }
  });
});
