import { describe, expect, it } from 'vitest';
import { EventLog } from '../../source/session/event-log.ts';
import { Outcomes } from '../../source/session/outcomes.ts';
import { bookRig, evenly, ms, second } from './support/book-rig.ts';

/** Ten seconds at 2 ms, then, from a change at 11 s on, as long at 8 ms. */
function rig(perSecond = 200) {
  const books = bookRig();
  const log = new EventLog();
  const outcomes = new Outcomes(log, books.rows);
  books.timeline.change(second, { rateHz: perSecond, phase: 'measuring' });
  for (let at = 1; at < 11; at++) books.send(evenly(at * second, perSecond), 2 * ms);
  books.look(11 * second);
  const event = log.add(0, 'knob', 'linger 0 ms → 5 ms', {}, true);
  const go = (): void => {
    for (let at = 11; at < 21; at++) books.send(evenly(at * second, perSecond), 8 * ms);
    books.look(21 * second);
  };
  return { ...books, log, outcomes, event, go };
}

describe('Outcomes', () => {
  it('notes the p99 before and after, once six seconds have passed', () => {
    const { outcomes, log, event, go } = rig();
    outcomes.watch(event, 11 * second);
    go();
    outcomes.conclude(16.9 * second, null);
    expect(log.events[0]?.outcome).toBeNull();
    outcomes.conclude(17 * second, null);
    expect(log.events[0]?.outcome).toBe('p99 2.00 → 8.00 ms');
    outcomes.conclude(30 * second, null);
    expect(log.events).toHaveLength(1);
  });

  it('adds how soon the load was steady again, once that is known', () => {
    const { outcomes, log, event, go } = rig();
    outcomes.watch(event, 11 * second);
    go();
    // Steady since before the change: nobody knows yet.
    outcomes.conclude(17 * second, 3 * second);
    expect(log.events[0]?.outcome).toBe('p99 2.00 → 8.00 ms');
    outcomes.conclude(22 * second, 14 * second);
    expect(log.events[0]?.outcome).toBe('p99 2.00 → 8.00 ms, steady after 3 s');
    outcomes.conclude(23 * second, 15 * second);
    expect(log.events[0]?.outcome).toBe('p99 2.00 → 8.00 ms, steady after 3 s');
  });

  it('notes what a codec does to batches, where it does something', () => {
    for (const [before, after, expected] of [
      [1_000, 325, 'p99 2.00 → 8.00 ms, compressed 1.00× → 3.1×'],
      [1_000, 980, 'p99 2.00 → 8.00 ms'],
    ] as const) {
      const { outcomes, log, event, go, write, look } = rig();
      write(8 * second, before, 1_000);
      look(11 * second);
      outcomes.watch(event, 11 * second);
      write(16.5 * second, after, 1_000);
      go();
      outcomes.conclude(17 * second, null);
      expect(log.events[0]?.outcome).toBe(expected);
    }
  });

  it('gives up on a load that is not steady after a minute', () => {
    const { outcomes, log, event, go } = rig();
    outcomes.watch(event, 11 * second);
    go();
    outcomes.conclude(72 * second, null);
    outcomes.conclude(73 * second, 70 * second);
    expect(log.events[0]?.outcome).toBe('p99 2.00 → 8.00 ms');
  });

  it('says nothing of too few messages', () => {
    const { outcomes, log, event, go } = rig(50);
    outcomes.watch(event, 11 * second);
    go();
    outcomes.conclude(17 * second, null);
    expect(log.events[0]?.outcome).toBeNull();
  });

  it('looks at the last change where several follow each other', () => {
    const { outcomes, log, event, go } = rig();
    outcomes.watch(event, 11 * second);
    const next = log.add(1, 'knob', 'linger 5 ms → 10 ms', {}, true);
    outcomes.watch(next, 12 * second);
    go();
    outcomes.conclude(20 * second, null);
    expect(log.events.map(({ outcome }) => outcome)).toEqual([null, 'p99 2.00 → 8.00 ms']);
  });

  it('does not take what was never answered for quick', () => {
    const { outcomes, log, event, send, look, go } = rig();
    outcomes.watch(event, 11 * second);
    send(evenly(16 * second, 100), null);
    go();
    look(21 * second);
    outcomes.conclude(20 * second, null);
    // More than one in a hundred is open: no p99 is known.
    expect(log.events[0]?.outcome).toBeNull();
  });
});
