import { describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../../source/config/plan.ts';
import { plaintext } from '../../../source/config/security/material.ts';
import { parseSlos } from '../../../source/config/slo.ts';
import { Holder } from '../../../source/session/automation/holder.ts';
import { Pilot } from '../../../source/session/automation/pilot.ts';
import { Soaker } from '../../../source/session/automation/soaker.ts';
import type { Wheel } from '../../../source/session/automation/wheel.ts';
import { RunState } from '../../../source/session/run-state.ts';
import { defaultPlan } from '../../support/default-plan.ts';
import { second } from '../support/book-rig.ts';

const slos = parseSlos('p99<10ms');

/** A pilot whose clock is moved by hand. */
function piloted(changes: Partial<Plan> = {}) {
  const run = new RunState({
    plan: { ...defaultPlan, slos, ...changes },
    sources: {},
    warnings: [],
    security: plaintext,
  });
  run.phase = 'measuring';
  let nowNs = second;
  vi.spyOn(run.clock, 'nowNs').mockImplementation(() => nowNs);
  const freshFigures = (): number => {
    run.timeline.change(run.timeline.moment(nowNs), { epochKnobs: run.board.snapshot() });
    return run.timeline.epoch.index;
  };
  const wheel: Wheel = {
    rate: (rateHz, { goesOn = false }) => {
      const atNs = run.timeline.moment(nowNs);
      run.timeline.change(atNs, { rateHz, ...(goesOn ? {} : { epochKnobs: run.board.snapshot() }) });
      return atNs;
    },
    knob: async () => undefined,
  };
  wheel.rate(1000, { why: '' });
  const pilot = new Pilot(run, wheel, { attended: true, haste: 1 });
  const tick = (): void => {
    nowNs += second / 8;
    pilot.tick(nowNs);
  };
  return { run, pilot, wheel, tick, freshFigures };
}

describe('a load that an automation drove', () => {
  it("is the run's own once that is stopped, and its objectives judge it", () => {
    const { run, pilot, wheel, tick, freshFigures } = piloted();
    pilot.begin(new Holder(run, wheel, { slos, maxHz: null }));
    tick();
    expect(run.isSearching).toBe(true);
    freshFigures();
    tick();
    expect(run.isSearching).toBe(true);
    pilot.stop('stopped');
    tick();
    expect(run.isSearching).toBe(false);
    const { index } = run.timeline.epoch;
    tick();
    expect(run.timeline.epoch.index).toBe(index);
    expect([...run.searchEpochs]).toEqual([index - 2, index - 1]);
  });

  it('keeps to what follows at once, and to no epoch from before', () => {
    const { run, pilot, wheel, tick } = piloted();
    pilot.begin(new Holder(run, wheel, { slos, maxHz: null }));
    tick();
    pilot.begin(new Soaker(run, wheel, { rateHz: 500, forMs: null, slos }));
    tick();
    tick();
    expect(run.timeline.epochs.map(({ index }) => run.searchEpochs.has(index))).toEqual([false, false, true, false]);
  });
});

describe('a soak', () => {
  it('is judged over all its epochs, those of fresh figures, too', () => {
    const { run, pilot, wheel, tick, freshFigures } = piloted();
    const asked = vi.spyOn(run.book, 'epoch');
    pilot.begin(new Soaker(run, wheel, { rateHz: 500, forMs: null, slos }));
    tick();
    const first = run.timeline.epoch.index;
    const fresh = freshFigures();
    tick();
    asked.mockClear();
    pilot.stop('stopped');
    expect(new Set(asked.mock.calls.map(([epoch]) => epoch))).toEqual(new Set([first, fresh]));
  });

  it('after a search goes no higher than the cap', () => {
    const { pilot, tick } = piloted({ task: 'find', maxRate: 1000, soak: { fraction: 1.5, forMs: 60_000 } });
    const limits = { fromHz: 100, maxHz: 1000, quick: true, maxTimeMs: null, warmUpMs: 0, mostProducers: 1, haste: 1 };
    const finder = pilot.find({ slos, ...limits });
    const result = { end: 'found', rateHz: 900, passedHz: 900, failedHz: 1000, limitedBy: 'latency' } as const;
    vi.spyOn(finder, 'result', 'get').mockReturnValue(result);
    vi.spyOn(finder, 'over', 'get').mockReturnValue(true);
    tick();
    expect(pilot.active?.title).toBe('soak 1.00 k/s for 1:00 under p99<10ms');
  });
});
