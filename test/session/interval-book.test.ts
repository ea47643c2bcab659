import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import {
  createLatencyHistogram,
  nearestRank,
  percentileNs,
  recordLatency,
} from '../../source/analysis/latency-summary.ts';
import { latencyTags } from '../../source/config/plan.ts';
import { createFiguresBuffer, slotCount } from '../../source/measure/figures.ts';
import type { LatencyCounts } from '../../source/measure/latency-counts.ts';
import { IntervalBook, Tally } from '../../source/session/interval-book.ts';
import { recordingThread, spanTable } from '../measure/support/figures-rig.ts';
import { random, seeds } from '../measure/support/random.ts';

const second = 1e9;
const percentiles = [0.01, 1, 10, 50, 75, 90, 95, 99, 99.9, 99.99, 100];

/** Ranks read as from an HdrHistogram that got every value itself. */
function expectSame(counts: LatencyCounts, reference: Histogram): void {
  expect(counts.count).toBe(reference.totalCount);
  if (reference.totalCount === 0) return;
  for (const percentile of percentiles) {
    expect(counts.valueAtRank(nearestRank(percentile, counts.count))).toBe(percentileNs(reference, percentile));
  }
  expect(counts.maxNs).toBe(reference.maxValue);
  expect(counts.minNs).toBe(reference.minNonZeroValue);
}

function contents(tally: Tally) {
  return {
    counts: tally.counts,
    latencies: latencyTags.map((tag) => {
      const { count, sumNs, minNs, maxNs, clamped } = tally.latencies[tag];
      const buckets: (readonly [number, number])[] = [];
      tally.latencies[tag].forEach((valueNs, times) => {
        buckets.push([valueNs, times]);
      });
      return { count, sumNs, minNs, maxNs, clamped, buckets };
    }),
  };
}

describe('IntervalBook', () => {
  it('gives the percentiles of an HdrHistogram that was fed directly, by interval and in all', () => {
    for (const seed of seeds) {
      const { whole, next, pick } = random(seed);
      const { buffer, table } = spanTable();
      const book = new IntervalBook(table);
      const { shared, recorder } = recordingThread(buffer, ['response']);
      book.addThread(0, shared);
      const byInterval = new Map<number, Histogram>();
      const all = createLatencyHistogram();
      const scale = pick([1e3, 1e6, 1e9, 2 ** 33]);
      for (let i = 0; i < 3_000; i++) {
        const intendedNs = whole(0, 6 * second);
        // Of every size, with a long tail, now and then beyond what can be recorded.
        const valueNs = whole(1, 100) === 1 ? whole(-5, 4e12) : Math.floor(-Math.log(1 - next()) * scale);
        recorder.record(0, intendedNs, valueNs);
        const interval = Math.floor(intendedNs / second);
        const reference = byInterval.get(interval) ?? createLatencyHistogram();
        byInterval.set(interval, reference);
        recordLatency(reference, valueNs);
        recordLatency(all, valueNs);
        if (whole(1, 300) === 1) book.refresh();
      }
      book.refresh();
      for (const [interval, reference] of byInterval) {
        expectSame(book.interval(interval)?.latencies.response ?? new Tally().latencies.response, reference);
      }
      expectSame(book.epoch(0, 'measuring').latencies.response, all);
      expectSame(book.merge(0, 6).latencies.response, all);
      expectSame(book.phase('measuring', 0, 1).latencies.response, all);
    }
  });

  it('merges two threads to what one would have recorded', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const { buffer, table } = spanTable();
      table.open(2.5 * second, 1, 'measuring');
      table.open(4 * second, 1, 'draining');
      const [split, whole1] = [new IntervalBook(table), new IntervalBook(table)];
      const threads = [recordingThread(buffer, ['response', 'slip']), recordingThread(buffer, ['response', 'slip'])];
      const alone = recordingThread(buffer, ['response', 'slip']);
      for (const [number, { shared }] of threads.entries()) split.addThread(number, shared);
      whole1.addThread(0, alone.shared);
      for (let i = 0; i < 2_000; i++) {
        const thread = threads[whole(0, 1)] ?? alone;
        const intendedNs = whole(0, 6 * second);
        const valueNs = whole(1, 2 ** whole(1, 35));
        const tag = whole(0, 1);
        for (const { recorder } of [thread, alone]) {
          recorder.record(tag, intendedNs, valueNs);
          recorder.count('acked', intendedNs, 1);
          recorder.count('bytesSent', intendedNs, 100);
        }
        if (whole(1, 100) === 1) split.refresh();
      }
      split.refresh();
      whole1.refresh();
      for (const [epoch, phase] of [
        [0, 'measuring'],
        [1, 'measuring'],
        [1, 'draining'],
      ] as const) {
        expect(split.epoch(epoch, phase).counts.acked).toBeGreaterThan(0);
        expect(contents(split.epoch(epoch, phase))).toEqual(contents(whole1.epoch(epoch, phase)));
      }
      for (let interval = 0; interval < 8; interval++) {
        expect(contents(split.merge(interval, interval))).toEqual(contents(whole1.merge(interval, interval)));
      }
    }
  });

  it('says which intervals moved, once', () => {
    const { buffer, table } = spanTable();
    const book = new IntervalBook(table);
    const { shared, recorder } = recordingThread(buffer, ['slip']);
    book.addThread(0, shared);
    recorder.count('sent', 5 * second, 1);
    recorder.count('sent', 2 * second, 1);
    book.refresh();
    expect(book.takeChanged()).toEqual([2, 5]);
    expect(book.takeChanged()).toEqual([]);
    book.refresh();
    expect(book.takeChanged()).toEqual([]);
    recorder.record(0, 2 * second, 5);
    book.refresh();
    expect(book.takeChanged()).toEqual([2]);
    expect(book.interval(3)).toBeUndefined();
  });

  it('sums by epoch and phase, and leaves out what is not asked for', () => {
    const { buffer, table } = spanTable();
    table.open(second, 0, 'warm-up');
    table.open(2 * second, 1, 'measuring');
    table.open(3 * second, 2, 'measuring');
    const book = new IntervalBook(table);
    const { shared, recorder } = recordingThread(buffer, []);
    book.addThread(3, shared);
    for (const [at, amount] of [1, 10, 100, 1_000].entries()) recorder.count('acked', (at + 0.5) * second, amount);
    book.refresh();
    expect(book.epoch(0, 'warm-up').counts.acked).toBe(10);
    expect(book.phase('measuring', 0, 3).counts.acked).toBe(1_101);
    expect(book.phase('measuring', 1, 2).counts.acked).toBe(100);
    expect(book.phase('draining', 0, 3).counts.acked).toBe(0);
  });

  it('has of a maximum the largest that any thread said of any interval, however often it is read', () => {
    const { buffer, table } = spanTable();
    const book = new IntervalBook(table);
    const threads = [0, 1].map((thread) => {
      const { shared, recorder } = recordingThread(buffer, []);
      book.addThread(thread, shared);
      return recorder;
    });
    const [first, other] = threads;
    first?.raise('givenUpAfterNs', 0, 7);
    book.refresh();
    first?.raise('givenUpAfterNs', 0, 9);
    first?.raise('givenUpAfterNs', 0, 8);
    other?.raise('givenUpAfterNs', 0, 5);
    other?.raise('givenUpAfterNs', second, 6);
    book.refresh();
    expect([book.interval(0), book.interval(1)].map((tally) => tally?.counts.givenUpAfterNs)).toEqual([9, 6]);
    expect(book.epoch(0, 'measuring').counts.givenUpAfterNs).toBe(9);
    expect(book.merge(0, 2).counts.givenUpAfterNs).toBe(9);
  });
});

describe('a book that forgets', () => {
  it('goes on with the sums when a forgotten interval moves: nothing is counted twice or lost', () => {
    const { buffer, table } = spanTable();
    table.open(10 * second, 1, 'measuring');
    const book = new IntervalBook(table);
    const { shared, recorder } = recordingThread(buffer, ['e2e']);
    book.addThread(0, shared);
    recorder.count('consumed', 3 * second, 40);
    recorder.record(0, 3 * second, 1e6);
    book.refresh();
    book.release(12);
    // Consumers were paused for minutes and read on.
    recorder.count('consumed', 3 * second, 60);
    recorder.record(0, 3 * second, 200e9);
    book.refresh();
    book.refresh();
    expect(book.epoch(0, 'measuring').counts.consumed).toBe(100);
    expect(book.epoch(0, 'measuring').latencies.e2e.count).toBe(2);
    expect(book.interval(3)).toBeUndefined();
    // Rows and windows are made of intervals that are kept: the rest comes to the oldest of them.
    expect(book.takeChanged()).toContain(12);
    expect(book.interval(12)?.counts.consumed).toBe(60);
    expect(book.interval(12)?.latencies.e2e.count).toBe(1);
  });

  it('keeps the sums of all that a run ever said', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const { buffer, table } = spanTable();
      const book = new IntervalBook(table);
      const { shared, recorder } = recordingThread(buffer, ['response']);
      book.addThread(0, shared);
      const all = createLatencyHistogram();
      let given = 0;
      const rows = new Map<number, number>();
      for (let now = 0; now < 3 * slotCount; now++) {
        for (let i = whole(0, 5); i > 0; i--) {
          const intendedNs = Math.max(0, now - whole(0, whole(1, 4) === 1 ? slotCount - 1 : 3)) * second;
          const valueNs = whole(1, 1e9);
          recorder.record(0, intendedNs, valueNs);
          recorder.count('acked', intendedNs, 1);
          recordLatency(all, valueNs);
          given++;
        }
        book.refresh();
        for (const number of book.takeChanged()) rows.set(number, book.interval(number)?.counts.acked ?? 0);
        book.release(now - 20);
      }
      expectSame(book.epoch(0, 'measuring').latencies.response, all);
      expect(book.epoch(0, 'measuring').counts.acked).toBe(given);
      expect([...rows.values()].reduce((sum, count) => sum + count, 0)).toBe(given);
    }
  });
});

describe('a thread that catches up on ten minutes within moments', () => {
  it('loses nothing', async () => {
    const { buffer, table } = spanTable();
    const book = new IntervalBook(table);
    const shared = createFiguresBuffer(['e2e']);
    book.addThread(0, shared);
    const url = (path: string) => new URL(`../../source/measure/${path}.ts`, import.meta.url).href;
    const code = `
      import { parentPort, workerData } from 'node:worker_threads';
      const { Figures, totalAt } = await import(workerData.figuresUrl);
      const { Recorder } = await import(workerData.recorderUrl);
      const { SpanCursor } = await import(workerData.spansUrl);
      const figures = new Figures(workerData.shared);
      const recorder = new Recorder(figures, new SpanCursor(workerData.spans), totalAt.lostIntervals);
      for (let i = 0; i < 600; i++) {
        recorder.count('consumed', i * 1e9, 7);
        recorder.record(0, i * 1e9, 1e9 + i);
      }
      parentPort.postMessage(figures.totals[totalAt.lostIntervals]);`;
    const workerData = {
      shared,
      spans: buffer,
      figuresUrl: url('figures'),
      recorderUrl: url('recorder'),
      spansUrl: url('spans'),
    };
    const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData });
    const looking = setInterval(() => book.refresh(), 5);
    try {
      const [late] = await once(thread, 'message');
      book.refresh();
      expect(late).toBe(0);
      expect(book.epoch(0, 'measuring').counts.consumed).toBe(600 * 7);
      expect(book.epoch(0, 'measuring').latencies.e2e.count).toBe(600);
    } finally {
      clearInterval(looking);
      await thread.terminate();
    }
  });
});
