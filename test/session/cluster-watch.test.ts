import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LoadtuiError } from '../../source/errors.ts';
import { ClusterWatch } from '../../source/session/cluster-watch.ts';
import { EventLog } from '../../source/session/event-log.ts';

const nowMs = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
});
afterEach(() => {
  vi.useRealTimers();
});

function rig(partitions = 4) {
  const shared = () => new SharedArrayBuffer(partitions * 8);
  const arrays = { positions: shared(), logEnds: shared(), committed: shared() };
  const of = (buffer: SharedArrayBuffer) => new Float64Array(buffer).fill(Number.NaN);
  const log = new EventLog();
  const table = Array.from({ length: partitions }, (_, partition) => ({ topic: 't', partition }));
  return {
    log,
    positions: of(arrays.positions),
    logEnds: of(arrays.logEnds),
    committed: of(arrays.committed),
    watch: new ClusterWatch(table, 'group', arrays, log),
  };
}

const offsets = (lagMessages: number | null, lagMs: number | null) =>
  ({
    kind: 'offsets',
    asOfMs: nowMs - 3,
    logEndTotal: null,
    lagMessages,
    lagMs,
    lagAtLeast: false,
    laggingPartitions: 0,
  }) as const;

describe('lag', () => {
  it('is shown by partition, the worst first', () => {
    const { watch, positions, logEnds, committed } = rig();
    logEnds.set([100, 200, 300, Number.NaN]);
    positions.set([90, 150, Number.NaN, 7]);
    committed.set([80, Number.NaN, 10, 5]);
    watch.report(offsets(60, 12));
    watch.report({ kind: 'committed', asOfMs: nowMs, committedLagMessages: 310 });
    expect(watch.view()).toEqual({
      group: 'group',
      partitions: 4,
      totalMessages: 60,
      totalMs: 12,
      totalCommittedMessages: 310,
      noAnswerSinceMs: null,
      rows: [
        {
          topic: 't',
          partition: 1,
          logEndOffset: 200,
          position: 150,
          committedOffset: null,
          lag: 50,
          committedLag: null,
        },
        { topic: 't', partition: 0, logEndOffset: 100, position: 90, committedOffset: 80, lag: 10, committedLag: 20 },
        {
          topic: 't',
          partition: 2,
          logEndOffset: 300,
          position: null,
          committedOffset: 10,
          lag: null,
          committedLag: 290,
        },
        {
          topic: 't',
          partition: 3,
          logEndOffset: null,
          position: 7,
          committedOffset: 5,
          lag: null,
          committedLag: null,
        },
      ],
    });
  });

  it("of others' groups is told with the rest, and kept by partition", () => {
    const { log } = rig();
    const shared = (places: number) => new SharedArrayBuffer(places * 8);
    const arrays = { positions: shared(1), logEnds: shared(1), committed: shared(1) };
    const partitions = [0, 1].map((partition) => ({ topic: 'in', partition }));
    const watched = { groups: ['job', 'audit'], partitions, logEnds: shared(2), committed: shared(4) };
    const watch = new ClusterWatch([{ topic: 'out', partition: 0 }], null, arrays, log, watched);
    expect(watch.view().watched).toEqual([]);
    const job = {
      group: 'job',
      lagMessages: 7,
      lagMs: 12,
      uncommittedPartitions: 0,
      commitAgeMs: 1_000,
      commitAgeAtLeast: false,
      isFresh: true,
    };
    watch.report(offsets(null, null));
    watch.report({ kind: 'watched', asOfMs: nowMs, groups: [job] });
    expect(watch.view().watched).toEqual([job]);
    expect(watch.gauges().watched).toEqual([job]);
    new Float64Array(watched.logEnds).set([10, 20]);
    new Float64Array(watched.committed).set([8, 15, Number.NaN, 20]);
    watch.sampleLag(nowMs, 'now');
    const rows = watch.lagSamples.map((row) => [row.topic, row.group, row.partition, row.position, row.committedLag]);
    expect(rows).toEqual([
      ['out', null, 0, 0, 0],
      ['in', 'job', 1, null, 5],
      ['in', 'job', 0, null, 2],
      ['in', 'audit', 1, null, 0],
      ['in', 'audit', 0, null, null],
    ]);
    watch.died(new LoadtuiError('observer died: x', { code: 'THREAD_DIED', fault: 'bug' }));
    expect(watch.view().watched).toEqual([]);
  });

  it('is never negative: a position may run ahead of a log end that is a moment old', () => {
    const { watch, positions, logEnds, committed } = rig(1);
    logEnds[0] = 10;
    positions[0] = 12;
    committed[0] = 11;
    expect(watch.view().rows[0]).toMatchObject({ lag: 0, committedLag: 0 });
    expect(watch.beyond([11])).toEqual([0]);
  });

  it('is shown of two hundred partitions at most', () => {
    const { watch } = rig(500);
    expect(watch.view().rows).toHaveLength(200);
    expect(watch.view().partitions).toBe(500);
  });

  it('is how far consumers stand behind ends that were asked for; who reads nothing is not behind', () => {
    const { watch, positions } = rig(3);
    positions.set([5, 10, Number.NaN]);
    expect(watch.beyond([7, 10, 99])).toEqual([2, 0, 0]);
  });

  it('is sampled every ten seconds, or when it is wanted', () => {
    const { watch, logEnds, positions } = rig(150);
    logEnds.fill(10);
    positions.fill(4);
    watch.sampleLag(nowMs, 'now');
    expect(watch.lagSamples).toEqual([]);
    watch.report(offsets(900, 5));
    watch.sampleLag(nowMs, 'due');
    expect(watch.lagSamples).toHaveLength(100);
    expect(watch.lagSamples[0]).toMatchObject({ timeMs: nowMs, asOfMs: nowMs - 3, group: 'group', lag: 6 });
    watch.sampleLag(nowMs + 9_999, 'due');
    expect(watch.lagSamples).toHaveLength(100);
    watch.sampleLag(nowMs + 9_999, 'now');
    expect(watch.lagSamples).toHaveLength(200);
    watch.sampleLag(nowMs + 20_000, 'due');
    expect(watch.lagSamples).toHaveLength(300);
  });
});

describe('gauges', () => {
  it('are what came last; the slowest broker counts', () => {
    const { watch } = rig();
    expect(watch.gauges()).toEqual({ lagMessages: null, lagMs: null, pingMs: null, host: null });
    watch.report(offsets(5, 6));
    watch.report({
      kind: 'ping',
      asOfMs: nowMs,
      roundTrips: [
        { brokerId: 1, roundTripMs: 0.5 },
        { brokerId: 2, roundTripMs: 3 },
        { brokerId: 3, roundTripMs: null },
      ],
    });
    expect(watch.gauges()).toMatchObject({ lagMessages: 5, lagMs: 6, pingMs: 3 });
    watch.report({ kind: 'ping', asOfMs: nowMs, roundTrips: [{ brokerId: 1, roundTripMs: null }] });
    expect(watch.gauges().pingMs).toBeNull();
  });
});

describe('a cluster that does not answer', () => {
  const silent = (sinceMs: number, about: 'offsets' | 'group' = 'offsets') =>
    ({ kind: 'no-answer', about, sinceMs, message: 'ECONNREFUSED' }) as const;

  it('is told once after two seconds, and shown until it answers again', () => {
    const { watch, log } = rig();
    watch.report(offsets(5, 6));
    watch.report(silent(nowMs - 1_999));
    expect(watch.banner()).toBeNull();
    watch.report(silent(nowMs - 2_000));
    watch.report(silent(nowMs - 2_000));
    expect(log.events.map(({ type }) => type)).toEqual(['disconnect']);
    expect(watch.banner()?.[0]?.text).toMatch(/^NO ANSWER FROM THE CLUSTER SINCE \d\d:\d\d:\d\d$/);
    expect(watch.view().noAnswerSinceMs).toBe(nowMs - 2_000);
    // An old figure is no figure.
    expect(watch.gauges()).toMatchObject({ lagMessages: null, lagMs: null });
    watch.report({ kind: 'answered', about: 'offsets' });
    watch.report({ kind: 'answered', about: 'offsets' });
    expect(log.events.map(({ type }) => type)).toEqual(['disconnect', 'reconnect']);
    expect(watch.banner()).toBeNull();
    expect(watch.gauges().lagMessages).toBe(5);
  });

  it('about other things is not away', () => {
    const { watch, log } = rig();
    watch.report(silent(nowMs - 60_000, 'group'));
    expect(watch.banner()).toBeNull();
    expect(log.events).toEqual([]);
  });

  it('tells of an observer that died and of commits that are refused', () => {
    const { watch, log } = rig();
    watch.died(new LoadtuiError('observer died: x', { code: 'THREAD_DIED', fault: 'bug' }));
    watch.report({ kind: 'commit-refused', group: 'group' });
    expect(log.events.map(({ type, message }) => `${type}: ${message}`)).toEqual([
      'thread: observer died: x',
      'warning: no right to commit for group group: lag is shown from positions only',
    ]);
  });

  it('tells of an observer that falls silent, within two seconds, once, and when it is back', () => {
    const { watch, log } = rig();
    watch.listen(nowMs);
    watch.listen(nowMs + 900);
    // Before its first word nothing is expected of it.
    expect(log.events).toEqual([]);
    watch.report(offsets(5, 6));
    for (let ms = 900; ms <= 1_750; ms += 50) watch.listen(nowMs + ms);
    expect(log.events).toEqual([]);
    for (let ms = 1_800; ms <= 2_500; ms += 100) watch.listen(nowMs + ms);
    expect(log.events.map(({ message }) => message)).toEqual([
      'the observer does not answer: lag, pings and host figures stand still',
    ]);
    expect(watch.observerGone).toBe(true);
    expect(watch.gauges()).toEqual({ lagMessages: null, lagMs: null, pingMs: null, host: null });
    expect(watch.banner()?.[0]?.text).toMatch(/^LAG IS NOT KNOWN SINCE .*: the observer is silent$/);
    vi.setSystemTime(nowMs + 2_600);
    watch.report(offsets(7, 8));
    expect(log.events.at(-1)?.message).toBe('the observer answers again');
    expect(watch.gauges().lagMessages).toBe(7);
    expect(watch.banner()).toBeNull();
  });

  it('judges no observer after main was held up', () => {
    const { watch, log } = rig();
    watch.report(offsets(5, 6));
    watch.listen(nowMs);
    watch.listen(nowMs + 5_000);
    expect(log.events).toEqual([]);
    watch.listen(nowMs + 5_125);
    expect(log.events).toHaveLength(1);
  });
});
