import { describe, expect, it, type TestContext } from 'vitest';
import { parseRateSchedule } from '../../source/config/rate-schedule.ts';
import { parseSlos } from '../../source/config/slo.ts';
import { parseCommand } from '../../source/session/commands.ts';
import type { SessionControl } from '../../source/session/view.ts';
import { defaultService, Stage, sideBySide } from './support/live-run.ts';

const ramp = (text: string) => ({ kind: 'ramp', parts: parseRateSchedule(text) }) as const;

async function measuring(context: TestContext, rate = 1000) {
  const stage = new Stage(context);
  return stage.measuring(await stage.sandbox(), { rate, messageSizeBytes: 100 });
}

function answered(control: SessionControl, request: Parameters<SessionControl['automate']>[0]): string {
  const answer = control.automate(request);
  return answer.kind === 'confirm' ? answer.question : answer.message;
}

describe('a ramp', sideBySide, () => {
  it('moves the rate smoothly, every message due by the integral, and stays at its end', async (context) => {
    const run = await measuring(context);
    expect(answered(run.control, ramp('1k:5k:2s'))).toBe('ramp 1k:5k:2s');
    await run.until('half way up', ({ targetRate }) => targetRate !== null && targetRate > 3000);
    expect(run.view().automation).toMatchObject({ kind: 'ramp', title: 'ramp 1k:5k:2s' });
    await run.until('over', ({ automation }) => automation === null);
    expect(run.view().targetRate).toBe(5000);
    await run.more(8000);
    const { document } = await run.quit();
    expect(document.totals).toMatchObject({ missing: 0, duplicated: 0, reordered: 0, missed: 0 });
    const epoch = document.epochs.find(({ knobs }) => knobs.rate?.requested === 5000);
    const rows = document.intervals.filter((row) => row.epoch === epoch?.index && row.durationMs >= 900);
    // 1,000 → 3,000 and 3,000 → 5,000 on average, then 5,000.
    expect(rows[0]?.targetRate).toBeCloseTo(2000, -1);
    expect(rows[0]?.scheduled).toBeCloseTo(2000, -1);
    expect(rows[1]?.scheduled).toBeCloseTo(4000, -1);
    expect(rows[2]?.scheduled).toBeCloseTo(5000, -1);
    expect(document.events.map(({ message }) => message)).toContain('ramp 1k:5k:2s: over, at 5.00 k/s');
  });

  it('is a part of the plan: once the warm-up is over, in steps that have epochs of their own', async (context) => {
    const stage = new Stage(context);
    const rateSchedule = parseRateSchedule('500:1500:1500ms:step=500ms');
    const run = stage.run(await stage.sandbox(), { rate: 500, rateSchedule, durationMs: 2500 });
    const { document } = await run.result;
    const rates = document.epochs.map(({ knobs }) => knobs.rate?.requested);
    expect(rates.slice(-3)).toEqual([500, 1000, 1500]);
    expect(document.totals.scheduled).toBe(document.totals.acked);
  });

  it('is a load like any other: objectives are judged by it', async (context) => {
    const stage = new Stage(context);
    const sandbox = await stage.sandbox({ service: { ...defaultService, latencyMs: 50 } });
    const plan = { rate: 1000, rateSchedule: parseRateSchedule('1k:2k:2s'), slos: parseSlos('p90<20ms') };
    const { document } = await stage.run(sandbox, { ...plan, durationMs: 2000 }).result;
    expect(document.slos).toMatchObject([{ held: false }]);
    expect(document.run.verdict.reasons.join()).toContain('response.p90<20ms was broken');
  });

  it('turns round, and is held where it stands', async (context) => {
    const run = await measuring(context);
    run.control.automate(ramp('1k:9k:4s'));
    await run.until('some way up', ({ targetRate }) => targetRate !== null && targetRate > 2500);
    expect(run.control.reverse()).toMatchObject({ kind: 'done' });
    const top = run.view().targetRate ?? 0;
    await run.until('some way down', ({ targetRate }) => targetRate !== null && targetRate < top - 800);
    expect(run.view().automation?.progress).toContain('going back');
    expect(run.control.stopAutomation()).toMatchObject({ kind: 'done' });
    await run.until('held', ({ automation }) => automation === null);
    await run.event('search', 'stopped, at');
    const held = run.view().knobs.find(({ name }) => name === 'rate')?.requested;
    await run.until('that rate holds', ({ targetRate }) => targetRate === held);
    const { targetRate } = run.view();
    expect(targetRate).toBeGreaterThan(900);
    expect(targetRate).toBeLessThan(top);
    await run.more(500);
    expect(run.view().targetRate).toBe(targetRate);
  });

  it('goes on after a pause from where it stood', async (context) => {
    const run = await measuring(context);
    run.control.automate(ramp('1k:9k:4s'));
    await run.until('some way up', ({ targetRate }) => targetRate !== null && targetRate > 3000);
    run.control.pauseLoad();
    await run.until('silence', ({ sentRate }) => sentRate === 0);
    run.control.resumeLoad();
    await run.until('it moves on', ({ targetRate }) => targetRate !== null && targetRate > 3000);
    // A ramp that ran on meanwhile, or began anew, would stand elsewhere.
    expect(run.view().targetRate).toBeLessThan(6000);
    await run.until('over', ({ automation }) => automation === null);
    expect(run.view().targetRate).toBe(9000);
  });

  it('gives way to the operator, who is asked first', async (context) => {
    const run = await measuring(context);
    run.control.automate(ramp('1k:3k:20s'));
    await run.until('it is on its way', ({ targetRate }) => targetRate !== null && targetRate > 1000);
    expect(run.control.setKnob('rate', 700)).toEqual({ kind: 'confirm', question: 'take over from ramp 1k:3k:20s?' });
    expect(run.view().automation).not.toBeNull();
    expect(run.control.setKnob('rate', 700, true)).toMatchObject({ kind: 'done' });
    expect(run.view().automation).toBeNull();
    await run.event('search', 'taken over');
    await run.until('the rate asked for', ({ targetRate }) => targetRate === 700);
    expect(run.control.undo()).toMatchObject({ kind: 'done' });
  });

  it('is where keys and relative values step on from', async (context) => {
    const run = await measuring(context);
    run.control.automate(ramp('1k:9k:30s'));
    await run.until('it is on its way', ({ targetRate }) => targetRate !== null && targetRate > 1500);
    const view = run.view();
    const present = Number(view.targetRate?.toPrecision(3));
    expect(view.knobs.find(({ name }) => name === 'rate')).toMatchObject({ requested: present, applied: present });
    expect(parseCommand('rate *2', view)).toEqual({ kind: 'knob', name: 'rate', value: 2 * present });
    run.control.pauseLoad();
    await run.until('silence', ({ sentRate }) => sentRate === 0);
    const paused = Number(run.view().knobs.find(({ name }) => name === 'rate')?.requested);
    expect(paused).toBeGreaterThanOrEqual(present);
    expect(paused).toBeLessThan(9000);
  });

  it('is refused above the cap, and where there is no load yet', async (context) => {
    const stage = new Stage(context);
    const run = stage.run(await stage.sandbox(), { maxRate: 2000, warmUpMs: 3000 });
    await run.reached('warm-up');
    expect(answered(run.control, ramp('1k:2k:5s'))).toBe('once the warm-up is over');
    await run.reached('measuring');
    expect(answered(run.control, ramp('1k:3k:5s'))).toContain('above the cap of 2.00 k/s');
  });
});
