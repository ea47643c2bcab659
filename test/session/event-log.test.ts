import { describe, expect, it } from 'vitest';
import { EventLog } from '../../source/session/event-log.ts';
import type { SessionEvent } from '../../source/session/view.ts';

describe('EventLog', () => {
  it('tells of every event, and numbers the marks', () => {
    const log = new EventLog();
    const told: SessionEvent[] = [];
    log.onEvent((event) => told.push(event));
    log.add(1, 'info', 'a');
    log.add(2, 'knob', 'b', { knob: 'rate' }, true);
    log.add(3, 'pause', 'c', {}, true);
    expect(log.events).toEqual([
      { timeMs: 1, type: 'info', message: 'a', outcome: null, mark: null, fields: {} },
      { timeMs: 2, type: 'knob', message: 'b', outcome: null, mark: 1, fields: { knob: 'rate' } },
      { timeMs: 3, type: 'pause', message: 'c', outcome: null, mark: 2, fields: {} },
    ]);
    expect(told).toEqual(log.events);
    expect(log.newest(2)).toEqual(log.events.slice(1));
  });

  it('is in order of time, although changes are noted ahead of their moment', () => {
    const log = new EventLog();
    log.add(100, 'knob', 'a', {}, true);
    const later = log.add(250, 'knob', 'b', {}, true);
    log.add(150, 'pause', 'c', {}, true);
    log.add(250, 'info', 'd');
    log.conclude(later, 'done');
    expect(log.events.map(({ timeMs, message, outcome }) => [timeMs, message, outcome])).toEqual([
      [100, 'a', null],
      [150, 'c', null],
      [250, 'b', 'done'],
      [250, 'd', null],
    ]);
  });

  it('notes what came of an event, in its place and without telling it anew', () => {
    const log = new EventLog();
    const [first] = [log.add(1, 'knob', 'a'), log.add(2, 'knob', 'b')];
    let told = 0;
    log.onEvent(() => told++);
    log.conclude(first, 'p99 1 → 2 ms');
    expect(log.events.map(({ message, outcome }) => [message, outcome])).toEqual([
      ['a', 'p99 1 → 2 ms'],
      ['b', null],
    ]);
    expect(told).toBe(0);
    // What was handed out before stays as it was.
    expect(first.outcome).toBeNull();
    log.conclude({ ...first }, 'of another log');
    expect(log.events[0]?.outcome).toBe('p99 1 → 2 ms');
  });

  it('keeps the newest ten thousand', () => {
    const log = new EventLog();
    const gone = log.add(-1, 'info', 'first');
    for (let at = 0; at < 10_000; at++) log.add(at, 'info', String(at), {}, true);
    expect(log.events).toHaveLength(10_000);
    expect(log.events[0]?.timeMs).toBe(0);
    expect(log.events.at(-1)?.mark).toBe(10_000);
    log.conclude(gone, 'too late');
    expect(log.events.some(({ outcome }) => outcome !== null)).toBe(false);
  });

  it('tells what came of an event, with the event as it was', () => {
    const log = new EventLog();
    const told: (readonly [SessionEvent, SessionEvent])[] = [];
    log.onOutcome((before, now) => told.push([before, now]));
    const event = log.add(1, 'knob', 'a');
    const concluded = log.conclude(event, 'better');
    expect(told).toEqual([[event, { ...event, outcome: 'better' }]]);
    expect(told[0]?.[1]).toBe(concluded);
  });
});
