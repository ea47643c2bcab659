import { describe, expect, it } from 'vitest';
import { parseSlos } from '../../source/config/slo.ts';
import type { AutomationRequest } from '../../source/session/automation/requests.ts';
import { defaultService, type LiveRun, Stage, sideBySide } from './support/live-run.ts';

const soak = (rateHz: number, forMs: number | null): AutomationRequest => ({
  kind: 'soak',
  at: { kind: 'rate', rateHz },
  forMs,
});
const hold = (slos: string): AutomationRequest => ({ kind: 'hold', slos: parseSlos(slos), maxHz: null });

const told = (run: LiveRun): string => run.events.map(({ message }) => message).join('\n');

describe('a soak', sideBySide, () => {
  it('is judged by all objectives, over all of its messages', async (test) => {
    const stage = new Stage(test);
    const sandbox = await stage.sandbox();
    const plan = { rate: 500, slos: parseSlos('p50<5s, lag<300ms, achieved>99%') } as const;
    const run = await stage.measuring(sandbox, plan, { attended: true });
    run.control.automate(soak(600, null));
    await run.until('judged', ({ automation }) => automation?.detail.includes('0.00 % over p50<5s') === true);
    // What is read falls behind what is written.
    await sandbox.setService({ fetchMessagesPerSecond: 100 });
    await run.event('slo', 'soak 600/s under p50<5s, lag<300ms, achieved>99%: lag<300ms is broken');
    expect(run.view().automation?.detail).toContain('lag<300ms BROKEN');
    await sandbox.setService({ fetchMessagesPerSecond: null });
    run.control.stopAutomation();
    expect(told(run)).toMatch(/soak 600\/s .* stopped after 0:\d\d: BROKEN/);
  });

  it('counts messages that nobody answers, and is judged where it is broken off', async (test) => {
    const stage = new Stage(test);
    const sandbox = await stage.sandbox();
    const task = { task: 'find', rate: 500, fromRate: 500, maxRate: 1000, quick: true, acks: 1 } as const;
    const plan = { ...task, soak: { fraction: 0.5, forMs: 600_000 }, slos: parseSlos('p50<1s') };
    const run = stage.run(sandbox, plan, { searchHaste: 20 });
    await run.until('the soak', ({ automation }) => automation?.kind === 'soak', 90_000);
    await sandbox.inject({ kind: 'stall', durationMs: 8_000 });
    await run.until('broken', ({ automation }) => automation?.detail.includes('p50<1s BROKEN') === true);
    const { document, exitCode } = await run.quit();
    expect(document.search?.outcome).toBe('at-cap');
    expect(exitCode).toBe(4);
    expect(document.run.verdict.reasons[0]).toContain('the soak after it broke p50<1s');
  });
});

describe('holding', sideBySide, () => {
  it('steps back where lag is larger than allowed, though it does not grow', async (test) => {
    const stage = new Stage(test);
    const run = await stage.measuring(await stage.sandbox(), { rate: 400, maxRate: 400 }, { attended: true });
    // Records are read up to a second late.
    run.control.setKnob('fetchMinBytes', 1_000_000);
    run.control.setKnob('fetchMaxWaitMs', 1_000);
    run.control.automate(hold('lag<20ms'));
    await run.until('a tenth back', ({ automation }) => automation?.detail.includes('broken (lag)') === true);
    await run.until('360/s', ({ targetRate }) => targetRate === 360);
    run.control.stopAutomation();
  });
});

describe('whoever ends the run', sideBySide, () => {
  it('ends the search in it: it is stopped in the file, and no more on the screen', async (test) => {
    const stage = new Stage(test);
    const sandbox = await stage.sandbox({ service: { ...defaultService, latencyMs: 600 } });
    const run = await stage.measuring(sandbox, { rate: 500 }, { attended: true });
    const find = { kind: 'find', fromHz: 200, maxHz: 1600, quick: true, maxTimeMs: null, resume: false } as const;
    run.control.automate({ ...find, slos: parseSlos('p99<1s') });
    await run.until('a step', ({ searches }) => (searches[0]?.steps.length ?? 0) > 0);
    run.control.stop('quit');
    await run.until('draining', ({ phase }) => phase !== 'measuring');
    expect(run.view().automation).toBeNull();
    const { document } = await run.result;
    expect(document.search).toMatchObject({ outcome: 'stopped', maxSustainableRate: null });
    expect(told(run)).toContain('find 1: p99<1s: stopped');
  });
});
