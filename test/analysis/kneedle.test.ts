import { describe, expect, it } from 'vitest';
import { type Bend, kneedle, type XY } from '../../source/analysis/kneedle.ts';
import { singleServer, steps } from './support/curves.ts';

const points = (xs: readonly number[], y: (x: number, at: number) => number): XY[] =>
  xs.map((x, at) => ({ x, y: y(x, at) }));
const ninths = steps(0, 1, 10).map((at) => at / 9);
const spreadRates = steps(0, 1, 8).map((power) => 5 * 1.5 ** power);
const hook = [1, 2, 3, 4, 5, 10, 15, 20, 40, 100];

describe('kneedle', () => {
  it.each<{ what: string; curve: XY[]; bend: Bend; knee: number; digits: number }>([
    {
      what: 'figure 2 of the paper',
      curve: points(ninths, (x) => -1 / (x + 0.1) + 5),
      bend: 'concave',
      knee: 2 / 9,
      digits: 9,
    },
    { what: 'a hook', curve: points(steps(0, 1, 10), (_, at) => hook[at] ?? 0), bend: 'convex', knee: 7, digits: 9 },
    // With only y flipped it would be 37.969.
    { what: 'a single server', curve: points(spreadRates, singleServer), bend: 'convex', knee: 56.953, digits: 3 },
  ])('$what: $knee', ({ curve, bend, knee, digits }) => {
    expect(kneedle(curve, bend)).toBeCloseTo(knee, digits);
    expect(kneedle(curve.toReversed(), bend)).toBe(kneedle(curve, bend));
    expect(kneedle([...curve, ...curve, { x: Number.NaN, y: 1 }, { x: 1, y: Number.NaN }], bend)).toBe(
      kneedle(curve, bend),
    );
    const scaled = curve.map(({ x, y }) => ({ x: 1000 * x, y: 0.001 * y }));
    expect(kneedle(scaled, bend)).toBeCloseTo(1000 * knee, digits - 3);
  });

  it('takes points at one x by their mean', () => {
    const twice = points(spreadRates, singleServer).flatMap(({ x, y }) => [
      { x, y: 0.9 * y },
      { x, y: 1.1 * y },
    ]);
    expect(kneedle(twice, 'convex')).toBeCloseTo(56.953, 3);
  });

  it.each<{ what: string; curve: XY[]; bend: Bend }>([
    { what: 'no points', curve: [], bend: 'convex' },
    { what: 'two points', curve: points([1, 2], (x) => x), bend: 'convex' },
    { what: 'one x', curve: points([1, 1, 1, 1], (_, at) => at), bend: 'convex' },
    { what: 'a flat curve', curve: points(steps(1, 1, 9), () => 4), bend: 'convex' },
    { what: 'a line', curve: points([0, 1, 2, 3, 4], (x) => x), bend: 'convex' },
    { what: 'a curve bent the other way', curve: points(ninths, (x) => Math.sqrt(x)), bend: 'convex' },
    { what: 'the other way about', curve: points(ninths, (x) => x ** 2), bend: 'concave' },
  ])('finds none in $what', ({ curve, bend }) => {
    expect(kneedle(curve, bend)).toBeNull();
  });

  it('asks less of the fall after a trough', () => {
    // Over the line by 0.1 and below it by no more: less than a mean step of 0.25 from the peak.
    const shallow = [0, 0.35, 0.4, 0.7, 1];
    expect(
      kneedle(
        points([0, 1, 2, 3, 4], (_, at) => shallow[at] ?? 0),
        'concave',
      ),
    ).toBe(1);
  });

  it('takes the first of two knees', () => {
    // Two steps of a stair.
    const stair = [0, 5, 5.2, 5.4, 5.6, 5.8, 9, 9.1, 9.2, 9.3, 9.4];
    expect(
      kneedle(
        points(steps(0, 1, 11), (_, at) => stair[at] ?? 0),
        'concave',
      ),
    ).toBe(1);
  });
});
