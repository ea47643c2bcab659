import { describe, expect, it } from 'vitest';
import { createFiguresBuffer, Figures, type TotalField, totalAt } from '../../source/measure/figures.ts';
import { Happenings } from '../../source/session/happenings.ts';
import { noGauges, second } from './support/book-rig.ts';

function rig(threads = 2) {
  const happenings = new Happenings();
  const figures = Array.from({ length: threads }, (_, thread) => {
    const shared = createFiguresBuffer(['slip']);
    happenings.addThread(thread, shared);
    return new Figures(shared);
  });
  const set = (thread: number, field: TotalField, value: number): void => {
    const totals = figures[thread]?.totals;
    if (totals !== undefined) totals[totalAt[field]] = value;
  };
  return { happenings, set, sample: (timeNs: number) => happenings.sample(timeNs, noGauges) };
}

describe('running totals', () => {
  it('are the sum of all threads; of some things the worst or the oldest counts', () => {
    const { set, sample, happenings } = rig(3);
    for (const [thread, value] of [5, 7, 0].entries()) {
      set(thread, 'acked', value);
      set(thread, 'loopDelayP99Ns', value);
      set(thread, 'heartbeatNs', value);
    }
    set(0, 'oldestDueNs', Number.NaN);
    set(1, 'oldestDueNs', 90);
    set(1, 'lowestE2eNs', -3);
    set(2, 'lowestE2eNs', -8);
    const { totals } = sample(1);
    expect(totals).toMatchObject({ acked: 12, loopDelayP99Ns: 7, heartbeatNs: 5, oldestDueNs: 90, lowestE2eNs: -8 });
    expect(happenings.heartbeats()).toEqual(
      new Map([
        [0, 5],
        [1, 7],
        [2, 0],
      ]),
    );
    set(1, 'oldestDueNs', Number.NaN);
    expect(sample(2).totals.oldestDueNs).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['before the first sample', 0.5, 0],
    ['at a sample', 1, 100],
    ['between two', 1.25, 150],
    ['at the next', 2, 300],
    ['where nothing happened', 2.5, 300],
    ['after the last', 9, 300],
  ])('%s', (_, atS, acked) => {
    const { set, sample, happenings } = rig();
    for (const [atSecond, total] of [
      [1, 100],
      [2, 300],
      [3, 300],
    ] as const) {
      set(0, 'acked', total);
      sample(atSecond * second);
    }
    expect(happenings.at('acked', atS * second)).toBe(acked);
  });

  it('grow over a stretch, and that over its time is a rate', () => {
    const { set, sample, happenings } = rig();
    for (let at = 0; at <= 10; at++) {
      set(0, 'acked', at * 100);
      set(1, 'inFlight', 10 - at);
      sample(at * second);
    }
    expect(happenings.growth('acked', 2.5 * second, 4.5 * second)).toBe(200);
    expect(happenings.rate('acked', 2.5 * second, 4.5 * second)).toBe(100);
    expect(happenings.rate('acked', 5 * second, 5 * second)).toBe(0);
    expect(happenings.rate('acked', 6 * second, 5 * second)).toBe(0);
    // What can fall is no growth.
    expect(happenings.growth('inFlight', 0, 5 * second)).toBe(0);
  });
});

describe('samples', () => {
  it('are found by time', () => {
    const { sample, happenings } = rig();
    expect(happenings.last).toBeUndefined();
    expect(happenings.sampleAt(0)).toBeUndefined();
    for (const at of [2, 4, 6]) sample(at);
    expect(happenings.sampleAt(1)?.timeNs).toBe(2);
    expect(happenings.sampleAt(4)?.timeNs).toBe(4);
    expect(happenings.sampleAt(5)?.timeNs).toBe(4);
    expect(happenings.sampleAt(99)?.timeNs).toBe(6);
    expect(happenings.since(4).map(({ timeNs }) => timeNs)).toEqual([4, 6]);
    expect(happenings.last?.timeNs).toBe(6);
  });

  it('are kept for minutes, and not for ever', () => {
    const { set, sample, happenings } = rig();
    for (let at = 0; at < 2_000; at++) {
      set(0, 'acked', at);
      sample(at * second);
    }
    const kept = happenings.since(0);
    expect(kept.length).toBeGreaterThanOrEqual(200);
    expect(kept.length).toBeLessThanOrEqual(402);
    expect(happenings.growth('acked', 1_850 * second, 1_950 * second)).toBe(100);
  });
});
