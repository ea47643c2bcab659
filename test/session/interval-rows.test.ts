import { describe, expect, it } from 'vitest';
import { bookRig, evenly, knobsOf, ms, second, zeroMs } from './support/book-rig.ts';

describe('IntervalRows', () => {
  it('has a row for every second that is over, from the warm-up on', () => {
    const { timeline, rows, look } = bookRig();
    timeline.change(2.25 * second, { rateHz: 100, phase: 'warm-up' });
    look(1.9 * second);
    expect(rows.rows).toEqual([]);
    timeline.change(4.75 * second, { phase: 'measuring', rateHz: null });
    look(6 * second);
    expect(
      rows.rows.map(({ phase, elapsedMs, durationMs, targetRate }) => [phase, elapsedMs, durationMs, targetRate]),
    ).toEqual([
      ['warm-up', 2_250, 1_000, 100],
      ['warm-up', 3_250, 1_000, 100],
      ['warm-up', 4_250, 500, 100],
      ['measuring', 4_750, 1_000, null],
    ]);
    expect(rows.rows[0]?.timeMs).toBe(zeroMs + 2_250);
    expect(rows.points.map(({ timeMs }) => timeMs)).toEqual(rows.rows.map(({ timeMs }) => timeMs));
  });

  it('counts messages where they were due, and rates where things happened', () => {
    const { timeline, rows, look, send, add, producer } = bookRig();
    timeline.change(second, { rateHz: 100, phase: 'measuring' });
    look(second);
    send(evenly(second, 100), 5 * ms);
    look(2 * second);
    // Of the next second nothing is answered before the one after it.
    const times = evenly(2 * second, 100);
    send(times, null);
    look(3 * second);
    for (const timeNs of times) {
      producer.recorder.count('acked', timeNs, 1);
      producer.recorder.record(0, timeNs, 900 * ms);
    }
    add(producer, 'acked', 100);
    look(4 * second);
    const seen = rows.rows.map(({ scheduled, sent, acked, sentRate, ackedRate }) => [
      scheduled,
      sent,
      acked,
      sentRate,
      ackedRate,
    ]);
    expect(seen).toEqual([
      [100, 100, 100, 100, 100],
      [100, 100, 100, 100, 0],
      [0, 0, 0, 0, 100],
    ]);
    expect(rows.rows[1]?.response).toMatchObject({ count: 100, p50Ms: 900, maxMs: 900 });
    expect(rows.points[1]?.latency.response.p50Ms).toBe(900);
  });

  it('has the bytes of batches on the wire, and how many times more they would be without a codec', () => {
    const { timeline, rows, look, write } = bookRig();
    timeline.change(second, { rateHz: 100, phase: 'measuring' });
    write(1.2 * second, 1_000, 3_000);
    write(1.7 * second, 500, 1_600);
    look(3.1 * second);
    expect(rows.rows.map(({ wireBytesSent, compressionRatio }) => [wireBytesSent, compressionRatio])).toEqual([
      [1_500, 3.067],
      [0, null],
    ]);
  });

  it('is cut again where a span turns out to have begun in the past', () => {
    const { timeline, rows, look } = bookRig();
    timeline.change(second, { rateHz: 100, phase: 'measuring' });
    look(4.1 * second);
    timeline.change(2.9 * second, { rateHz: 0, phase: 'draining' });
    rows.recut(2.9 * second);
    look(4.1 * second);
    const seen = (): unknown => rows.rows.map(({ phase, durationMs }) => [phase, durationMs]);
    const cut = [
      ['measuring', 1_000],
      ['measuring', 900],
      ['draining', 1_000],
    ];
    expect(seen()).toEqual(cut);
    rows.recut(99 * second);
    look(4.2 * second);
    expect(seen()).toEqual(cut);
    expect(rows.points).toHaveLength(3);
  });

  it('ranks what was never answered above everything', () => {
    const { timeline, rows, look, send } = bookRig();
    timeline.change(0.5 * second, { rateHz: 100, phase: 'measuring' });
    send(evenly(0.5 * second, 97), 2 * ms);
    send(evenly(0.5 * second, 3), null);
    look(1.5 * second);
    expect(rows.rows[0]?.response).toEqual({
      count: 97,
      meanMs: 2,
      p50Ms: 2,
      p90Ms: 2,
      p95Ms: 2,
      p99Ms: null,
      p999Ms: null,
      maxMs: 2,
    });
  });

  it('takes means of batches over those of their own second: round trips by answers, queues by first writes', () => {
    const { timeline, rows, look, add, producer } = bookRig();
    timeline.change(second, { rateHz: 100, phase: 'measuring' });
    look(second);
    // Twenty batches are written, and one is answered: the others wait for seconds.
    for (const [field, amount] of [
      ['batches', 20],
      ['batchRecords', 400],
      ['batchFill', 5],
      ['queueNs', 20 * 3 * ms],
      ['acked', 20],
      ['batchesAcked', 1],
      ['roundTripNs', 4 * ms],
    ] as const)
      add(producer, field, amount);
    look(2 * second);
    for (const [field, amount] of [
      ['batches', 1],
      ['batchRecords', 10],
      ['batchFill', 1],
      ['queueNs', 9 * ms],
      ['acked', 380],
      ['batchesAcked', 19],
      ['roundTripNs', 19 * 1_000 * ms],
    ] as const)
      add(producer, field, amount);
    look(3 * second);
    look(4 * second);
    const seen = rows.rows.map(({ batches, recordsPerBatch, batchFill, queueMs, roundTripMs }) => ({
      batches,
      recordsPerBatch,
      batchFill,
      queueMs,
      roundTripMs,
    }));
    expect(seen).toEqual([
      { batches: 20, recordsPerBatch: 20, batchFill: 0.25, queueMs: 3, roundTripMs: 4 },
      { batches: 1, recordsPerBatch: 10, batchFill: 1, queueMs: 9, roundTripMs: 1_000 },
      { batches: 0, recordsPerBatch: null, batchFill: null, queueMs: null, roundTripMs: null },
    ]);
  });

  const job = {
    group: 'job',
    lagMessages: 7,
    lagMs: null,
    uncommittedPartitions: 0,
    commitAgeMs: 800,
    commitAgeAtLeast: false,
    isFresh: true,
  };

  it('shows gauges as they stood at the end of a second', () => {
    const { timeline, rows, look } = bookRig();
    timeline.change(second, { rateHz: 1, phase: 'measuring' });
    look(second, { lagMessages: 1, lagMs: 1, pingMs: 1, host: null });
    look(1.9 * second, { lagMessages: 5, lagMs: 12.3456, pingMs: 0.5, host: null });
    const watched = [{ ...job, lagMs: 12.3456 }];
    look(1.95 * second, { lagMessages: 5, lagMs: 12.3456, pingMs: 0.5, host: null, watched });
    look(2.1 * second, { lagMessages: 9, lagMs: 9, pingMs: 9, host: null });
    expect(rows.rows[0]).toMatchObject({ lagMessages: 5, lagMs: 12.346, pingMs: 0.5 });
    expect(rows.rows[0]?.watched).toEqual([{ group: 'job', lagMessages: 7, lagMs: 12.346, commitAgeMs: 800 }]);
    expect(rows.rows[0]?.host.cpuPercent).toBeNull();
  });

  it('marks the charts where events stand', () => {
    const { timeline, rows, look } = bookRig([
      [1.2 * second, 1],
      [2 * second, 2],
    ]);
    timeline.change(second, { rateHz: 1, phase: 'measuring' });
    look(3 * second);
    expect(rows.points.map(({ marks }) => marks)).toEqual([[1], [2]]);
  });
});

describe('a document in between', () => {
  it('gets a row of the second that is not over, which is made whole later', () => {
    const { timeline, rows, look, send } = bookRig();
    timeline.change(second, { rateHz: 100, phase: 'measuring' });
    look(second);
    send(evenly(second, 30, 0.3 * second), ms);
    look(1.3 * second);
    rows.close(1.3 * second);
    expect(rows.rows).toMatchObject([{ durationMs: 300, scheduled: 30, ackedRate: 100 }]);
    // It is nothing that the last complete seconds could be read from.
    expect(rows.recent(0, 1_000)).toEqual([]);
    rows.close(1.4 * second);
    expect(rows.rows).toMatchObject([{ durationMs: 400 }]);
    // Nothing more happens in that second.
    look(2.1 * second);
    expect(rows.rows).toMatchObject([{ durationMs: 1_000, scheduled: 30, ackedRate: 30 }]);
    expect(rows.recent(0, 1_000)).toHaveLength(1);
    rows.close(2.5 * second);
    look(4 * second);
    expect(rows.rows.map(({ durationMs }) => durationMs)).toEqual([1_000, 1_000, 1_000]);
  });

  it('needs nothing before the load begins', () => {
    const { rows, look } = bookRig();
    look(second);
    rows.close(second);
    expect(rows.rows).toEqual([]);
    expect(rows.oldestOpenNs('response')).toBeNull();
  });
});

describe('the last seconds', () => {
  it('are given newest first, from a time on, without those of draining', () => {
    const { timeline, rows, look, send } = bookRig();
    timeline.change(second, { rateHz: 10, phase: 'measuring' });
    timeline.change(4.5 * second, { phase: 'measuring', epochKnobs: knobsOf() });
    timeline.change(5.5 * second, { phase: 'draining', rateHz: 0 });
    for (const at of [1, 2, 3, 4]) send(evenly(at * second, at * 10), ms);
    look(8 * second);
    const counts = (sinceNs: number, coverMs: number) =>
      rows.recent(sinceNs, coverMs).map(({ tally, durationMs }) => [tally.counts.scheduled, durationMs]);
    expect(counts(0, 60_000)).toEqual([
      [20, 1_000],
      [20, 500],
      [30, 1_000],
      [20, 1_000],
      [10, 1_000],
    ]);
    expect(counts(0, 1_200)).toEqual([
      [20, 1_000],
      [20, 500],
    ]);
    expect(counts(4 * second, 60_000)).toHaveLength(2);
    expect(counts(6 * second, 60_000)).toEqual([]);
  });

  it('say how old the oldest open message is, at least', () => {
    const { timeline, rows, look, send, consume } = bookRig();
    timeline.change(second, { rateHz: 10, phase: 'measuring' });
    send(evenly(second, 10), ms);
    send(evenly(2 * second, 10), ms);
    send([2.9 * second], null);
    consume(evenly(second, 10), 2 * ms);
    look(4.5 * second);
    // Due somewhere in [2, 3) s.
    expect(rows.oldestOpenNs('response')).toBe(3 * second);
    expect(rows.oldestOpenNs('e2e')).toBe(3 * second);
    consume(evenly(second, 1), 2 * ms);
    send([1.5 * second], ms);
    look(4.6 * second);
    expect(rows.oldestOpenNs('e2e')).toBe(3 * second);
  });
});

describe('rows that are final', () => {
  it('leave the book in order, each once, and stay as they are', () => {
    const { timeline, rows, look, send, book } = bookRig();
    timeline.change(second, { rateHz: 10, phase: 'measuring' });
    const final: number[] = [];
    const release = (nowNs: number) => rows.release(nowNs, (number) => final.push(number));
    release(0);
    for (let at = 1; at < 200; at++) {
      send(evenly(at * second, 10), ms);
      look((at + 1) * second);
      release((at + 1) * second);
    }
    expect(final.length).toBeGreaterThan(40);
    expect(final).toEqual(Array.from({ length: final.length }, (_, at) => at + 1));
    expect(book.interval(1)).toBeUndefined();
    expect(rows.rows).toHaveLength(199);
    expect(rows.rows.every(({ scheduled }) => scheduled === 10)).toBe(true);
    const open: number[] = [];
    rows.forEachOpen((number) => open.push(number));
    expect([...final, ...open]).toEqual(Array.from({ length: 199 }, (_, at) => at + 1));
  });

  it('add up to the totals of their phase, also where consumers read on after minutes', () => {
    const { timeline, rows, look, send, consume, book } = bookRig();
    timeline.change(second, { rateHz: 10, phase: 'measuring' });
    for (let at = 1; at < 200; at++) {
      send(evenly(at * second, 10), ms);
      if (at < 20) consume(evenly(at * second, 5), ms);
      look((at + 1) * second);
      rows.release((at + 1) * second, () => undefined);
    }
    for (let at = 41; at < 200; at++) consume(evenly(at * second, at < 20 ? 5 : 10), (200 - at) * second);
    look(200.5 * second);
    for (const field of ['scheduled', 'acked', 'consumed'] as const) {
      const sum = rows.rows.reduce((total, row) => total + row[field], 0);
      expect(sum).toBe(book.epoch(0, 'measuring').counts[field]);
    }
  });
});
