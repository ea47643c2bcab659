import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { bucketOf, highestNs } from '../../source/measure/buckets.ts';
import {
  createFiguresBuffer,
  Figures,
  slotAt,
  slotCount,
  slotFields,
  slotState,
  tagFieldAt,
  tagFields,
  totalAt,
  totalFields,
} from '../../source/measure/figures.ts';
import type { Recorder } from '../../source/measure/recorder.ts';
import { recordingThread, spanTable } from './support/figures-rig.ts';
import { random, seeds } from './support/random.ts';

const second = 1e9;

function nonZero(buckets: Uint32Array) {
  const found: [number, number][] = [];
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    const count = buckets[bucket] ?? 0;
    if (count > 0) found.push([bucket, count]);
  }
  return found;
}

/** Everything a thread has published, interval by interval, without `changes`. */
function published(figures: Figures) {
  return figures.slots
    .filter(({ head }) => (head[slotAt.interval] ?? -1) >= 0)
    .map(({ head, counts }) => ({
      head: [...head].map((value, at) => (at === slotAt.changes ? 0 : value)),
      counts: counts.map(nonZero),
    }));
}

describe('figures', () => {
  it('have a place of their own for every field and bucket', () => {
    const shared = createFiguresBuffer(['response', 'service', 'slip']);
    const writer = new Figures(shared);
    const reader = new Figures(shared);
    let value = 1;
    writer.totals.fill(7);
    for (const { head, counts } of writer.slots) {
      for (let at = 0; at < head.length; at++) head[at] = value++;
      for (const buckets of counts) buckets[buckets.length - 1] = value++;
    }
    let expected = 1;
    for (const { head, counts } of reader.slots) {
      expect(head).toHaveLength(slotFields.length + 3 * tagFields.length);
      for (let at = 0; at < head.length; at++) expect(head[at]).toBe(expected++);
      for (const buckets of counts) expect(buckets[buckets.length - 1]).toBe(expected++);
    }
    expect([...reader.totals]).toEqual(totalFields.map(() => 7));
    expect(reader.slots).toHaveLength(slotCount);
  });

  it('belong to no interval at first', () => {
    const figures = new Figures(createFiguresBuffer(['e2e']));
    expect(figures.slots.every(({ head }) => head[slotAt.interval] === -1)).toBe(true);
  });
});

describe('Recorder', () => {
  it('books counts and latencies under the interval of the intended time', () => {
    const { buffer, table } = spanTable();
    table.open(1.5 * second, 1, 'measuring');
    const { figures, recorder } = recordingThread(buffer, ['response', 'slip']);
    recorder.count('acked', 1.4 * second, 3);
    recorder.record(0, 1.4 * second, 5e6);
    recorder.record(1, 1.4 * second, 0.25);
    recorder.count('acked', 1.5 * second, 4);
    const of = (interval: number) => figures.slots.find(({ head }) => head[slotAt.interval] === interval);
    expect(of(1)?.head[slotAt.acked]).toBe(3);
    expect(of(2)?.head[slotAt.acked]).toBe(4);
    expect(of(2)?.head[slotAt.interval]).toBe(2);
    expect(of(1)?.counts[0]?.[bucketOf(5e6)]).toBe(1);
    expect(of(1)?.head[tagFieldAt(0, 'sumNs')]).toBe(5e6);
    // Nothing is below a nanosecond, so that a histogram has a place for all.
    expect(of(1)?.head[tagFieldAt(1, 'minNs')]).toBe(1);
    expect(of(1)?.head[tagFieldAt(1, 'clamped')]).toBe(0);
  });

  it.each([
    ['negative', -5, 1, 0],
    ['zero', 0, 1, 0],
    ['a fraction of a nanosecond', 0.9, 1, 0],
    ['an hour', highestNs, highestNs, 0],
    ['more than an hour', highestNs + 1, highestNs, 1],
    ['a day', 24 * highestNs, highestNs, 1],
  ])('%s is recorded within the range', (_, valueNs, recordedNs, clamped) => {
    const { buffer } = spanTable();
    const single = recordingThread(buffer, ['e2e']);
    single.recorder.record(0, 10, valueNs);
    const run = recordingThread(buffer, ['e2e']);
    run.recorder.recordRun(0, Float64Array.of(10), Float64Array.of(10), 0, 1, 10 + valueNs);
    for (const { figures } of [single, run]) {
      const head = figures.slots[0]?.head;
      expect(head?.[tagFieldAt(0, 'maxNs')]).toBe(recordedNs);
      expect(head?.[tagFieldAt(0, 'sumNs')]).toBe(recordedNs);
      expect(head?.[tagFieldAt(0, 'clamped')]).toBe(clamped);
      expect(head?.[tagFieldAt(0, 'count')]).toBe(1);
    }
  });

  it('clamps within a run as it does one by one, in the last bucket too', () => {
    const { buffer } = spanTable();
    const single = recordingThread(buffer, ['e2e']);
    const run = recordingThread(buffer, ['e2e']);
    const fromNs = Float64Array.of(5, 4, 3, 2, 1, 0);
    for (const from of fromNs) single.recorder.record(0, 10, highestNs + 3 - from);
    run.recorder.recordRun(0, new Float64Array(6).fill(10), fromNs, 0, 6, highestNs + 3);
    expect(published(run.figures)).toEqual(published(single.figures));
    expect(run.figures.slots[0]?.head[tagFieldAt(0, 'clamped')]).toBe(3);
  });

  it('books what took no time, in a run across intervals, as it does one by one', () => {
    const { buffer, table } = spanTable();
    table.open(1.5 * second, 1, 'measuring');
    const intendedNs = Float64Array.of(0.1, 0.2, 0.9, 1.2, 1.2, 1.5, 1.6, 0.3, 0.4).map((s) => s * second);
    const fromNs = Float64Array.of(7, 8, 9, 7, 6, 5, 9, 9, 4);
    const single = recordingThread(buffer, ['slip']);
    const run = recordingThread(buffer, ['slip']);
    for (const [i, from] of fromNs.entries()) single.recorder.record(0, intendedNs[i] ?? 0, 7 - from);
    run.recorder.recordRun(0, intendedNs, fromNs, 0, intendedNs.length, 7);
    expect(published(run.figures)).toEqual(published(single.figures));
  });

  it('books a run of several producers, whose times go up and down, one by one as well', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const { buffer } = spanTable();
      const runs = recordingThread(buffer, ['e2e']);
      const singles = recordingThread(buffer, ['e2e']);
      const intendedNs = Float64Array.from({ length: 200 }, () => whole(0, 5) * 0.9 * second);
      runs.recorder.countRun('consumed', intendedNs, 3, 190, 1, true);
      runs.recorder.recordRun(0, intendedNs, intendedNs, 3, 190, 6 * second);
      for (const intended of intendedNs.subarray(3, 193)) {
        singles.recorder.count('consumed', intended, 1);
        singles.recorder.record(0, intended, 6 * second - intended);
      }
      expect(published(runs.figures)).toEqual(published(singles.figures));
    }
  });

  it('books a run as it books the messages one by one', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const { buffer, table } = spanTable();
      for (let epoch = 1; epoch < 20; epoch++) table.open(epoch * second + whole(0, 0.9 * second), epoch, 'measuring');
      const runs = recordingThread(buffer, ['response', 'service', 'slip']);
      const singles = recordingThread(buffer, ['response', 'service', 'slip']);
      const intendedNs = new Float64Array(300);
      const offeredNs = new Float64Array(300);
      let nowNs = 0;
      for (let batch = 0; batch < 50; batch++) {
        const start = whole(0, 5);
        const count = whole(1, 200);
        let timeNs = nowNs;
        for (let i = start; i < start + count; i++) {
          // Messages close to each other, now and then a second or more apart; a batch may follow a much later one.
          timeNs += whole(1, 300) === 1 ? whole(0, 2 * second) : whole(0, 2_000_000);
          intendedNs[i] = timeNs;
          offeredNs[i] = timeNs + whole(0, 3) * 1_000;
        }
        nowNs = batch % 7 === 0 ? Math.max(0, nowNs - 2 * second) : timeNs;
        const doneNs = timeNs + whole(1, 2 ** whole(1, 33));
        const bytes = whole(1, 1_000);
        runs.recorder.countRun('acked', intendedNs, start, count, 1);
        runs.recorder.countRun('bytesSent', intendedNs, start, count, bytes);
        runs.recorder.recordRun(0, intendedNs, intendedNs, start, count, doneNs);
        runs.recorder.recordRun(1, intendedNs, offeredNs, start, count, doneNs);
        // In the middle of the batch's own times: of some messages the age is zero or less.
        const middleNs = intendedNs[start + (count >> 1)] ?? 0;
        runs.recorder.recordRun(2, intendedNs, offeredNs, start, count, middleNs);
        for (let i = start; i < start + count; i++) {
          const intended = intendedNs[i] ?? 0;
          singles.recorder.record(2, intended, middleNs - (offeredNs[i] ?? 0));
          singles.recorder.count('acked', intended, 1);
          singles.recorder.count('bytesSent', intended, bytes);
          singles.recorder.record(0, intended, doneNs - intended);
          singles.recorder.record(1, intended, doneNs - (offeredNs[i] ?? 0));
        }
      }
      expect(runs.figures.totals[totalAt.lostIntervals]).toBe(0);
      expect(published(runs.figures)).toEqual(published(singles.figures));
    }
  });

  it('says of every change that there was one', () => {
    const { buffer } = spanTable();
    const { figures, recorder } = recordingThread(buffer, ['slip']);
    const changes = () => figures.slots[0]?.head[slotAt.changes] ?? 0;
    recorder.count('sent', 0, 1);
    const counted = changes();
    expect(counted).toBeGreaterThan(0);
    recorder.record(0, 0, 100);
    const recorded = changes();
    expect(recorded).toBeGreaterThan(counted);
    recorder.raise('givenUpAfterNs', 0, 100);
    expect(changes()).toBeGreaterThan(recorded);
  });
});

/** Main has read everything. */
function takeAll(figures: Figures): void {
  for (const [index, { head }] of figures.slots.entries()) figures.reads[index] = slotState(head);
}

/** Every slot has an interval of its own, from 0 on. */
function fillSlots(recorder: Recorder): void {
  for (let interval = 0; interval < slotCount; interval++) recorder.count('consumed', interval * second, 3);
}

describe('slots', () => {
  it('are given to a later interval, emptied', () => {
    const { buffer } = spanTable();
    const { figures, recorder } = recordingThread(buffer, ['response', 'slip']);
    recorder.record(0, 3 * second, 2_000_000);
    recorder.record(0, 3 * second, 9_000_000_000);
    recorder.record(1, 3 * second, 77);
    recorder.count('failed', 3 * second, 5);
    takeAll(figures);
    const later = 11 * second;
    recorder.record(0, later, 4_000_000);
    const fresh = recordingThread(buffer, ['response', 'slip']);
    fresh.recorder.record(0, later, 4_000_000);
    expect(published(figures)).toEqual(published(fresh.figures));
  });

  it('serve over and over: the memory of the others is never touched', () => {
    const { buffer } = spanTable();
    const { figures, recorder } = recordingThread(buffer, ['response']);
    for (let now = 0; now < 1_000; now++) {
      for (const age of [0, 1, 2]) {
        if (age > now) continue;
        recorder.count('acked', (now - age) * second, 1);
        recorder.record(0, (now - age) * second, 1e6 * (age + 1));
      }
      takeAll(figures);
    }
    expect(figures.slots.filter(({ head }) => head[slotAt.interval] !== -1).length).toBeLessThanOrEqual(12);
    expect(figures.totals[totalAt.lostIntervals]).toBe(0);
  });

  it('are kept while messages have no answer, and once they have, given away', () => {
    const { buffer } = spanTable();
    const { figures, recorder } = recordingThread(buffer, ['response']);
    recorder.count('scheduled', 0, 3);
    recorder.count('acked', 0, 2);
    const intervals = (): readonly number[] => figures.slots.map(({ head }) => head[slotAt.interval] ?? -1);
    for (let now = 1; now < 100; now++) {
      recorder.count('acked', now * second, 1);
      takeAll(figures);
    }
    expect(intervals()[0]).toBe(0);
    recorder.count('unknown', 0, 1);
    takeAll(figures);
    for (let now = 100; now < 120; now++) {
      recorder.count('acked', now * second, 1);
      takeAll(figures);
    }
    expect(intervals()).not.toContain(0);
  });

  it('are opened again for an interval that is heard of again', () => {
    const { buffer } = spanTable();
    const { figures, recorder } = recordingThread(buffer, ['e2e']);
    for (const now of [0, 10, 20]) {
      recorder.count('consumed', now * second, 5);
      takeAll(figures);
    }
    recorder.count('consumed', 0, 1);
    const again = figures.slots.filter(({ head }) => head[slotAt.interval] === 0);
    expect(again.map(({ head }) => head[slotAt.consumed])).toEqual([1]);
  });

  it('are not used anew before main has read them', async () => {
    const { buffer } = spanTable();
    const { shared, figures, recorder } = recordingThread(buffer, ['e2e']);
    fillSlots(recorder);
    // The thread that waits is this one: a worker does main's part, a moment after it is told that this one goes on.
    const going = new Int32Array(new SharedArrayBuffer(4));
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      const reads = new Float64Array(workerData.buffer, workerData.readsAt, 1);
      parentPort.postMessage('ready');
      Atomics.wait(workerData.going, 0, 0);
      Atomics.wait(workerData.going, 0, 1, 5);
      reads[0] = workerData.state;`;
    const head = figures.slots[0]?.head ?? new Float64Array();
    const readsAt = figures.reads.byteOffset;
    const workerData = { buffer: shared.buffer, readsAt, state: slotState(head), going };
    const reader = new Worker(code, { eval: true, workerData });
    await once(reader, 'message');
    Atomics.store(going, 0, 1);
    Atomics.notify(going, 0);
    recorder.count('consumed', slotCount * second, 1);
    expect(figures.reads[0]).toBe(1);
    expect(head[slotAt.interval]).toBe(slotCount);
    expect(head[slotAt.consumed]).toBe(1);
    expect(figures.totals[totalAt.lostIntervals]).toBe(0);
    await reader.terminate();
  });

  it('are used anew all the same when main never reads, and that is said', () => {
    const { buffer } = spanTable();
    const { figures, recorder } = recordingThread(buffer, ['e2e']);
    fillSlots(recorder);
    recorder.count('consumed', slotCount * second, 1);
    expect(figures.slots[0]?.head[slotAt.consumed]).toBe(1);
    expect(figures.totals[totalAt.lostIntervals]).toBe(1);
  });

  it('are found for answers of long ago, in an interval of their own', () => {
    const { buffer } = spanTable();
    const { figures, recorder } = recordingThread(buffer, ['response']);
    recorder.count('acked', 500 * second, 1);
    recorder.count('acked', 100 * second, 2);
    recorder.record(0, 100 * second, 5_000);
    recorder.count('acked', 340 * second, 4);
    const acked = figures.slots.flatMap(({ head }) =>
      head[slotAt.interval] === -1 ? [] : [[head[slotAt.interval], head[slotAt.acked]]],
    );
    expect(acked).toEqual([
      [500, 1],
      [100, 2],
      [340, 4],
    ]);
    expect(figures.totals[totalAt.lostIntervals]).toBe(0);
  });
});
