import { describe, expect, it, vi } from 'vitest';
import { plaintext } from '../../../source/config/security/material.ts';
import { parseSlos } from '../../../source/config/slo.ts';
import { producerTags } from '../../../source/load/lane-ledger.ts';
import { totalAt } from '../../../source/measure/figures.ts';
import { Finder } from '../../../source/session/automation/finder.ts';
import type { Wheel } from '../../../source/session/automation/wheel.ts';
import { RunState } from '../../../source/session/run-state.ts';
import { recordingThread } from '../../measure/support/figures-rig.ts';
import { defaultPlan } from '../../support/default-plan.ts';
import { evenly, ms, noGauges, second } from '../support/book-rig.ts';

const tickNs = 125 * ms;
const eachHz = 150;

/** A search by a clock moved by hand. The cluster answers at once; each producer drives 150 messages a second. */
function searching() {
  const run = new RunState({
    plan: { ...defaultPlan, mode: 'produce-only' },
    sources: {},
    warnings: [],
    security: plaintext,
  });
  run.phase = 'measuring';
  run.timeline.change(ms, { rateHz: 100, phase: 'measuring' });
  const { shared, figures, recorder } = recordingThread(run.timeline.buffer, producerTags);
  run.book.addThread(0, shared);
  run.happenings.addThread(0, shared);
  let nowNs = second;
  let rateHz = 100;
  let producers = 1;
  /** What is due and not sent yet, messages. */
  let behind = 0;
  vi.spyOn(run.clock, 'nowNs').mockImplementation(() => nowNs);
  const turns: string[] = [];
  let opened = Promise.resolve();
  const wheel: Wheel = {
    rate: (hz, { intervalNs = second, why }) => {
      rateHz = hz ?? 0;
      turns.push(`${why.replace('find 1: p90<100ms: ', '')} ${rateHz}${behind > 0 ? ', behind' : ''}`);
      const atNs = run.timeline.moment(nowNs);
      run.timeline.change(atNs, { rateHz, intervalNs, epochKnobs: run.board.snapshot() });
      return atNs;
    },
    knob: async (name, value) => {
      await opened;
      turns.push(`${name} ${value}${behind > 0 ? ', behind' : ''}`);
      producers = Number(value);
      run.board.request('producers', value, 0, false);
    },
  };
  const settings = { number: 1, slos: parseSlos('p90<100ms'), fromHz: 100, maxHz: 200, quick: true, maxTimeMs: null };
  const finder = new Finder(run, wheel, { ...settings, warmUpMs: 0, mostProducers: 2, haste: 1 });
  const tick = async (): Promise<void> => {
    const dueHz = Math.min(rateHz, eachHz * producers);
    behind = Math.max(0, behind + ((rateHz - eachHz * producers) * tickNs) / 1e9);
    const lateNs = (behind / dueHz) * 1e9;
    for (const dueNs of evenly(nowNs, Math.round((dueHz * tickNs) / 1e9), tickNs)) {
      for (const field of ['scheduled', 'sent', 'acked'] as const) recorder.count(field, dueNs, 1);
      if (lateNs > 5 * ms) recorder.count('offeredLate', dueNs, 1);
      for (const [tag, ns] of [lateNs + ms, ms, lateNs].entries()) recorder.record(tag, dueNs, ns);
    }
    nowNs += tickNs;
    figures.totals[totalAt.oldestDueNs] = behind > 0 ? nowNs - lateNs : Number.NaN;
    run.book.refresh();
    run.happenings.sample(nowNs, noGauges);
    run.rows.update(nowNs);
    finder.tick(nowNs);
    await Promise.resolve();
  };
  return {
    run,
    finder,
    turns,
    tick,
    /** New producers take so long to connect. */
    holdBack: (until: Promise<void>) => {
      opened = until;
    },
    until: async (what: () => boolean): Promise<void> => {
      for (let ticks = 0; ticks < 4_000 && !what(); ticks++) await tick();
      expect(what(), turns.join('\n')).toBe(true);
    },
    row: () => finder.row(nowNs),
    stop: () => finder.stop(nowNs, 'taken over'),
    openEpoch: () => run.timeline.change(run.timeline.moment(nowNs), { epochKnobs: run.board.snapshot() }),
  };
}

describe('a step for which the load generator is too slow', () => {
  it('comes again with more producers, once the backlog is gone, and keeps its row', async () => {
    const { finder, turns, until, row } = searching();
    await until(() => finder.over);
    expect(turns).toEqual([
      'step 1, ramp 100',
      'step 2, ramp 200',
      'rest 50, behind',
      'producers 2',
      'step 3, ramp 200',
      'step 4, confirm 200',
    ]);
    const { outcome, steps, knobs } = row();
    expect(steps.map(({ targetRate, verdict }) => `${targetRate} ${verdict}`)).toEqual([
      '100 pass',
      '200 client',
      '200 pass',
      '200 pass',
    ]);
    expect(steps.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect({ outcome, producers: knobs.producers }).toEqual({ outcome: 'at-cap', producers: 2 });
  });
});

describe('epochs', () => {
  it("that open meanwhile are the search's, by whomever: not those of who takes over", async () => {
    const { run, finder, turns, until, tick, stop, openEpoch, holdBack, row } = searching();
    const { promise, resolve } = Promise.withResolvers<void>();
    holdBack(promise);
    await until(() => turns.length === 2);
    openEpoch();
    const fresh = run.timeline.epoch.index;
    await until(() => run.searchEpochs.has(fresh));
    expect(row().epochs).toContain(fresh);
    await until(() => finder.view(0).detail.includes('more producers'));
    stop();
    openEpoch();
    resolve();
    await tick();
    await tick();
    expect(turns.at(-1)).toBe('producers 2');
    expect(run.searchEpochs.has(run.timeline.epoch.index)).toBe(false);
    expect(row().epochs).not.toContain(run.timeline.epoch.index);
    expect(row().outcome).toBe('stopped');
  });
});
