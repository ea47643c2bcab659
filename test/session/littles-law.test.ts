import { describe, expect, it } from 'vitest';
import { EventLog } from '../../source/session/event-log.ts';
import { littleOf, tellLittle } from '../../source/session/littles-law.ts';
import { bookRig, second } from './support/book-rig.ts';

/** One second with 1,000 answers of 4 ms each, and so many message · ms under way. */
function rig(underWayMs: number) {
  const { happenings, add, producer, look } = bookRig();
  look(second);
  add(producer, 'responses', 1000);
  add(producer, 'serviceNs', 1000 * 4e6);
  add(producer, 'underWayNs', underWayMs * 1e6);
  look(2 * second);
  return littleOf(happenings, second, 2 * second);
}

describe("Little's law over a run", () => {
  it.each([
    [4000, 'info', "Little's law holds: 4.00 messages under way by count, 4.00 by rate × service"],
    [
      5000,
      'warning',
      "Little's law does not hold: 5.00 messages under way by count, 4.00 by rate × service; service times or counts are wrong",
    ],
  ])('%s message · ms: %s', (underWayMs, type, message) => {
    const log = new EventLog();
    const check = rig(underWayMs);
    if (check === null) throw new Error('a second is long enough');
    tellLittle(log, check, 7);
    expect(log.events).toMatchObject([
      { timeMs: 7, type, message, fields: { inFlight: underWayMs / 1000, expected: 4 } },
    ]);
  });

  it('is not asked where messages were given up, or where the stretch is cut out of a stall', () => {
    for (const [field, amount] of [
      ['failed', 1],
      ['unknown', 1],
      ['missed', 1],
      ['scheduled', 30],
    ] as const) {
      const { happenings, add, producer, look } = bookRig();
      look(second);
      for (const [total, count] of [
        ['responses', 1000],
        ['scheduled', 1000],
        ['acked', 1000],
        ['serviceNs', 4000e6],
        ['underWayNs', 9000e6],
      ] as const)
        add(producer, total, count);
      add(producer, field, amount);
      look(2 * second);
      expect(littleOf(happenings, second, 2 * second), field).toBeNull();
    }
  });

  it('is not asked where nothing was answered', () => {
    const { happenings, look } = bookRig();
    look(second);
    look(2 * second);
    expect(littleOf(happenings, second, 2 * second)).toBeNull();
  });
});
