import { describe, expect, it } from 'vitest';
import { compareFigures, type FigureSamples, medianOf } from '../../source/analysis/compare-figures.ts';

const base = [8.1, 8.4, 7.9, 8.6, 8.2, 8.3];
const slower = [9.0, 9.3, 8.8, 9.6, 9.1, 8.7];
const muchSlower = slower.map((value) => value + 0.2);
const same = [8.05, 8.45, 8.25, 8.65, 7.95, 8.35];

const latency = (later: readonly number[], before: readonly number[] = base): FigureSamples => ({
  worseWhen: 'higher',
  base: before,
  new: later,
});

describe('medianOf', () => {
  const endless = Number.POSITIVE_INFINITY;
  it.each([
    [[3], 3],
    [[10, 9, 100], 10],
    [[4, 1, 2, 3], 2.5],
    [[endless, 1, endless], endless],
    [[endless, endless], endless],
    [[], Number.NaN],
  ])('%j: %d', (values, median) => {
    expect(medianOf(values)).toBe(median);
  });
});

describe('compareFigures', () => {
  it.each([
    { later: slower, ratio: 1.0994, low: 1.0482, high: 1.1519, u: 0, p: 0.0021645, label: 'inconclusive' },
    { later: muchSlower, ratio: 1.1243, low: 1.0723, high: 1.1772, u: 0, p: 0.0021645, label: 'different' },
    { later: same, ratio: 1.006, low: 0.9593, high: 1.0443, u: 16, p: 0.8182, label: 'equivalent' },
  ])('$later: $label', ({ later, ratio, low, high, u, p, label }) => {
    const [found] = compareFigures([latency(later)]);
    expect(found?.ratio).toBeCloseTo(ratio, 4);
    expect(found?.interval?.low).toBeCloseTo(low, 4);
    expect(found?.interval?.high).toBeCloseTo(high, 4);
    expect(found?.test).toMatchObject({ u, label });
    expect(found?.test?.p).toBeCloseTo(p, 4);
    expect(found?.test?.pHolm).toBe(found?.test?.p);
  });

  it('calls equivalent only what is within at both ends', () => {
    const [found] = compareFigures([latency(base, slower)]);
    expect(found?.interval?.low).toBeCloseTo(1 / 1.1519, 4);
    expect(found?.interval?.high).toBeCloseTo(1 / 1.0482, 4);
    expect(found?.test?.label).toBe('inconclusive');
  });

  it('tells worse from better by the figure', () => {
    const directions = (worseWhen: 'higher' | 'lower') =>
      compareFigures([
        { worseWhen, base, new: muchSlower },
        { worseWhen, base: muchSlower, new: base },
        { worseWhen, base, new: same },
      ]).map(({ test }) => test?.direction);
    expect(directions('higher')).toEqual(['worse', 'better', null]);
    expect(directions('lower')).toEqual(['better', 'worse', null]);
  });

  it('asks more of p where several figures are compared', () => {
    // 5 v 5, U = 2: p = .0317, and twice that among two figures of which it is the smaller p.
    const five = [1, 2, 3, 4, 8];
    const larger = [6, 7, 9, 10, 11];
    expect(compareFigures([latency(larger, five)])[0]?.test).toMatchObject({ u: 2, label: 'different' });
    const [first, second] = compareFigures([latency(larger, five), latency(five, five)]);
    expect(first?.test?.pHolm).toBeCloseTo(2 * (first?.test?.p ?? 0), 12);
    expect(first?.test?.label).toBe('inconclusive');
    expect(second?.test).toMatchObject({ p: 1, pHolm: 1 });
  });

  it('takes tied figures as they are', () => {
    const flat = [5000, 5000, 5000, 5000, 5000];
    const [found] = compareFigures([{ worseWhen: 'lower', base: flat, new: flat }]);
    expect(found).toMatchObject({ ratio: 1, interval: { low: 1, high: 1 }, test: { p: 1, label: 'equivalent' } });
  });

  it('calls worse what is never answered', () => {
    const [found] = compareFigures([latency(base.map(() => Number.POSITIVE_INFINITY))]);
    expect(found).toMatchObject({ ratio: Number.POSITIVE_INFINITY, test: { label: 'different', direction: 'worse' } });
  });

  it.each([
    { before: 1, later: 1 },
    { before: 4, later: 4 },
    { before: 4, later: 6 },
    { before: 6, later: 4 },
  ])('labels nothing at $before v $later runs', ({ before, later }) => {
    const [found] = compareFigures([latency(muchSlower.slice(0, later), base.slice(0, before))]);
    expect(found).toMatchObject({ interval: null, test: null });
    expect(found?.ratio).toBeGreaterThan(1);
  });

  it('takes the ratio of the medians where there are few', () => {
    expect(compareFigures([latency([15], [5, 61])])[0]?.ratio).toBeCloseTo(15 / 33, 12);
    expect(compareFigures([latency([2, 9, 4], [1, 3, 2])])[0]?.ratio).toBe(2);
  });

  it('compares nothing to nothing', () => {
    expect(compareFigures([])).toEqual([]);
  });
});
