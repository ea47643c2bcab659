import { describe, expect, it } from 'vitest';
import { bucketCount, bucketEndNs, bucketOf, bucketStartNs } from '../../source/measure/buckets.ts';
import { LatencyCounts } from '../../source/measure/latency-counts.ts';
import { random, seeds } from './support/random.ts';

const ms = 1e6;

/** Bucket counts of some values, as a thread's slot holds them. */
function bucketsOf(values: readonly number[]) {
  const counts = new Uint32Array(bucketCount);
  for (const value of values) {
    const bucket = bucketOf(value);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const figures = {
    count: values.length,
    sumNs: values.reduce((sum, value) => sum + value, 0),
    minNs: Math.min(...values),
    maxNs: Math.max(...values),
    clamped: 0,
  };
  return { counts, low: bucketOf(figures.minNs), high: bucketOf(figures.maxNs), figures };
}

function countsOf(values: readonly number[]): LatencyCounts {
  const latencies = new LatencyCounts();
  const { counts, low, high, figures } = bucketsOf(values);
  if (values.length > 0) latencies.addBuckets(counts, low, high, figures);
  return latencies;
}

function contents(latencies: LatencyCounts) {
  const buckets: (readonly [number, number])[] = [];
  latencies.forEach((valueNs, count) => {
    buckets.push([bucketOf(valueNs), count]);
  });
  const { count, sumNs, minNs, maxNs, clamped } = latencies;
  return { count, sumNs, minNs, maxNs, clamped, buckets };
}

describe('LatencyCounts', () => {
  it('is empty at first', () => {
    const empty = new LatencyCounts();
    expect(contents(empty)).toMatchObject({ count: 0, sumNs: 0, maxNs: 0, buckets: [] });
    expect(empty.meanNs).toBe(0);
    expect(empty.valueAtRank(1)).toBe(0);
    expect(empty.countAbove(0)).toBe(0);
  });

  it('merges: the p99 of two parts is no average', () => {
    const merged = countsOf([...Array(990).fill(1 * ms), ...Array(10).fill(100 * ms)]);
    merged.add(countsOf(Array(100).fill(50 * ms)));
    expect(merged.count).toBe(1_100);
    expect(merged.valueAtRank(Math.ceil(1_100 * 0.99)) / (50 * ms)).toBeCloseTo(1, 3);
  });

  it('says the same once it is compact, and goes on counting', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      // Counts that fit into a byte, into two, into four, and beyond.
      for (const most of [3, 300, 70_000, 5e9]) {
        const part = (): LatencyCounts => {
          const { counts, low, high, figures } = bucketsOf(
            Array.from({ length: 40 }, () => whole(1, 2 ** whole(8, 24))),
          );
          const some = new LatencyCounts();
          some.addBuckets(counts, low, high, figures);
          const times = Math.floor(most / 3);
          for (let left = times; left > 1; left = Math.floor(left / 2)) some.add(some);
          return some;
        };
        const [first, second] = [part(), part()];
        const plain = new LatencyCounts();
        plain.add(first);
        const compact = new LatencyCounts();
        compact.add(first);
        compact.compact();
        expect(contents(compact)).toEqual(contents(plain));
        for (const percentile of [1, 50, 99, 100]) {
          const rank = Math.max(1, Math.round((plain.count * percentile) / 100));
          expect(compact.valueAtRank(rank)).toBe(plain.valueAtRank(rank));
        }
        expect(compact.pack()).toEqual(plain.pack());
        const moved = new LatencyCounts();
        moved.add(first);
        moved.add(second);
        first.compact();
        for (const growing of [plain, compact]) growing.replace(first, moved);
        expect(contents(compact)).toEqual(contents(plain));
        expect(contents(compact)).toEqual(contents(moved));
      }
    }
  });

  it('is empty still when it was made compact', () => {
    const empty = new LatencyCounts();
    empty.compact();
    expect(contents(empty)).toMatchObject({ count: 0, buckets: [] });
    empty.add(countsOf([5 * ms]));
    expect(contents(empty)).toEqual(contents(countsOf([5 * ms])));
  });

  it('answers ranks as the sorted values do, to the bucket, and never above the maximum', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const values = Array.from({ length: 400 }, () => whole(1, 2 ** whole(1, 41)));
      const sorted = [...values].sort((a, b) => a - b);
      const latencies = countsOf(values);
      for (let rank = 1; rank <= sorted.length; rank++) {
        const value = sorted[rank - 1] ?? 0;
        expect(latencies.valueAtRank(rank)).toBe(Math.min(bucketEndNs(bucketOf(value)) - 1, latencies.maxNs));
      }
      expect(latencies.valueAtRank(sorted.length)).toBe(sorted.at(-1));
      expect(latencies.valueAtRank(sorted.length + 1)).toBe(sorted.at(-1));
    }
  });

  it('counts what lies above a limit', () => {
    const latencies = countsOf([1, 2047, 10 * ms, 10 * ms, 30 * ms]);
    expect(latencies.countAbove(0)).toBe(5);
    expect(latencies.countAbove(1)).toBe(4);
    expect(latencies.countAbove(9.9 * ms)).toBe(3);
    expect(latencies.countAbove(10.1 * ms)).toBe(1);
    expect(latencies.countAbove(30 * ms)).toBe(0);
    expect(latencies.countAbove(4e12)).toBe(0);
  });

  it('adds up the same in any order and split', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const parts = Array.from({ length: 12 }, () =>
        Array.from({ length: whole(0, 30) }, () => whole(1, 2 ** whole(1, 41))),
      );
      const atOnce = countsOf(parts.flat());
      const oneByOne = new LatencyCounts();
      for (const part of parts) oneByOne.add(countsOf(part));
      const backwards = new LatencyCounts();
      for (const part of parts.toReversed()) {
        const { counts, low, high, figures } = bucketsOf(part);
        backwards.addBuckets(counts, low, high, figures);
      }
      expect(contents(oneByOne)).toEqual(contents(atOnce));
      expect(contents(backwards)).toEqual(contents(atOnce));
    }
  });

  it('puts a later state in the place of an earlier one', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const total = new LatencyCounts();
      const states = Array.from({ length: 3 }, (): { values: number[]; before: LatencyCounts | undefined } => ({
        values: [],
        before: undefined,
      }));
      for (let turn = 0; turn < 40; turn++) {
        const state = states[whole(0, 2)] ?? { values: [], before: undefined };
        for (let i = whole(0, 10); i > 0; i--) state.values.push(whole(1, 2 ** whole(1, 41)));
        const now = countsOf(state.values);
        total.replace(state.before, now);
        state.before = now;
      }
      expect(contents(total)).toEqual(contents(countsOf(states.flatMap(({ values }) => values))));
    }
  });

  it('counts what it reads, where the writer was between two figures', () => {
    const latencies = new LatencyCounts();
    const { counts, low, high, figures } = bucketsOf([5, 6, 7]);
    latencies.addBuckets(counts, low, high, { ...figures, count: 2 });
    expect(latencies.count).toBe(3);
    latencies.addBuckets(counts, low, high, { ...figures, count: 0 });
    expect(latencies.count).toBe(3);
  });

  it('shows each bucket with its lowest value', () => {
    const latencies = countsOf([5_000_001, 5_000_002, 70]);
    const seen: (readonly [number, number])[] = [];
    latencies.forEach((valueNs, count) => {
      seen.push([valueNs, count]);
    });
    expect(seen).toEqual([
      [70, 1],
      [bucketStartNs(bucketOf(5_000_001)), 2],
    ]);
  });
});

describe('packed latencies', () => {
  it('come back as they were, and go on adding up', () => {
    const values = [1, 700, 2 * ms, 2 * ms, 90 * ms, 5000 * ms];
    const text = JSON.stringify(countsOf(values).pack());
    const unpacked = LatencyCounts.unpack(JSON.parse(text));
    expect(contents(unpacked)).toEqual(contents(countsOf(values)));
    unpacked.add(countsOf([3, 9000 * ms]));
    expect(contents(unpacked)).toEqual(contents(countsOf([...values, 3, 9000 * ms])));
  });

  it('are numbers, although the minimum was not written yet when they were read', () => {
    const { counts, low, high, figures } = bucketsOf([5 * ms]);
    const early = new LatencyCounts();
    early.addBuckets(counts, low, high, { ...figures, minNs: Number.POSITIVE_INFINITY });
    expect(early.pack()).toMatchObject({ minNs: 5 * ms, maxNs: 5 * ms });
  });

  it('are null where there are none', () => {
    expect(new LatencyCounts().pack()).toBeNull();
    expect(contents(LatencyCounts.unpack(null))).toEqual(contents(new LatencyCounts()));
  });
});
