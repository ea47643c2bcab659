import { describe, expect, it, vi } from 'vitest';
import type { KnobName, KnobValue } from '../../source/config/knobs.ts';
import { LoadThread } from '../../source/session/load-thread.ts';
import { expectExact, expectGood } from './support/expect-exact.ts';
import { type LiveRun, Stage, sideBySide } from './support/live-run.ts';

/** Turns knobs one after the other under load; each takes hold before the next. */
async function turnAll(run: LiveRun, changes: readonly (readonly [KnobName, KnobValue])[]): Promise<void> {
  await run.reached('measuring');
  await run.more(50);
  for (const [name, value] of changes) {
    const before = run.view().knobs.find((knob) => knob.name === name)?.requested;
    const { epoch } = run.view();
    await run.turn(name, value);
    expect(run.view().epoch, `epoch after ${name}`).toBe(epoch + 1);
    const event = run.events.findLast(({ type }) => type === 'knob');
    expect(event?.fields).toEqual({ knob: name, from: before, to: value, epoch: epoch + 1 });
    expect(event?.mark).not.toBeNull();
    if (run.view().knobs.find((knob) => knob.name === 'consumers')?.applied !== 0) await run.more(50);
  }
}

/** Every change opened an epoch that knows its value. */
function expectEpochs(
  document: Awaited<LiveRun['result']>['document'],
  changes: readonly (readonly [KnobName, KnobValue])[],
) {
  expect(document.epochs).toHaveLength(changes.length + 1);
  for (const [at, [name, value]] of changes.entries()) {
    expect(document.epochs[at + 1]?.knobs[name], `epoch ${at + 1}`).toEqual({ requested: value, applied: value });
  }
}

/** A whole run in which each change takes hold before the next: nothing is lost, and each has its epoch. */
async function turnedExactly(run: LiveRun, changes: readonly (readonly [KnobName, KnobValue])[]): Promise<void> {
  await turnAll(run, changes);
  const { document, exitCode } = await run.quit();
  expectExact(document);
  expectGood(exitCode);
  expectEpochs(document, changes);
}

describe('knobs of producers', sideBySide, () => {
  it('lose, double and reorder nothing', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox({ brokers: 2 });
    const run = stage.run(sandbox, { threads: 2 });
    await turnedExactly(run, [
      ['rate', 5000],
      ['rate', 500],
      ['rate', null],
      ['batchSize', 1024],
      ['rate', 3000],
      ['batchSize', 65_536],
      ['lingerMs', 0],
      ['lingerMs', 50],
      ['messageSize', 1000],
      ['messageSize', 32],
      ['inFlight', 1],
      ['inFlight', 5],
      ['acks', 1],
      ['acks', 'all'],
      ['acks', 0],
      ['acks', 1],
      ['producers', 4],
      ['producers', 1],
    ]);
  });
});

describe('the size of messages', sideBySide, () => {
  it('is that of the epoch that a message belongs to', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { rate: 5000, messageSizeBytes: 100 });
    for (const size of [1000, 64, 4096]) {
      await run.more(500);
      await run.turn('messageSize', size);
    }
    await run.more(500);
    const { document } = await run.quit();
    expectExact(document);
    const bytes = document.epochs.map(({ totals }) => [totals.sent > 0, totals.bytesSent / totals.sent]);
    expect(bytes).toEqual([100, 1000, 64, 4096].map((size) => [true, size]));
  });
});

describe('the codec', sideBySide, () => {
  it('can be turned under load; each epoch knows what its batches were on the wire', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = stage.run(sandbox, { rate: 5000, messageSizeBytes: 1024, payloadEntropy: 0.3, threads: 2 });
    const course = ['lz4', 'zstd', 'snappy', 'gzip', 'none'] as const;
    await turnAll(
      run,
      course.map((codec) => ['compression', codec]),
    );
    await run.until('the ratio of none', ({ compressionRatio }) => {
      return compressionRatio !== null && Math.abs(compressionRatio - 1) < 0.001;
    });
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    expectEpochs(
      document,
      course.map((codec) => ['compression', codec]),
    );
    const ratios = document.epochs.map(({ totals }) => totals.compressionRatio ?? 0);
    // A batch is compressed as its epoch begins; messages due before and offered late are in it: of the last before none as well.
    for (const codec of [1, 2, 3]) expect(ratios[codec], course[codec - 1]).toBeGreaterThan(1.8);
    expect(ratios[0]).toBeLessThan(1.8);
    // Batches that reach over the edge of the measured phase count where their first message is due.
    const { bytesSent, compressionRatio, wireBytesSent } = document.totals;
    expect((wireBytesSent * (compressionRatio ?? 0)) / bytesSent).toBeGreaterThan(0.9);
    expect((wireBytesSent * (compressionRatio ?? 0)) / bytesSent).toBeLessThan(1.2);
  });
});

describe('a knob of producers', sideBySide, () => {
  it('is known to a thread before the epoch that it belongs to', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox);
    // Turned at once, within this turn of the event loop: nobody else's orders come between.
    const order = vi.spyOn(LoadThread.prototype, 'order');
    run.control.setKnob('messageSize', 1000);
    const kinds = order.mock.calls.map(([{ kind }]) => kind);
    order.mockRestore();
    expect(kinds).toEqual(['producer-knobs', 'segment']);
    await run.applied('messageSize');
    await run.quit();
  });
});

describe('wishes for producers that come faster than they are met', sideBySide, () => {
  it('are told from what was in force to what is', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { producers: 4 });
    for (const count of [3, 2, 1]) run.control.setKnob('producers', count);
    await run.applied('producers');
    const told = run.events.filter(({ type }) => type === 'knob').map(({ fields }) => fields);
    expect(told[0]).toMatchObject({ from: 4 });
    expect(told.at(-1)).toMatchObject({ to: 1 });
    for (const [at, { from }] of told.slice(1).entries()) expect(from).toBe(told[at]?.to);
    await run.quit();
  });
});

describe('a producer that cannot connect', sideBySide, () => {
  /** For good: asking again does not help. */
  const noProducerIds = { kind: 'error', errorCode: 31, when: 'before-append', count: 1, apiKey: 22 } as const;

  it('leaves the knob where it was; the next one gets its share', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { threads: 2 });
    await sandbox.inject(noProducerIds);
    expect(run.control.setKnob('producers', 2)).toMatchObject({ kind: 'done' });
    await run.event('error', 'producers could not be changed: No producer id');
    expect(run.view().knobs).toContainEqual(
      expect.objectContaining({ name: 'producers', requested: 1, applied: 1, appliedThreads: 1, totalThreads: 1 }),
    );
    expect(run.control.undo()).toMatchObject({ kind: 'refused' });
    await run.turn('producers', 2);
    await run.more(500);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
  });

  it('ends a sweep, which says why', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, {}, { searchHaste: 10 });
    await sandbox.inject(noProducerIds);
    const knobs = [{ name: 'producers', values: [2] }] as const;
    const wish = { kind: 'sweep', knobs, repeats: 1, seed: 1, slos: null, fromHz: null, maxHz: null } as const;
    expect(run.control.automate(wish)).toMatchObject({ kind: 'done' });
    await run.event('error', 'sweep 1: producers: No producer id');
    expect(run.view()).toMatchObject({ automation: null, sweeps: [{ outcome: 'stopped' }] });
  });
});

describe('knobs of consumers', sideBySide, () => {
  it('lose, double and reorder nothing', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = stage.run(sandbox, { threads: 2, partitions: 5 });
    await turnedExactly(run, [
      ['consumers', 3],
      ['fetchMinBytes', 4096],
      ['fetchMaxWaitMs', 20],
      ['maxPartitionFetch', 1024],
      ['maxPartitionFetch', 1_048_576],
      ['consumers', 1],
      ['consumers', 0],
      ['consumers', 2],
    ]);
  });
});

describe('many changes at once', sideBySide, () => {
  it('all come true, and the books still close', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox({ brokers: 2 });
    const run = stage.run(sandbox, { threads: 2 });
    await run.reached('measuring');
    const changes = [
      ['producers', 3],
      ['consumers', 2],
      ['rate', 4000],
      ['acks', 1],
      ['producers', 2],
      ['messageSize', 64],
      ['consumers', 0],
      ['lingerMs', 1],
      ['rate', null],
      ['acks', 'all'],
      ['consumers', 3],
      ['rate', 2500],
      ['fetchMaxWaitMs', 50],
      ['producers', 4],
    ] as const;
    for (const [name, value] of changes) expect(run.control.setKnob(name, value).kind).toBe('done');
    for (const [name] of changes) await run.applied(name);
    await run.more(300);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    expect(document.epochs.at(-1)?.knobs).toMatchObject({
      producers: { requested: 4, applied: 4 },
      consumers: { requested: 3, applied: 3 },
      rate: { requested: 2500, applied: 2500 },
      acks: { requested: 'all', applied: 'all' },
    });
    expect(document.events.filter(({ type }) => type === 'error')).toEqual([]);
  });
});
