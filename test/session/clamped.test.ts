import { expect, it } from 'vitest';
import { tellClamped } from '../../source/session/clamped.ts';
import { EventLog } from '../../source/session/event-log.ts';
import { bookRig, second } from './support/book-rig.ts';

const hour = 3600 * second;

it('tells of latencies beyond an hour, and only of those', () => {
  const { send, consume, look, book } = bookRig();
  send([0, 1, 2], hour);
  consume([0], hour - 1);
  consume([1, 2], hour + 1);
  look(second);
  const log = new EventLog();
  tellClamped(log, book.phase('before', 0, 1).latencies, 7);
  expect(log.events).toMatchObject([
    {
      timeMs: 7,
      type: 'warning',
      message: 'e2e: 2 of more than an hour, recorded as one hour; true maximum and mean are higher',
      fields: { tag: 'e2e', clamped: 2 },
    },
  ]);
});
