import { describe, expect, it } from 'vitest';
import type { Plan } from '../../source/config/plan.ts';
import { parseSlos } from '../../source/config/slo.ts';
import type { Fault, Sandbox } from '../../source/sandbox/types.ts';
import type { SessionDocument } from '../../source/session/document-schema.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { waitUntil } from '../support/wait-until.ts';
import { expectExact, expectGood, expectSound } from './support/expect-exact.ts';
import { type LiveRun, patienceMs, Stage, sideBySide } from './support/live-run.ts';

/** One message a batch, one partition: a fault that strikes n batches strikes n messages. */
const single: Partial<Plan> = { rate: 200, batchSizeBytes: 1, lingerMs: 0, partitions: 1 };

/** Injects a fault, waits until it has struck as often as it should, and lets more messages follow. */
async function strike(run: LiveRun, sandbox: Sandbox, fault: Fault & { readonly count: number }): Promise<void> {
  const struck = async () => (await sandbox.stats()).faultsApplied[fault.kind] ?? 0;
  const before = await struck();
  await sandbox.inject(fault);
  await waitUntil(`${fault.kind} strikes`, async () => ((await struck()) >= before + fault.count ? true : undefined), {
    timeoutMs: patienceMs,
    everyMs: 10,
    describe: () => run.story(),
  });
  await run.more(20);
}

function eventsOf(document: SessionDocument, type: string) {
  return document.events.filter((event) => event.type === type);
}

describe('what retention removes before it is read', sideBySide, () => {
  it('is expired, and not missing: what is lost beside it still is', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox({ retentionBytesPerPartition: 256 * 1024 });
    // The log keeps some 130 messages.
    const run = await stage.measuring(sandbox, { ...single, rate: 500, messageSizeBytes: 2_000 });
    expect(run.control.pauseConsumers().kind).toBe('done');
    const before = run.totals.acked;
    await run.until('more is written than is kept', ({ totals }) => totals.acked > before + 400);
    expect(run.control.resumeConsumers().kind).toBe('done');
    await run.until('the rest is read', ({ totals }) => totals.expired > 0 && totals.consumed > before);
    await strike(run, sandbox, { kind: 'drop', count: 2 });
    const { document, exitCode } = await run.quit();
    expectSound(document);
    const { acked, consumed, expired } = document.totals;
    expect(expired).toBeGreaterThan(100);
    expect(document.totals).toMatchObject({ missing: 2, duplicated: 0, reordered: 0 });
    expect(consumed).toBe(acked - expired - 2);
    expect(exitCode).toBe(5);
    expect(document.run.verdict.reasons[0]).toBe('2 messages missing: acknowledged and never consumed');
  });
});

describe('what consumers cannot come to', sideBySide, () => {
  it('before draining is given up is unread, not missing', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { ...single, warmUpMs: 0 });
    await sandbox.inject({ kind: 'error', errorCode: 29, when: 'before-append', count: 1_000_000, apiKey: 1 });
    const { acked } = run.totals;
    await run.until('messages that nobody may read', ({ totals }) => totals.acked > acked + 50);
    const { document, exitCode } = await run.quit();
    expectSound(document);
    const { scheduled, consumed, unread } = document.totals;
    expect(document.totals).toMatchObject({ missing: 0, expired: 0, corrupt: 0 });
    expect(unread).toBeGreaterThan(0);
    expect(consumed + unread).toBe(scheduled);
    expect(exitCode).toBe(5);
    expect(document.run.verdict.reasons[0]).toContain('messages unread');
  });
});

describe('what a broker does to batches that it stores', sideBySide, () => {
  it('shows to the message: dropped are missing, doubled duplicated, swapped reordered, damaged corrupt and missing', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, single);
    await strike(run, sandbox, { kind: 'drop', count: 7 });
    await strike(run, sandbox, { kind: 'duplicate', count: 5 });
    await strike(run, sandbox, { kind: 'swap', count: 3 });
    await strike(run, sandbox, { kind: 'corrupt', count: 2 });
    const { document, exitCode } = await run.quit();
    expectSound(document);
    const { scheduled } = document.totals;
    expect(document.totals).toMatchObject({
      acked: scheduled,
      missing: 7 + 2,
      duplicated: 5,
      reordered: 3,
      consumed: scheduled - 7 - 2 + 5,
      corrupt: 2,
      retries: 0,
    });
    expect(exitCode).toBe(5);
    expect(document.run.verdict).toMatchObject({ label: 'messages unaccounted for' });
    expect(document.run.verdict.reasons.slice(0, 3)).toEqual([
      '9 messages missing: acknowledged and never consumed',
      '2 records in batches with a wrong checksum',
      '5 messages duplicated although producers are idempotent',
    ]);
    const { acked, probes, logEndGrowth } = document.wholeRun;
    expect(logEndGrowth).toBe(acked + probes - 7 + 5);
    expect(eventsOf(document, 'accounting')).toMatchObject([{ acked, probes, logEndGrowth }]);
  });

  it('shows in the epoch in which it was due', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, single);
    await strike(run, sandbox, { kind: 'drop', count: 4 });
    await run.turn('rate', 300);
    // It is applied a moment before it holds.
    await run.more(50);
    await strike(run, sandbox, { kind: 'drop', count: 2 });
    await strike(run, sandbox, { kind: 'duplicate', count: 3 });
    await run.turn('acks', 1);
    await run.more(20);
    const { document } = await run.quit();
    expectSound(document);
    expect(document.epochs.map(({ totals }) => [totals.missing, totals.duplicated])).toEqual([
      [4, 0],
      [2, 3],
      [0, 0],
    ]);
  });

  it('shows: what a wrong checksum hides is corrupt and missing, and so is a lost tail', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, single);
    await strike(run, sandbox, { kind: 'corrupt', count: 2 });
    // Acknowledged and never to be read by anybody: missing, with corrupt saying why.
    await sandbox.inject({ kind: 'drop', count: 1_000_000 });
    const { acked } = run.totals;
    await run.until('the tail is dropped', ({ totals }) => totals.acked >= acked + 20);
    const { document, exitCode } = await run.quit();
    expectSound(document);
    const { scheduled } = document.totals;
    const lost = (await sandbox.stats()).faultsApplied.drop ?? 0;
    expect(document.totals).toMatchObject({
      acked: scheduled,
      corrupt: 2,
      missing: 2 + lost,
      consumed: scheduled - 2 - lost,
    });
    expect(exitCode).toBe(5);
    expect(document.run.verdict.reasons).toContain('2 records in batches with a wrong checksum');
  });
});

describe('lag in time', sideBySide, () => {
  it('is the age of what was due, though a broker that stood still wrote it later', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { ...single, lingerMs: 5, batchSizeBytes: 16_384 });
    const stalledMs = Date.now();
    await sandbox.inject({ kind: 'stall', durationMs: 3000 });
    run.control.pauseConsumers();
    const { acked } = run.totals;
    await run.until('messages that came late', ({ totals }) => totals.acked > acked + 500);
    // As of a moment ago; by the growth of the log it would be three seconds less.
    await run.until('their age', ({ lag }) => (lag.totalMs ?? 0) > Date.now() - stalledMs - 1500);
    const { document } = await run.quit();
    expectExact(document);
  });
});

describe('trouble on the way', sideBySide, () => {
  it('costs an idempotent run nothing: errors, quotas, lost answers and broken connections', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, single);
    await strike(run, sandbox, { kind: 'error', errorCode: 19, when: 'before-append', count: 4 });
    await strike(run, sandbox, { kind: 'throttle', throttleMs: 150, count: 2 });
    await strike(run, sandbox, { kind: 'lost-ack', count: 3 });
    await sandbox.inject({ kind: 'disconnect' });
    await run.more(20);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    expect(document.totals.retries).toBeGreaterThanOrEqual(4 + 3);
    const [topic] = document.cluster.topics;
    expect(eventsOf(document, 'error')[0]).toMatchObject({
      message: expect.stringMatching(`^NOT_ENOUGH_REPLICAS in ${topic?.name}-0: \\d+ messages? (is|are) sent again$`),
      code: 'NOT_ENOUGH_REPLICAS',
      fate: 'retried',
    });
    const retried = new Map(document.errors.map((row) => [row.code, row.retried]));
    expect(retried.get('NOT_ENOUGH_REPLICAS')).toBeGreaterThanOrEqual(4);
    expect([...retried.values()].reduce((sum, count) => sum + count, 0)).toBe(document.totals.retries);
    expect(document.errors.map(({ count }) => count)).toEqual(document.errors.map(() => 0));
    expect(eventsOf(document, 'throttle')[0]).toMatchObject({ broker: 1, throttleMs: 150 });
    expect(document.intervals.reduce((sum, { throttleMs }) => sum + throttleMs, 0)).toBeGreaterThanOrEqual(150);
    expect(eventsOf(document, 'disconnect')[0]).toMatchObject({ broker: 1 });
    expect(eventsOf(document, 'reconnect')[0]).toMatchObject({ broker: 1 });
  });

  it('makes duplicates where producers are not idempotent, counted and not held against the run', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const tuning = { ...defaultPlan.tuning, maxInFlight: 1 };
    const run = await stage.measuring(sandbox, { ...single, acks: 1, tuning });
    await strike(run, sandbox, { kind: 'lost-ack', count: 3 });
    const { document, exitCode } = await run.quit();
    expectSound(document);
    const { scheduled } = document.totals;
    expect(document.totals).toMatchObject({
      acked: scheduled,
      missing: 0,
      duplicated: 3,
      reordered: 0,
      retries: 3,
      consumed: scheduled + 3,
    });
    expectGood(exitCode);
    const { acked, probes, logEndGrowth } = document.wholeRun;
    expect(logEndGrowth).toBe(acked + probes + 3);
    expect(eventsOf(document, 'accounting')).toMatchObject([{ logEndGrowth, retries: 3 }]);
  });

  it('says at once that the first message was refused, and why', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    await sandbox.inject({ kind: 'error', errorCode: 29, when: 'before-append', count: 1 });
    const run = stage.run(sandbox, single);
    await expect(run.result).rejects.toMatchObject({
      code: 'PROTOCOL',
      exitCode: 3,
      message: expect.stringMatching(/partition 0 was refused: TOPIC_AUTHORIZATION_FAILED$/),
    });
  });

  it('fails messages where another try would not help, and a failed message may turn up all the same', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, single);
    await strike(run, sandbox, { kind: 'error', errorCode: 10, when: 'before-append', count: 4 });
    await strike(run, sandbox, { kind: 'error', errorCode: 87, when: 'after-append', count: 2 });
    const { document, exitCode } = await run.quit();
    expectSound(document);
    const { scheduled } = document.totals;
    expect(document.totals).toMatchObject({
      acked: scheduled - 6,
      failed: 6,
      missing: 0,
      failedButConsumed: 2,
      consumed: scheduled - 4,
      duplicated: 0,
      reordered: 0,
    });
    expectGood(exitCode);
    // Batches behind a failed one are out of sequence, and sent again.
    expect(document.errors.filter(({ count }) => count > 0)).toMatchObject([
      { code: 'MESSAGE_TOO_LARGE', count: 4, retried: 0 },
      { code: 'INVALID_RECORD', count: 2, retried: 0 },
    ]);
  });

  it('is shown while it lasts: a cluster that is away for a while', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { rate: 1000 });
    await sandbox.inject({ kind: 'refuse', durationMs: 2000 });
    await run.event('disconnect');
    await run.until('a banner', ({ banners }) => banners.some(({ kind }) => kind === 'cluster-away'));
    await run.event('reconnect');
    await run.until('no banner', ({ banners }) => banners.length === 0);
    await run.until('what was due has been made up for', ({ totals }) => totals.scheduled - totals.acked < 100);
    await run.more(200);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    // Nothing moves the schedule: what came due meanwhile was late, and says so.
    expect(document.latency.response.maxMs).toBeGreaterThan(1500);
    expect(document.latency.e2e.maxMs).toBeGreaterThan(1500);
  });

  it('makes messages miss their time where the buffer is full and --max-behind is short', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const tuning = { ...defaultPlan.tuning, bufferMemoryBytes: 32 * 1024 };
    const run = await stage.measuring(sandbox, {
      rate: 2000,
      batchSizeBytes: 1024,
      maxBehindMs: 300,
      achievedGate: true,
      slos: parseSlos('p99<20s, errors<0.1%'),
      tuning,
    });
    await sandbox.inject({ kind: 'stall', durationMs: 1500 });
    await run.event('missed');
    const { acked } = run.totals;
    await run.until('load again', ({ totals }) => totals.acked > acked + 200);
    const { document, exitCode } = await run.quit();
    expectSound(document);
    const { totals } = document;
    expect(totals).toMatchObject({ missing: 0, duplicated: 0, reordered: 0, failed: 0, unknown: 0 });
    expect(totals.missed).toBeGreaterThan(500);
    expect(totals.consumed).toBe(totals.acked);
    const told = eventsOf(document, 'missed').reduce((sum, event) => sum + Number(event.count), 0);
    expect(told).toBe(totals.missed);
    // No answer took that long: what was missed breaks the objective, and alone.
    expect(document.slos).toMatchObject([
      { held: false, violations: totals.missed },
      { held: false, violations: totals.missed },
    ]);
    // The broker stood still, not the load generator: the rate was not achieved.
    expect([4, 6]).toContain(exitCode);
    expect(document.run.verdict.reasons.some((reason) => reason.startsWith('achieved '))).toBe(true);
  });
});
