import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../source/clients/types.ts';
import type { Report } from '../../source/load/protocol.ts';
import { EventLog } from '../../source/session/event-log.ts';
import { LoadWatch } from '../../source/session/load-watch.ts';
import { clock, second, zeroMs } from './support/book-rig.ts';

const thread = { name: 'producer thread 0', role: 'producers', number: 0, dead: false } as const;

function rig() {
  const log = new EventLog();
  const watch = new LoadWatch(log, clock, (partition) => (partition < 9 ? { topic: 'orders', partition } : undefined));
  const report = (one: Report): void => watch.report(thread, one);
  return {
    log,
    watch,
    report,
    event: (event: ClientEvent, atNs = 0): void => report({ kind: 'event', atNs, source: thread.name, event }),
    lines: () => log.events.map(({ type, message }) => `${type}: ${message}`),
  };
}

const gone = (address: string, brokerId = 1): ClientEvent => ({
  kind: 'disconnected',
  brokerId,
  address,
  reason: 'ECONNRESET',
});
const back = (address: string, brokerId = 1): ClientEvent => ({ kind: 'reconnected', brokerId, address });

describe('what clients tell', () => {
  it('of a leader that moves again at once is an event each, once for all threads', () => {
    const { lines, event: tell } = rig();
    const moved = (from: number, to: number): ClientEvent => ({ kind: 'leader-moved', partitionIndex: 3, from, to });
    for (const atNs of [second, 1.1 * second]) tell(moved(1, 2), atNs);
    for (const atNs of [1.9 * second, 2 * second]) tell(moved(2, 3), atNs);
    expect(lines()).toEqual(['leader: orders-3: leader 1 → 2', 'leader: orders-3: leader 2 → 3']);
  });

  it.each<readonly [ClientEvent, string, string | null]>([
    [gone('b1:9092'), 'disconnect: broker 1 (b1:9092) is away: ECONNRESET', 'no connection to b1:9092: ECONNRESET'],
    [{ kind: 'leader-moved', partitionIndex: 3, from: 1, to: 2 }, 'leader: orders-3: leader 1 → 2', null],
    [
      { kind: 'throttled', brokerId: 2, throttleMs: 40 },
      'throttle: broker 2 throttles us by 40 ms',
      'throttled by a quota',
    ],
    [
      { kind: 'error', errorCode: 19, partitionIndex: 3, messages: 40, message: 'NOT_ENOUGH_REPLICAS' },
      'error: NOT_ENOUGH_REPLICAS in orders-3: 40 messages are sent again',
      'NOT_ENOUGH_REPLICAS',
    ],
    [
      { kind: 'error', errorCode: 1, partitionIndex: -1, messages: 0, message: 'broker 1 refuses to fetch' },
      'error: broker 1 refuses to fetch',
      'broker 1 refuses to fetch',
    ],
    [{ kind: 'producer-id', message: 'a new one' }, 'info: a new one', null],
    [{ kind: 'login-renewed', brokerId: 2, tookMs: 3.21 }, 'login: logins are renewed: at broker 2 in 3.2 ms', null],
    [{ kind: 'truncated', partitionIndex: 1, from: 9, to: 5 }, 'warning: orders-1 was truncated: position 9 → 5', null],
  ])('%o is an event', (event, line, trouble) => {
    const { watch, lines, log, event: tell } = rig();
    tell(event, 1.5 * second);
    expect(lines()).toEqual([line]);
    expect(log.events[0]?.timeMs).toBe(zeroMs + 1_500);
    expect(log.events[0]?.mark).toBe(event.kind === 'producer-id' ? null : 1);
    expect(watch.lastTrouble).toBe(trouble);
  });

  it('is one event while it goes on, and another after two seconds of quiet', () => {
    const { lines, event } = rig();
    const throttled: ClientEvent = { kind: 'throttled', brokerId: 1, throttleMs: 5 };
    for (let at = 0; at < 100; at++) event(throttled, at * 0.1 * second);
    event({ ...throttled, brokerId: 2 }, 9.9 * second);
    expect(lines()).toHaveLength(2);
    event(throttled, 11.9 * second);
    expect(lines()).toHaveLength(3);
  });

  it('logins that are renewed all the time are told every two seconds', () => {
    const { lines, event: tell } = rig();
    for (let at = 0; at <= 10; at++) tell({ kind: 'login-renewed', brokerId: at, tookMs: 1 }, at * 0.5 * second);
    expect(lines().map((line) => /broker (\d+)/.exec(line)?.[1])).toEqual(['0', '4', '8']);
  });

  it('raises a banner while a broker is away', () => {
    const { watch, lines, event } = rig();
    expect(watch.banner()).toBeNull();
    event(gone('b1:9092'));
    event(gone('b1:9092'));
    event(gone('b2:9092', 2));
    expect(watch.banner()).toEqual([{ kind: 'cluster-away', text: 'NO CONNECTION TO b1:9092, b2:9092' }]);
    event(back('b1:9092'), second);
    event(back('b1:9092'), second);
    expect(watch.banner()?.[0]?.text).toBe('NO CONNECTION TO b2:9092');
    event(back('b2:9092', 2), second);
    expect(watch.banner()).toBeNull();
    expect(lines().filter((line) => line.startsWith('reconnect'))).toEqual([
      'reconnect: broker 1 (b1:9092) is back',
      'reconnect: broker 2 (b2:9092) is back',
    ]);
  });
});

describe('what threads tell', () => {
  it('failed batches are told by their error, with fields for scripts', () => {
    const { report, log, watch } = rig();
    const failed = { kind: 'failed-batches', errorCode: 19, partitionIndex: 2, messages: 40, fate: 'failed' } as const;
    report({ ...failed, atNs: second });
    report({ ...failed, atNs: 1.1 * second });
    report({ ...failed, atNs: 1.2 * second, errorCode: -2, partitionIndex: 9, messages: 1, fate: 'unknown' });
    expect(log.events.map(({ message, fields }) => [message, fields])).toEqual([
      [
        '40 messages failed: NOT_ENOUGH_REPLICAS in orders-2',
        { code: 'NOT_ENOUGH_REPLICAS', partition: 'orders-2', count: 40, fate: 'failed' },
      ],
      [
        '1 message unknown: TIMED_OUT in partition 9',
        { code: 'TIMED_OUT', partition: 'partition 9', count: 1, fate: 'unknown' },
      ],
    ]);
    expect(watch.lastTrouble).toBe('TIMED_OUT');
  });

  it('a burst of errors is one event, which says as it goes on how many messages it came to', () => {
    const { report, event, log } = rig();
    const outcomes = () => log.events.map(({ outcome }) => outcome);
    const tally = (givenUp: number, retried: number) =>
      report({ kind: 'errors', tallies: [{ code: 19, givenUp, retried, firstMs: 1, lastMs: 2 }] });
    const refused = { kind: 'error', errorCode: 19, partitionIndex: 3, messages: 40, message: 'N' } as const;
    event(refused, second);
    tally(0, 40);
    expect(outcomes()).toEqual([null]);
    event(refused, 2 * second);
    tally(3, 1204);
    expect(outcomes()).toEqual(['1,204 messages in all']);
    tally(5, 1300);
    expect(outcomes()).toEqual(['1,300 messages in all']);
    event(refused, 9 * second);
    tally(5, 1390);
    expect(outcomes()).toEqual(['1,300 messages in all', '90 messages in all']);
    const failed = { kind: 'failed-batches', errorCode: 19, partitionIndex: 2, messages: 1, fate: 'failed' } as const;
    report({ ...failed, atNs: 9.1 * second });
    tally(7, 1390);
    expect(outcomes().at(-1)).toBe('2 messages in all');
  });

  it('missed messages are told as they begin to be, and how many more it were once that is over', () => {
    const { report, lines, log, watch } = rig();
    const miss = (messages: number, atS: number): void => report({ kind: 'missed', atNs: atS * second, messages });
    miss(1_234, 1);
    for (let atS = 2; atS <= 28; atS++) {
      miss(1_000, atS);
      miss(500, atS + 0.5);
      watch.settle((atS + 1) * second);
    }
    expect(lines()).toEqual(['missed: 1,234 messages missed: older than --max-behind before they could be sent']);
    expect(watch.lastTrouble).toBe('messages missed');
    watch.settle(30.6 * second);
    watch.settle(40 * second);
    expect(lines().slice(1)).toEqual(['missed: 40,500 more messages missed in 28 s']);
    expect(log.events.map(({ fields }) => fields)).toEqual([{ count: 1_234 }, { count: 40_500 }]);
    expect(log.events[1]?.timeMs).toBe(zeroMs + 28_500);
    miss(7, 50);
    watch.settle(51 * second, true);
    expect(lines().slice(2)).toEqual(['missed: 7 messages missed: older than --max-behind before they could be sent']);
  });

  it('what is missed to the end of a run is told at its end', () => {
    const { report, lines, watch } = rig();
    for (const atNs of [second, 2 * second]) report({ kind: 'missed', atNs, messages: 10 });
    watch.settle(2 * second, true);
    expect(lines().slice(1)).toEqual(['missed: 10 more messages missed in 1 s']);
  });

  it('everything else is for others', () => {
    const { report, log } = rig();
    report({ kind: 'ready' });
    report({ kind: 'probe-seen', partitionIndex: 0 });
    report({ kind: 'done', id: 1, answer: { kind: 'nothing' } });
    report({ kind: 'refused', id: 1, message: 'no', next: null, code: 'BUG' });
    report({ kind: 'crashed', message: 'x', stack: '' });
    expect(log.events).toEqual([]);
  });
});

describe('heartbeats', () => {
  it('tell of a thread that is stuck and when it is back, once each', () => {
    const { watch, lines } = rig();
    const dead = { name: 'producer thread 2', number: 2, dead: true };
    const starting = { name: 'producer thread 1', number: 1, dead: false };
    const beats = new Map([
      [0, 10 * second],
      [1, 0],
      [2, 1],
    ]);
    const look = (nowNs: number) => watch.heartbeats([thread, starting, dead], beats, nowNs);
    look(12 * second);
    expect(lines()).toEqual([]);
    look(12.1 * second);
    look(15 * second);
    expect(lines()).toEqual(['thread: producer thread 0 does not answer']);
    beats.set(0, 16 * second);
    look(16 * second);
    look(17 * second);
    expect(lines()).toEqual(['thread: producer thread 0 does not answer', 'thread: producer thread 0 answers again']);
  });

  it('answer who is silent and for how long, within two seconds', () => {
    const { watch } = rig();
    const beats = new Map([[0, 10 * second]]);
    const look = (nowNs: number) => watch.heartbeats([thread], beats, nowNs).map(({ silentForNs }) => silentForNs);
    for (let nowNs = 10 * second; nowNs <= 11.75 * second; nowNs += 0.125 * second) expect(look(nowNs)).toEqual([]);
    expect(look(11.875 * second)).toEqual([1.875 * second]);
  });

  it('judge nobody where main was held up itself: the others may have been, too', () => {
    const { watch, lines } = rig();
    const beats = new Map([[0, 10 * second]]);
    watch.heartbeats([thread], beats, 10 * second);
    expect(watch.heartbeats([thread], beats, 14 * second)).toEqual([]);
    expect(lines()).toEqual([]);
    expect(watch.heartbeats([thread], beats, 14.125 * second)).toHaveLength(1);
  });
});
