import { describe, expect, it, type TestContext } from 'vitest';
import { parseSlos } from '../../source/config/slo.ts';
import type { ServiceModel } from '../../source/sandbox/types.ts';
import type { AutomationRequest } from '../../source/session/automation/requests.ts';
import { defaultService, type LiveRun, Stage } from '../session/support/live-run.ts';

/** Searches in a twentieth of their time; what they find is proven elsewhere, at their own pace. */
const searchHaste = 20;
const patient = { timeout: 150_000 } as const;
const longMs = 120_000;

type FindRequest = Extract<AutomationRequest, { kind: 'find' }>;

const find = (slos: string, changes: Partial<FindRequest> = {}): FindRequest => ({
  kind: 'find',
  slos: parseSlos(slos),
  fromHz: 1000,
  maxHz: null,
  quick: true,
  maxTimeMs: null,
  resume: false,
  ...changes,
});

async function measuring(context: TestContext, service: Partial<ServiceModel> = {}, attended = true): Promise<LiveRun> {
  const stage = new Stage(context);
  const sandbox = await stage.sandbox({ service: { ...defaultService, ...service } });
  const plan = { rate: 1000, messageSizeBytes: 100, acks: 1, lingerMs: 0, maxBehindMs: 60_000 } as const;
  const run = await stage.measuring(sandbox, plan, { attended, searchHaste });
  // What lies in a narrow place at the end need not be waited for. Before the run is stopped: the last is the first.
  context.onTestFinished(() => sandbox.setService({ quotaMessagesPerSecond: null, fetchMessagesPerSecond: null }));
  return run;
}

const over = (run: LiveRun): Promise<true> =>
  run.until('the search is over', ({ automation }) => automation === null, longMs);

describe('a search within a run', patient, () => {
  it('stops at the cap, confirms it, and leaves the load at half of it with a card', async (context) => {
    const run = await measuring(context);
    const answer = run.control.automate(find('p90<1s', { maxHz: 6000 }));
    expect(answer).toMatchObject({ kind: 'done', message: expect.stringContaining('find 1: p90<1s, about ') });
    await run.until('the first step', ({ searches }) => (searches[0]?.steps.length ?? 0) > 0);
    expect(run.view().automation?.progress).toMatch(/^step 1 of ~\d+, about \d:\d\d left$/);
    await over(run);
    await run.until('half of it', ({ targetRate }) => targetRate === 3000);
    expect(run.view().card).toEqual({
      kind: 'find',
      text: '6.00 k/s holds p90<1s, the highest rate allowed',
      rateHz: 6000,
    });
    const { document } = await run.quit();
    expect(document.search).toMatchObject({
      outcome: 'at-cap',
      maxSustainableRate: 6000,
      bracket: [6000, null],
      slo: 'p90<1s',
    });
    expect(document.search?.steps.map(({ role, targetRate, verdict }) => `${role} ${targetRate} ${verdict}`)).toEqual([
      'ramp 1000 pass',
      'ramp 2000 pass',
      'ramp 4000 pass',
      'ramp 6000 pass',
      'confirm 6000 pass',
    ]);
    // Every step has an epoch, whose messages have all a fate.
    expect(document.search?.epochs.length).toBeGreaterThanOrEqual(6);
    expect(document.totals).toMatchObject({
      missing: 0,
      duplicated: 0,
      reordered: 0,
      acked: document.totals.scheduled,
    });
  });

  it('finds where the cluster gives way, says by what, and rests after a failure', async (context) => {
    // What is beyond 4,000/s waits: lateness grows by a second each second at 8,000/s.
    const run = await measuring(context, { capacityMessagesPerSecond: 4000 });
    run.control.automate(find('p90<200ms', { maxHz: 64_000 }));
    await run.event('search', 'fail (latency)');
    await run.event('knob', 'rest');
    await over(run);
    const { document } = await run.quit();
    const { search } = document;
    expect(search?.limitedBy).toBe('latency');
    const [passed = 0, failed] = search?.bracket ?? [];
    expect(passed).toBeGreaterThan(1900);
    expect(failed).toBeGreaterThan(passed);
    expect(failed).toBeLessThanOrEqual(64_000);
    const verdicts = search?.steps.map(({ verdict }) => verdict) ?? [];
    expect(verdicts).toContain('fail');
    expect(document.totals.acked).toBe(document.totals.scheduled);
  });

  it('names a quota, and consumers that fall behind', async (context) => {
    const throttled = await measuring(context, { quotaMessagesPerSecond: 1500 });
    throttled.control.automate(find('p90<500ms', { maxHz: 64_000 }));
    const behind = await measuring(context, { fetchMessagesPerSecond: 2500 });
    behind.control.automate(find('p90<1s', { maxHz: 8000 }));
    await throttled.event('search', 'fail (throttle)');
    await behind.event('search', 'fail (lag)');
  });

  it('gives way to the operator: it stops, says so, and the session has both parts', async (context) => {
    const run = await measuring(context);
    run.control.automate(find('p90<1s', { maxHz: 100_000 }));
    await run.until('two steps', ({ searches }) => (searches[0]?.steps.length ?? 0) >= 2);
    expect(run.control.setKnob('rate', 700)).toEqual({ kind: 'confirm', question: 'take over from find 1: p90<1s?' });
    expect(run.control.setKnob('rate', 700, true)).toMatchObject({ kind: 'done' });
    await run.event('search', 'find 1: p90<1s: stopped');
    await run.more(300);
    expect(run.view().card).toBeNull();
    const { document } = await run.quit();
    expect(document.search).toMatchObject({ outcome: 'stopped', maxSustainableRate: null });
    expect(document.search?.steps.length).toBeGreaterThanOrEqual(1);
    expect(document.epochs.at(-1)?.knobs.rate?.requested).toBe(700);
    expect(document.epochs.at(-1)?.totals.acked).toBeGreaterThanOrEqual(200);
  });

  it('begins a step anew after a pause', async (context) => {
    const run = await measuring(context);
    run.control.automate(find('p90<1s', { maxHz: 2000 }));
    await run.until('a step under way', ({ searches }) => searches[0]?.steps.at(-1)?.verdict === 'unsure');
    const step = run.view().searches[0]?.steps.at(-1);
    run.control.pauseLoad();
    await run.until('silence', ({ sentRate }) => sentRate === 0);
    run.control.resumeLoad();
    const { timeMs: resumedMs } = await run.event('resume', 'load resumed');
    const anew = () => run.view().searches[0]?.steps[step?.index ?? -1];
    await run.until('the step is over', () => (anew()?.verdict ?? 'unsure') !== 'unsure', longMs);
    // Nothing of what was due before the pause is judged with it.
    expect(anew()).toMatchObject({ role: step?.role, targetRate: step?.targetRate });
    expect(anew()?.timeMs).toBeGreaterThanOrEqual(resumedMs);
  });

  it('without an objective looks for the knee', async (context) => {
    const run = await measuring(context);
    expect(run.control.automate({ ...find('p90<1s'), slos: [], maxHz: 8000 })).toMatchObject({ kind: 'done' });
    await over(run);
    const [search] = run.view().searches;
    expect(search?.slo).toBe('');
    expect(search?.steps.length).toBeGreaterThanOrEqual(3);
    expect(search?.knee?.range[0]).toBe(1000);
    expect(run.view().card?.text).toContain('knee');
  });

  it('refuses objectives that cannot be judged', async (context) => {
    const stage = new Stage(context);
    const run = await stage.measuring(await stage.sandbox(), { mode: 'produce-only', consumers: 0 }, { searchHaste });
    expect(run.control.automate(find('e2e.p90<5ms'))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('needs consumers'),
    });
  });
});

describe('a search as the whole task', patient, () => {
  it('ends the run, which is judged by what was found', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox({ service: { ...defaultService, latencyMs: 400 } });
    const plan = {
      task: 'find',
      rate: 500,
      fromRate: 1000,
      maxRate: 2000,
      quick: true,
      acks: 1,
      warmUpMs: 200,
    } as const;
    const held = stage.run(sandbox, { ...plan, slos: parseSlos('p90<1s') }, { searchHaste });
    const broken = stage.run(sandbox, { ...plan, slos: parseSlos('p90<250ms') }, { searchHaste });
    const [found, none] = await Promise.all([held.result, broken.result]);
    expect([found.exitCode, found.document.search?.outcome]).toEqual([0, 'at-cap']);
    expect([none.exitCode, none.document.search?.outcome]).toEqual([4, 'none']);
    expect(none.document.run.verdict.reasons[0]).toContain('even 10/s does not hold p90<250ms');
  });

  it('goes on with a soak at a share of it', async (context) => {
    const stage = new Stage(context);
    const plan = {
      task: 'find',
      rate: 500,
      fromRate: 1000,
      maxRate: 2000,
      quick: true,
      acks: 1,
      warmUpMs: 200,
    } as const;
    const soak = { fraction: 0.5, forMs: 1500 };
    const run = stage.run(await stage.sandbox(), { ...plan, soak, slos: parseSlos('p90<1s') }, { searchHaste });
    const { document, exitCode } = await run.result;
    expect(exitCode).toBe(0);
    expect(document.epochs.at(-1)?.knobs.rate?.requested).toBe(1000);
    expect(document.events.map(({ message }) => message).join('\n')).toContain('under p90<1s over after 0:0');
  });
});

describe('holding and soaking', patient, () => {
  it('creeps up while all is well, as far as the cap', async (context) => {
    const run = await measuring(context);
    expect(run.control.automate({ kind: 'hold', slos: parseSlos('p90<1s'), maxHz: 1010 })).toMatchObject({
      kind: 'done',
    });
    await run.until('one look', ({ targetRate }) => targetRate === 1010);
    await run.until('at the cap', ({ automation }) => automation?.detail.includes('at the cap') === true);
    expect(run.control.stopAutomation()).toMatchObject({ kind: 'done' });
  });

  it('steps back where it breaks', async (context) => {
    const run = await measuring(context, { latencyMs: 60 });
    run.control.automate({ kind: 'hold', slos: parseSlos('p90<20ms'), maxHz: null });
    await run.until('a tenth back', ({ targetRate }) => targetRate === 900);
  });

  it('soaks at a rate, or at a share of what was found', async (context) => {
    const run = await measuring(context);
    const share = { kind: 'share', fraction: 0.8 } as const;
    expect(run.control.automate({ kind: 'soak', at: share, forMs: null })).toMatchObject({ kind: 'refused' });
    run.control.automate({ kind: 'soak', at: { kind: 'rate', rateHz: 800 }, forMs: null });
    await run.until('800/s', ({ targetRate }) => targetRate === 800);
    expect(run.view().automation?.title).toBe('soak 800/s');
  });
});
