import { createServer } from 'node:net';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { parseAbortRules } from '../../source/config/abort-rules.ts';
import { LoadtuiError } from '../../source/errors.ts';
import { expectExact, expectGood, expectSound } from './support/expect-exact.ts';
import { type LiveRun, Stage, sideBySide } from './support/live-run.ts';

/** What a run that could not begin was refused with. */
async function refusal(run: LiveRun): Promise<LoadtuiError> {
  const error = await run.result.then(
    () => new Error('the run began'),
    (refused: unknown) => refused,
  );
  if (error instanceof LoadtuiError) return error;
  throw error;
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return address.port;
}

/** Ends the thread of that name, as a crash would. */
async function kill(name: string, among: readonly Worker[]): Promise<void> {
  const thread = among.find(({ threadName }) => threadName === name);
  if (thread === undefined) throw new Error(`no ${name} among ${among.map(({ threadName }) => threadName).join(', ')}`);
  await thread.terminate();
}

describe('--abort-on', sideBySide, () => {
  it('ends a run that nobody watches with exit code 3, and names the cause', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { abortOn: parseAbortRules('errors>10% for 1s'), rate: 500 });
    await sandbox.inject({ kind: 'error', errorCode: 29, when: 'before-append', count: 1_000_000 });
    const { document, exitCode } = await run.result;
    expectSound(document);
    expect(exitCode).toBe(3);
    expect(run.session.endReason).toBe('aborted');
    expect(document.run.verdict.label).toBe('aborted');
    expect(document.run.verdict.reasons[0]).toBe('errors>10% for 1s (TOPIC_AUTHORIZATION_FAILED)');
    expect(document.totals.failed).toBeGreaterThan(0);
    expect(document.totals.missing).toBe(0);
    expect(document.events.filter(({ type }) => type === 'abort')).toMatchObject([
      { cause: 'TOPIC_AUTHORIZATION_FAILED' },
    ]);
  });

  it('pauses a run that is watched, with a banner, until the operator lets it go on', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const plan = { abortOn: parseAbortRules('no-acks for 1s'), rate: 1000 };
    const run = await stage.measuring(sandbox, plan, { attended: true });
    await sandbox.inject({ kind: 'stall', durationMs: 4000 });
    await run.until('the load is stopped', ({ paused }) => paused);
    const [banner] = run.view().banners;
    expect(banner?.kind).toBe('load-stopped');
    expect(banner?.text).toMatch(/^LOAD STOPPED: no-acks for 1s \(.*\)\. space resumes$/);
    await run.until('all is answered', ({ totals }) => totals.acked === totals.scheduled);
    expect(run.control.resumeLoad().kind).toBe('done');
    await run.more(200);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
  });
});

describe('a stop', sideBySide, () => {
  it.for([
    ['interrupt', 130],
    ['terminate', 143],
    ['hangup', 129],
  ] as const)('by %s ends with exit code %i, and accounts for everything', async ([reason, code], context) => {
    const stage = new Stage(context);
    const run = await stage.measuring(await stage.sandbox());
    run.control.stop(reason);
    run.control.stop('quit');
    const { document, exitCode } = await run.result;
    expectExact(document);
    expect(exitCode).toBe(code);
    expect(run.control.setKnob('rate', 1).kind).toBe('refused');
    expect(run.control.pauseLoad().kind).toBe('refused');
    expect(run.control.resumeLoad().kind).toBe('done');
    expect(run.control.freshFigures().kind).toBe('refused');
  });

  it('in the warm-up ends a run with nothing measured', async (context) => {
    const stage = new Stage(context);
    const run = stage.run(await stage.sandbox(), { warmUpMs: 60_000 });
    await run.reached('warm-up');
    await run.until('messages', (view) => view.totals.consumed > 100);
    const { document, exitCode } = await run.quit();
    expectSound(document);
    expect(exitCode).toBe(0);
    expect(document.totals).toMatchObject({ scheduled: 0, missing: 0 });
    expect(document.wholeRun.consumed).toBe(document.wholeRun.acked);
    expect(document.wholeRun.acked).toBeGreaterThan(100);
  });

  it('ends the load at once, though a producer that leaves still waits for its answers', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = await stage.measuring(sandbox, { producers: 2 });
    await sandbox.inject({ kind: 'stall', durationMs: 2500 });
    run.control.setKnob('producers', 1);
    await run.until('a new epoch', ({ epoch }) => epoch === 1);
    const stoppedMs = Date.now();
    const { document } = await run.quit();
    expectExact(document);
    const draining = document.events.find(({ phase }) => phase === 'draining');
    expect(Math.abs((draining?.timeMs ?? 0) - stoppedMs)).toBeLessThan(1000);
    expect(document.totals.scheduled).toBeLessThan(2500 * 2);
  });

  it('while it connects is heeded soon, and leaves nothing behind', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const cluster = await stage.cluster(sandbox);
    // Producers get no id, so that the run does not come to its load.
    await sandbox.inject({ kind: 'error', errorCode: 14, when: 'before-append', count: 1_000_000, apiKey: 22 });
    const run = stage.run(sandbox);
    await run.until('the cluster is known', () => run.starts.length > 0);
    const stoppedMs = performance.now();
    run.control.stop('interrupt');
    expect(await refusal(run)).toMatchObject({ code: 'ABORTED' });
    expect(performance.now() - stoppedMs).toBeLessThan(5000);
    expect(await cluster.listTopics()).toEqual([]);
    expect(run.session.madeTopics).toEqual([]);
  });

  it.for([
    ['is to be kept', { keepTopics: true }, 0],
    ['has a name', { topic: 'orders', create: true }, 0],
    ['cannot be removed', {}, 1_000_000],
  ] as const)('while it connects tells of a topic that %s', async ([_, changes, deletesRefused], context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const cluster = await stage.cluster(sandbox);
    if (deletesRefused > 0)
      await sandbox.inject({ kind: 'error', errorCode: 29, when: 'before-append', count: deletesRefused, apiKey: 20 });
    const run = stage.run(sandbox, changes);
    run.session.addSink({ start: () => run.control.stop('quit'), close: () => Promise.resolve() });
    expect(await refusal(run)).toMatchObject({ code: 'ABORTED' });
    const there = await cluster.listTopics();
    expect(there).toHaveLength(1);
    expect(run.session.madeTopics).toEqual(there);
  });

  it('does not wait for a cluster that cannot be reached', async (context) => {
    const stage = new Stage(context);
    const run = stage.run({ brokers: [{ id: 1, host: '127.0.0.1', port: await closedPort() }] });
    run.control.stop('interrupt');
    expect(await refusal(run)).toMatchObject({ code: 'ABORTED' });
  });
});

describe('a cluster that cannot be reached', sideBySide, () => {
  it('is told within ten seconds', async (context) => {
    const stage = new Stage(context);
    const port = await closedPort();
    const startMs = performance.now();
    const run = stage.run({ brokers: [{ id: 1, host: '127.0.0.1', port }] });
    const error = await refusal(run);
    expect(performance.now() - startMs).toBeLessThan(10_500);
    expect(error).toMatchObject({ code: 'CANNOT_REACH', fault: 'cluster', exitCode: 3 });
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.next).toBeDefined();
  });
});

describe('topics', sideBySide, () => {
  it('that a run made go with it, unless they are to be kept; those that were there are not touched', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const cluster = await stage.cluster(sandbox);
    const gone = await stage.run(sandbox, { topics: 2, warmUpMs: 0, messages: 100 }).result;
    expect(gone.document.cluster.topics).toHaveLength(2);
    expect(await cluster.listTopics()).toEqual([]);
    expect(await cluster.listGroups()).toEqual([]);

    const kept = await stage.run(sandbox, { keepTopics: true, warmUpMs: 0, messages: 100 }).result;
    const topic = kept.document.cluster.topics[0]?.name ?? '';
    expect(await cluster.listTopics()).toEqual([topic]);

    const refused = stage.run(sandbox, { topic, warmUpMs: 0, messages: 100 });
    expect(await refusal(refused)).toMatchObject({ code: 'TOPIC_NOT_EMPTY', exitCode: 3 });
    const questions: string[] = [];
    const ask = async (question: string): Promise<boolean> => {
      questions.push(question);
      return true;
    };
    const asked = stage.run(sandbox, { topic, group: 'mine', warmUpMs: 0, messages: 100 }, { ask });
    const { document, exitCode, asksNextTime } = await asked.result;
    expect([kept.asksNextTime, asksNextTime]).toEqual([false, true]);
    expectExact(document);
    expectGood(exitCode);
    expect(questions).toEqual([`Topic ${topic} holds 103 records. Write to it?`]);
    expect(await cluster.listTopics()).toEqual([topic]);
    expect(await cluster.listGroups()).toEqual(['mine']);
    expect((await cluster.offsets([{ topic, partition: 0 }], [0]))[0]?.logStartOffset).toBe(0);
  });

  it('that were made before a run broke off are removed', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const cluster = await stage.cluster(sandbox);
    // Log ends are asked for once the topic is there; producer ids later still.
    for (const [apiKey, errorCode] of [
      [2, 29],
      [22, 31],
    ] as const) {
      await sandbox.inject({ kind: 'error', errorCode, when: 'before-append', count: 1, apiKey });
      const error = await refusal(stage.run(sandbox));
      expect(error.exitCode, `request ${apiKey}`).toBe(3);
      expect(await cluster.listTopics()).toEqual([]);
      expect((await sandbox.stats()).faultsApplied.error).toBeGreaterThan(0);
    }
  });
});

// Not beside others: threads are known by their names alone.
describe('a thread that dies', { timeout: sideBySide.timeout }, () => {
  it('is a fault of ours, told at once; the others go on', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const threads: Worker[] = [];
    const note = (worker: Worker): void => void threads.push(worker);
    process.on('worker', note);
    context.onTestFinished(() => void process.off('worker', note));
    const run = await stage.measuring(sandbox, { producers: 2, consumers: 2, threads: 2 });
    process.off('worker', note);
    const names = threads.flatMap(({ threadName }) => (threadName?.includes('producer') ? threadName : []));
    expect(names).toHaveLength(2);
    await kill(names[0] ?? '', threads);
    const event = await run.event('thread', 'died');
    expect(event.fields).toEqual({ thread: names[0] });
    await run.more(300);
    // The dead one's share has nobody to send it, until producers change.
    await run.turn('lingerMs', 0);
    await run.turn('producers', 3);
    const { acked } = run.totals;
    await run.until('the whole rate', (view) => view.ackedRate > 1700 && view.totals.acked > acked + 2000);
    expect(run.session.phase).toBe('measuring');
    const { document, exitCode } = await run.quit();
    expect(exitCode).toBe(1);
    expect(document.run.verdict).toMatchObject({ label: 'fault of loadtui' });
    expect(document.run.verdict.reasons[0]).toMatch(/^producer thread \d died/);
    expect(document.totals.duplicated).toBe(0);
  });
});
