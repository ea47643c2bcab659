import { describe, expect, it } from 'vitest';
import { decodeHistogram, nearestRank, percentileNs } from '../../source/analysis/latency-summary.ts';
import { encodeCounts, toHistogram, WindowBook } from '../../source/session/window-book.ts';
import { random, seeds } from '../measure/support/random.ts';
import { clock, second, zeroMs } from './support/book-rig.ts';
import { answered, tallyOf } from './support/tallies.ts';

describe('WindowBook', () => {
  it('merges intervals to windows of ten seconds', () => {
    const book = new WindowBook();
    for (let at = 3; at < 25; at++) book.add(at * second, answered(at, 5));
    const windows = book.windows(clock, []);
    expect(windows.map(({ timeMs, durationMs }) => [timeMs - zeroMs, durationMs])).toEqual([
      [0, 10_000],
      [10_000, 10_000],
      [20_000, 10_000],
    ]);
    const counts = windows.map(({ response }) => decodeHistogram(response).totalCount);
    expect(counts).toEqual([42, 145, 110]);
    expect(windows.map(({ e2e }) => decodeHistogram(e2e).totalCount)).toEqual(counts);
  });

  it('adds what is not final yet, as it stands, and keeps it out of the book', () => {
    const book = new WindowBook();
    book.add(9 * second, answered(5, 5));
    const open = [
      { startNs: 9.5 * second, tally: answered(7, 5) },
      { startNs: 10 * second, tally: undefined },
      { startNs: 11 * second, tally: answered(9, 5) },
    ];
    for (let time = 0; time < 2; time++) {
      const counts = book.windows(clock, open).map(({ response }) => decodeHistogram(response).totalCount);
      expect(counts).toEqual([12, 9]);
    }
    expect(book.windows(clock, []).map(({ response }) => decodeHistogram(response).totalCount)).toEqual([5]);
  });

  it('has windows without values, and none where there were no intervals', () => {
    const book = new WindowBook();
    expect(book.windows(clock, [])).toEqual([]);
    book.add(second, undefined);
    book.add(31 * second, tallyOf({}));
    expect(book.windows(clock, [])).toEqual([
      { timeMs: zeroMs, durationMs: 10_000, response: null, e2e: null },
      { timeMs: zeroMs + 30_000, durationMs: 10_000, response: null, e2e: null },
    ]);
  });
});

describe('toHistogram', () => {
  it('gives the percentiles of the counts, exactly', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const values = Array.from({ length: whole(1, 300) }, (): [number, number] => [
        whole(1, 2 ** whole(1, 41)) / 1e6,
        1,
      ]);
      const counts = tallyOf({}, { response: values }).latencies.response;
      const histogram = toHistogram(counts);
      expect(histogram.totalCount).toBe(counts.count);
      for (const percentile of [1, 50, 75, 90, 99, 99.9, 99.99, 100]) {
        const rank = nearestRank(percentile, counts.count);
        expect(percentileNs(histogram, percentile)).toBe(counts.valueAtRank(rank));
      }
      expect(histogram.maxValue).toBe(counts.maxNs);
    }
  });

  it('of nothing is nothing', () => {
    expect(encodeCounts(tallyOf({}).latencies.e2e)).toBeNull();
  });
});
