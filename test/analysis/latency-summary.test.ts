import { build, initWebAssemblySync } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import {
  createLatencyHistogram,
  decodeHistogram,
  encodeHistogram,
  latencyFigures,
  latencySummary,
  nearestRank,
  percentileNs,
  recordLatency,
  toMs,
} from '../../source/analysis/latency-summary.ts';

const ms = 1e6;

function histogramOf(values: readonly (readonly [ns: number, count: number])[]) {
  const histogram = createLatencyHistogram();
  for (const [ns, count] of values) recordLatency(histogram, ns, count);
  return histogram;
}

test.each([
  [50, 1, 1],
  [50, 2, 1],
  [50, 3, 2],
  [99, 100, 99],
  [99, 101, 100],
  [99.9, 10_000, 9990],
  [99.9, 1000, 999],
  [99.99, 10_000, 9999],
  [95, 20, 19],
  [100, 7, 7],
])('rank of p%d among %d is %d', (percentile, count, rank) => {
  expect(nearestRank(percentile, count)).toBe(rank);
});

describe('values beyond 32 bits', () => {
  test.each([1, 2047, 2048, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 41 - 1, 2 ** 41, 3.6e12])(
    '%d ns keeps three digits, there and back',
    (value) => {
      const histogram = histogramOf([[value, 1]]);
      for (const read of [histogram, decodeHistogram(encodeHistogram(histogram))]) {
        const seen = percentileNs(read, 50) ?? 0;
        expect(Math.abs(seen / value - 1)).toBeLessThan(0.001);
        expect(read.totalCount).toBe(1);
      }
      expect(histogram.maxValue).toBe(value);
    },
  );

  test('more than 2^32 messages in one bucket are counted', () => {
    const histogram = histogramOf([
      [5e9, 5e9],
      [6e9, 1],
    ]);
    const read = decodeHistogram(encodeHistogram(histogram));
    expect(read.totalCount).toBe(5e9 + 1);
    expect(percentileNs(read, 99)).toBeLessThan(5.01e9);
  });
});

test('percentiles agree with the nearest rank of the sorted values', () => {
  const values = Array.from({ length: 1237 }, (_, i) => 1000 + ((i * 7919) % 1237) * 1531);
  const histogram = histogramOf(values.map((value) => [value, 1] as const));
  const sorted = [...values].sort((a, b) => a - b);
  for (const percentile of [1, 10, 50, 75, 90, 95, 99, 99.9, 99.99, 100]) {
    const expected = sorted[nearestRank(percentile, values.length) - 1] ?? 0;
    expect(Math.abs((percentileNs(histogram, percentile) ?? 0) / expected - 1)).toBeLessThan(0.001);
  }
});

test('a merged p99 is not an average', () => {
  const merged = histogramOf([
    [1 * ms, 990],
    [100 * ms, 10],
  ]);
  merged.add(histogramOf([[50 * ms, 100]]));
  expect(latencyFigures(merged).p99Ms).toBeCloseTo(50, 0);
});

test('coordinated omission: a frozen second shows in the percentiles', () => {
  const histogram = createLatencyHistogram();
  for (let i = 0; i < 10_000; i++) {
    const atMs = i;
    recordLatency(histogram, atMs >= 5000 && atMs < 6000 ? (6000 - atMs) * ms : ms);
  }
  const { p90Ms, p95Ms, p99Ms, p999Ms } = latencyFigures(histogram);
  for (const [seen, expected] of [
    [p90Ms, 1],
    [p95Ms, 500],
    [p99Ms, 900],
    [p999Ms, 990],
  ] as const) {
    expect(Math.abs((seen ?? 0) / expected - 1)).toBeLessThan(0.002);
  }
});

test('messages never answered rank above all others', () => {
  const histogram = histogramOf([[ms, 980]]);
  expect(percentileNs(histogram, 99, 0)).not.toBeNull();
  expect(percentileNs(histogram, 98, 20)).not.toBeNull();
  expect(percentileNs(histogram, 99, 20)).toBeNull();
  expect(latencySummary(histogram, { unanswered: 20 })).toMatchObject({ count: 980, p50Ms: 1, p99Ms: null, maxMs: 1 });
});

test('nothing recorded gives nulls and no histogram', () => {
  const summary = latencySummary(createLatencyHistogram());
  expect(summary).toEqual({
    count: 0,
    minMs: null,
    meanMs: null,
    p50Ms: null,
    p75Ms: null,
    p90Ms: null,
    p95Ms: null,
    p99Ms: null,
    p999Ms: null,
    p9999Ms: null,
    maxMs: null,
    hdr: null,
  });
  expect(decodeHistogram(null).totalCount).toBe(0);
});

test('no percentile lies above the maximum, and exact figures win', () => {
  const histogram = histogramOf([[2048 * ms + 1, 3]]);
  const exact = { minNs: 2048 * ms, maxNs: 2048 * ms + 1, sumNs: 3 * 2048 * ms };
  expect(latencySummary(histogram, { exact })).toMatchObject({
    minMs: 2048,
    meanMs: 2048,
    p50Ms: 2048,
    p95Ms: 2048,
    maxMs: 2048,
  });
});

test('recording clamps to 1 ns and one hour', () => {
  const histogram = histogramOf([
    [-5, 1],
    [1e15, 1],
  ]);
  expect(histogram.minNonZeroValue).toBe(1);
  expect(histogram.maxValue).toBe(3.6e12);
});

test('a WebAssembly histogram is read the same way', () => {
  initWebAssemblySync();
  const wasm = build({ useWebAssembly: true, bitBucketSize: 64, highestTrackableValue: 3.6e12, autoResize: false });
  for (let i = 1; i <= 1000; i++) wasm.recordValue(i * ms);
  const summary = latencySummary(wasm);
  wasm.destroy();
  expect(summary.count).toBe(1000);
  expect(Math.abs((summary.p99Ms ?? 0) / 990 - 1)).toBeLessThan(0.001);
  expect(decodeHistogram(summary.hdr).totalCount).toBe(1000);
});

test.each([
  [1, 0],
  [499, 0],
  [500, 0.001],
  [1_234_567, 1.235],
])('%d ns is %d ms', (ns, expected) => {
  expect(toMs(ns)).toBe(expected);
});

test.each([
  [1, null, null, null],
  [999, null, null, null],
  [1_000, 1, null, null],
  [9_999, 1, null, null],
  [10_000, 1, 1, null],
  [100_000, 1, 1, 1],
])('of %d messages only the percentiles that have enough beyond them', (count, p99Ms, p999Ms, p9999Ms) => {
  expect(latencySummary(histogramOf([[ms, count]]))).toMatchObject({ count, p50Ms: 1, p99Ms, p999Ms, p9999Ms });
});
