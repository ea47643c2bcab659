/** What recorders, shared memory and the book make of a stream of latencies is what HdrHistogram makes of it. */
import { build, type Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { percentileNs } from '../../source/analysis/latency-summary.ts';
import { highestNs } from '../../source/measure/buckets.ts';
import type { LatencyCounts } from '../../source/measure/latency-counts.ts';
import { IntervalBook } from '../../source/session/interval-book.ts';
import { toHistogram } from '../../source/session/window-book.ts';
import { recordingThread, spanTable } from './support/figures-rig.ts';
import { type Random, random, seeds } from './support/random.ts';

const second = 1e9;
const percentiles = [0.01, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100];

/** A run of values of one batch: recorded together or one by one, under the interval of `intendedNs`. */
interface Stretch {
  readonly together: boolean;
  readonly intendedNs: number;
  readonly valuesNs: readonly number[];
}

const kinds = ['last', 'near', 'zero', 'negative', 'small', 'power', 'any', 'edge'] as const;

function valueAfter({ whole, pick }: Random, lastNs: number): number {
  const kind: (typeof kinds)[number] = pick(kinds);
  switch (kind) {
    case 'last':
      return lastNs;
    case 'near':
      return lastNs + whole(-2, 2);
    case 'zero':
      return 0;
    case 'negative':
      return -whole(1, second);
    case 'small':
      return whole(1, 3);
    case 'power':
      return 2 ** whole(0, 41) + whole(-1, 1);
    case 'any':
      return whole(1, 2 ** whole(1, 41));
    case 'edge':
      return highestNs * pick([1, 1, 2, 24]) + whole(-1, 1);
  }
}

function streamOf(generator: Random): Stretch[] {
  const { whole } = generator;
  let lastNs = 1;
  let timeNs = 0;
  return Array.from({ length: 60 }, () => {
    const valuesNs: number[] = [];
    for (let left = whole(1, 40); left > 0; left--) {
      lastNs = valueAfter(generator, lastNs);
      for (let times = whole(1, 4) === 1 ? whole(1, 30) : 1; times > 0; times--) valuesNs.push(lastNs);
    }
    timeNs += whole(0, second);
    return { together: whole(0, 1) === 1, intendedNs: timeNs, valuesNs };
  });
}

/** The stream by recorders of that many threads, as the session has it in the end. Sums are what the runs answered. */
function recorded(stream: readonly Stretch[], threads: number, { whole }: Random) {
  const { buffer, table } = spanTable();
  const book = new IntervalBook(table);
  const recorders = Array.from({ length: threads }, (_, thread) => {
    const { shared, recorder } = recordingThread(buffer, ['response']);
    book.addThread(thread, shared);
    return recorder;
  });
  let sumNs = 0;
  let togetherNs = 0;
  for (const { together, intendedNs, valuesNs } of stream) {
    const recorder = recorders[whole(0, threads - 1)];
    if (recorder === undefined) throw new Error('there is no such thread');
    if (!together) {
      for (const valueNs of valuesNs) recorder.record(0, intendedNs, valueNs);
    } else {
      const doneNs = 48 * highestNs;
      const intended = new Float64Array(valuesNs.length).fill(intendedNs);
      const from = Float64Array.from(valuesNs, (valueNs) => doneNs - valueNs);
      recorder.recordRun(0, intended, from, 0, valuesNs.length, doneNs);
      sumNs += recorder.runNs;
      togetherNs += valuesNs.reduce((sum, valueNs) => sum + valueNs, 0);
    }
    // Main looks now and then, while slots are half full.
    if (whole(0, 5) === 0) book.refresh();
  }
  book.refresh();
  return { counts: book.phase('measuring', 0, 1).latencies.response, sumNs, togetherNs };
}

/** HdrHistogram, fed directly. */
function reference(valuesNs: readonly number[]): Histogram {
  const histogram = build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestNs,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  for (const valueNs of valuesNs) histogram.recordValue(valueNs);
  return histogram;
}

function contents(counts: LatencyCounts) {
  const buckets: (readonly [number, number])[] = [];
  counts.forEach((valueNs, count) => {
    buckets.push([valueNs, count]);
  });
  const { count, minNs, maxNs, sumNs, clamped } = counts;
  return { count, minNs, maxNs, sumNs, clamped, buckets };
}

describe.each(seeds)('any stream of latencies (seed %i)', (seed) => {
  const stream = streamOf(random(seed));
  const values = stream.flatMap(({ valuesNs }) => valuesNs);
  const clampedValues = values.map((valueNs) => Math.min(highestNs, Math.max(1, valueNs)));
  const { counts, sumNs, togetherNs } = recorded(stream, 1, random(seed + 100));

  it('has the count, extremes and percentiles of HdrHistogram', () => {
    const expected = reference(clampedValues);
    const found = toHistogram(counts);
    expect(counts.count).toBe(values.length);
    expect(found.totalCount).toBe(expected.totalCount);
    expect(counts.minNs).toBe(Math.min(...clampedValues));
    expect(counts.maxNs).toBe(Math.max(...clampedValues));
    for (const percentile of percentiles) {
      expect(percentileNs(found, percentile), `p${percentile}`).toBe(percentileNs(expected, percentile));
    }
    expect(found.mean / expected.mean).toBeCloseTo(1, 3);
  });

  it('counts what is beyond an hour, and keeps exact sums', () => {
    expect(counts.clamped).toBe(values.filter((valueNs) => valueNs > highestNs).length);
    expect(counts.clamped).toBeGreaterThan(0);
    expect(counts.sumNs / clampedValues.reduce((sum, valueNs) => sum + valueNs, 0)).toBeCloseTo(1, 9);
    expect(sumNs / togetherNs).toBeCloseTo(1, 9);
  });

  it('merges from two threads to what one would have recorded', () => {
    const two = contents(recorded(stream, 2, random(seed + 200)).counts);
    const one = contents(counts);
    expect(two.sumNs / one.sumNs).toBeCloseTo(1, 9);
    expect({ ...two, sumNs: 0 }).toEqual({ ...one, sumNs: 0 });
  });
});

it('costs less for a run of a batch than for its messages one by one', () => {
  const { buffer } = spanTable();
  const { recorder } = recordingThread(buffer, ['response']);
  const count = 500;
  const intendedNs = Float64Array.from({ length: count }, (_, index) => index * 1000);
  const doneNs = 5e6;
  const bestMs = (work: () => void): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 40; round++) {
      const startMs = performance.now();
      for (let time = 0; time < 50; time++) work();
      best = Math.min(best, performance.now() - startMs);
    }
    return best;
  };
  const together = () => recorder.recordRun(0, intendedNs, intendedNs, 0, count, doneNs);
  const oneByOne = () => {
    for (let at = 0; at < count; at++) recorder.record(0, intendedNs[at] ?? 0, doneNs - (intendedNs[at] ?? 0));
  };
  // The best of many rounds: what else the machine does is in the others.
  const ratio = bestMs(together) / bestMs(oneByOne);
  expect(ratio).toBeLessThan(1);
});
