import { describe, expect, it } from 'vitest';
import type { Happenings } from '../../source/session/happenings.ts';
import { SteadyWatch } from '../../source/session/steady-watch.ts';
import { bookRig, noGauges, second } from './support/book-rig.ts';

/** A run in which every 125 ms 100 messages are answered after what `responseMs` says of the time. */
function watching(responseMs: (atS: number) => number | null) {
  const rig = bookRig();
  const happenings: Happenings = rig.happenings;
  const watch = new SteadyWatch(happenings);
  let nowNs = 0;
  happenings.sample(0, noGauges);
  return {
    watch,
    until: (endS: number, changedNs = 0): void => {
      while (nowNs < endS * second) {
        nowNs += second / 8;
        const response = responseMs(nowNs / second);
        if (response !== null) {
          rig.add(rig.producer, 'responses', 100);
          rig.add(rig.producer, 'responseNs', response * 1e6 * 100);
        }
        happenings.sample(nowNs, noGauges);
        watch.tick(nowNs, changedNs);
      }
    },
  };
}

describe('the watch for a steady state', () => {
  it('finds the end of the start-up', () => {
    const { watch, until } = watching((atS) => (atS <= 5 ? 50 - 8 * atS : 10 + (Math.round(atS * 8) % 3)));
    until(9);
    expect(watch.steadySinceNs).toBeNull();
    expect(watch.steadiness).toBe('too-early');
    until(25);
    expect((watch.steadySinceNs ?? 0) / second).toBeGreaterThanOrEqual(3.75);
    expect((watch.steadySinceNs ?? 0) / second).toBeLessThanOrEqual(6.25);
  });

  it('says that a response that climbs is not steady', () => {
    const { watch, until } = watching((atS) => 1 + atS);
    until(25);
    expect([watch.steadySinceNs, watch.steadiness]).toEqual([null, 'unsteady']);
  });

  it('starts anew at a change, and waits for one that is still ahead', () => {
    const { watch, until } = watching(() => 5);
    until(20);
    expect(watch.steadySinceNs).toBe(0);
    until(21, 30 * second);
    expect(watch.steadySinceNs).toBe(0);
    until(22, 21 * second);
    expect(watch.steadySinceNs).toBeNull();
    until(33, 21 * second);
    expect(watch.steadySinceNs).toBe(21 * second);
  });

  it('leaves out stretches without answers', () => {
    const { watch, until } = watching((atS) => (atS > 2 && atS <= 9 ? null : 5));
    until(14);
    expect(watch.steadiness).toBe('too-early');
    until(21);
    expect(watch.steadySinceNs).toBe(0);
  });
});
