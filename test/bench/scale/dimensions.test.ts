import { describe, expect, it } from 'vitest';
import { endsOf, type Point } from '../../../bench/scale/dimension.ts';
import { dimensions } from '../../../bench/scale/dimensions.ts';
import { chartSvg } from '../../../bench/scale/plot.ts';
import type { PointResult } from '../../../bench/scale/results.ts';
import { resolveWritten } from '../../config/support.ts';

const all = Object.values(dimensions);
const cases = all.flatMap(({ name, flags, points }) =>
  points.map(({ series, x, flags: own }): [string, readonly string[]] => [
    `${name}, ${series}, ${x ?? 'max'}`,
    [...flags, ...own],
  ]),
);

/** Each point twice as expensive as the one before. */
function resultOf({ series, x, flags }: Point, index: number): PointResult {
  const processNs = 100 * 2 ** index;
  return {
    ...{ series, x, flags: [...flags], askedPerSecond: x, heldPerSecond: x ?? 3_000_000, readPerSecond: 1000 },
    ...{ processNs, producersNs: processNs / 2, consumersNs: 1, rssBytes: 2e8 + index, roundsNs: [processNs] },
    ...{ exitCode: 0, verdict: 'done', reasons: [] },
  };
}

describe('dimensions', () => {
  it.each(cases)('%s is a plan that loadtui takes', (_, args) => {
    const { plan } = resolveWritten({ args: ['--brokers', 'localhost:9092', ...args] });
    expect(plan.brokers).not.toBeNull();
  });

  it.each(all.map((dimension) => [dimension.name, dimension] as const))(
    '%s draws its charts',
    (_, { points, charts }) => {
      for (const { lines, ...rest } of charts) {
        const known = lines(points.map(resultOf)).filter((line) => line.points.length > 0);
        expect(chartSvg({ ...rest, notes: ['', ''], lines: known })).toContain('<polyline');
      }
    },
  );

  it('writes no two charts into one file', () => {
    const files = all.flatMap(({ charts }) => charts.map(({ file }) => file));
    expect(new Set(files).size).toBe(files.length);
  });

  it('reckons memory by partition beyond that of one', () => {
    const chart = dimensions.partitions.charts.find(({ file }) => file === 'partitions-memory-each');
    const results = dimensions.partitions.points.map((point, index) => ({
      ...resultOf(point, index),
      rssBytes: 1e8 + (point.x === 1 ? 0 : (point.x ?? 0) * 2048),
    }));
    expect(chart?.lines(results)[0]?.points).toEqual([
      { x: 100, y: 2 },
      { x: 1000, y: 2 },
      { x: 10_000, y: 2 },
    ]);
  });
});

describe('endsOf', () => {
  it('takes the first and the last point of each series', () => {
    const point = (series: string, x: number): Point => ({ series, x, flags: [] });
    const points = [point('a', 1), point('a', 2), point('a', 3), point('b', 1), point('c', 1), point('c', 2)];
    expect(endsOf(points).map(({ series, x }) => `${series}${x}`)).toEqual(['a1', 'a3', 'b1', 'c1', 'c2']);
  });
});
