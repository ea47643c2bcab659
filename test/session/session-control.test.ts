import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeSnapshot } from '../../source/output/snapshot-file.ts';
import { sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { expectExact, expectGood } from './support/expect-exact.ts';
import { Stage, sideBySide } from './support/live-run.ts';

describe('a paused load', sideBySide, () => {
  it('has nothing due, and does not catch up when it goes on', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = stage.run(sandbox, { rate: 2000 });
    await run.reached('measuring');
    await run.more(100);
    expect(run.control.resumeLoad()).toEqual({ kind: 'done', message: 'the load is on' });
    expect(run.control.pauseLoad()).toEqual({ kind: 'done', message: 'load paused' });
    expect(run.control.pauseLoad()).toEqual({ kind: 'done', message: 'the load is paused already' });
    expect(run.view()).toMatchObject({ paused: true, banners: [{ kind: 'paused' }] });
    // Turned meanwhile: holds once the load goes on.
    await run.turn('rate', 1000);
    await run.until('everything sent is read', ({ totals, targetRate }) => {
      return targetRate === 0 && totals.consumed === totals.scheduled && totals.acked === totals.scheduled;
    });
    const paused = run.view();
    await run.until('a second goes by', ({ elapsedMs }) => elapsedMs > paused.elapsedMs + 1000);
    expect(run.control.resumeLoad()).toEqual({ kind: 'done', message: 'load resumed' });
    await run.more(500);
    expect(run.view()).toMatchObject({ paused: false, banners: [] });
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    const [pause, resume] = ['pause', 'resume'].map((type) => run.events.find((event) => event.type === type));
    const standing = document.intervals.filter(
      ({ timeMs }) => timeMs >= (pause?.timeMs ?? 0) - 0.01 && timeMs < (resume?.timeMs ?? 0) - 0.01,
    );
    expect(standing.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeGreaterThan(900);
    expect(standing.map(({ scheduled, targetRate }) => ({ scheduled, targetRate }))).toEqual(
      standing.map(() => ({ scheduled: 0, targetRate: 0 })),
    );
    const after = document.intervals.filter(
      ({ timeMs, phase }) => timeMs >= (resume?.timeMs ?? 0) - 0.01 && phase === 'measuring',
    );
    for (const { targetRate, scheduled, durationMs } of after) {
      expect(targetRate).toBe(1000);
      expect(Math.abs(scheduled - durationMs)).toBeLessThanOrEqual(2);
    }
  });
});

describe('paused consumers', sideBySide, () => {
  it('fall behind with their positions committed, read the rest later, and are woken at the end', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const run = stage.run(sandbox, { rate: 2000 });
    await run.reached('measuring');
    await run.more(100);
    expect(run.control.pauseConsumers().kind).toBe('done');
    expect(run.control.pauseConsumers()).toEqual({ kind: 'done', message: 'consumers are paused already' });
    expect(run.control.resumeConsumers()).toEqual({ kind: 'done', message: 'consumers resumed' });
    expect(run.control.pauseConsumers().kind).toBe('done');
    await run.until('a banner', ({ consumersPaused, banners }) => {
      return consumersPaused && banners.some(({ kind }) => kind === 'consumers-paused');
    });
    await run.until('lag grows', ({ lag }) => (lag.totalMessages ?? 0) > 1000 && (lag.totalMs ?? 0) > 300);
    await run.until('positions committed', ({ lag }) => {
      return lag.rows.length === 3 && lag.rows.every((row) => row.committedOffset === row.position);
    });
    expect(run.control.resumeConsumers().kind).toBe('done');
    await run.until('lag is gone', ({ lag }) => (lag.totalMessages ?? 1000) < 200 && (lag.totalMs ?? 1000) < 200);
    expect(run.view().banners).toEqual([]);
    run.control.pauseConsumers();
    await run.until('lag again', ({ lag }) => (lag.totalMessages ?? 0) > 500);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    expect(run.events.map(({ message }) => message)).toContain('consumers resumed, to account for what was sent');
    expect(document.latency.e2e.maxMs).toBeGreaterThan(300);
    expect(document.latency.response.p99Ms).toBeLessThan(300);
  });
});

describe('operator', sideBySide, () => {
  it('takes changes back, starts figures anew, saves while it runs', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox();
    const path = join(await stage.folder(), 'session.json');
    const run = stage.run(
      sandbox,
      {},
      {
        save: async (document, wished, force) => {
          await writeSnapshot(document, wished ?? path, { force });
          return wished ?? path;
        },
      },
    );
    expect(run.control.setKnob('rate', 1).kind).toBe('refused');
    expect(await run.control.save(null, false)).toEqual({ kind: 'refused', message: 'there is nothing to save yet' });
    await run.reached('measuring');
    expect(run.control.undo().kind).toBe('refused');
    expect(run.control.backOff().kind).toBe('refused');
    await run.turn('lingerMs', 20);
    await run.turn('rate', 4000);
    await run.turn('producers', 2);
    expect(run.control.setKnob('rate', 4000)).toEqual({ kind: 'done', message: 'rate is 4.00 k/s already' });
    expect(run.control.setKnob('acks', 2).kind).toBe('refused');
    expect(run.control.setKnob('compression', 'all').kind).toBe('refused');
    for (const name of ['producers', 'rate', 'lingerMs'] as const) {
      expect(run.control.undo().kind).toBe('done');
      await run.applied(name);
    }
    expect(run.control.undo().kind).toBe('refused');
    expect(Object.fromEntries(run.view().knobs.map(({ name, applied }) => [name, applied]))).toMatchObject({
      rate: 2000,
      lingerMs: 5,
      producers: 1,
    });
    await run.more(200);

    expect(await run.control.save(null, false)).toEqual({ kind: 'done', message: `saved ${path}` });
    const saved = sessionDocumentSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    expect(saved.run).toMatchObject({ endedAt: null, verdict: { exitCode: 0, label: 'still running' } });
    expect(saved.epochs).toHaveLength(7);
    expect(saved.totals.acked).toBeGreaterThan(200);
    expect(run.view().savedPath).toBe(path);
    expect(await run.control.save(null, false)).toMatchObject({ kind: 'refused' });
    expect(await run.control.save(null, true)).toMatchObject({ kind: 'done' });

    run.control.note('baseline pinned');
    const before = run.totals.scheduled;
    expect(run.control.freshFigures().kind).toBe('done');
    await run.until('figures begin anew', ({ totals }) => totals.scheduled > 0 && totals.scheduled < before);
    await run.more(200);
    const { document, exitCode } = await run.quit();
    expectExact(document);
    expectGood(exitCode);
    expect(document.epochs).toHaveLength(8);
    expect(document.totals.scheduled).toBeGreaterThan(before);
    expect(document.events.filter(({ type }) => type === 'figures')).toMatchObject([{ epoch: 7 }]);
    expect(document.events.filter(({ type }) => type === 'saved')).toHaveLength(2);
    const noted = document.events.filter(({ message }) => message === 'baseline pinned');
    expect(noted).toEqual([expect.objectContaining({ type: 'info', mark: expect.any(Number) })]);
  });
});
