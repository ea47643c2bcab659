import { describe, expect, it } from 'vitest';
import { powerKnee } from '../../source/analysis/knee-power.ts';
import { curve, searched, singleServer, steps } from './support/curves.ts';

describe('powerKnee', () => {
  it.each([
    { what: 'the steps of a search (true: 56,351)', points: searched, rateHz: 56_333, digits: -0.3 },
    { what: 'a single server', points: curve(steps(10, 10, 9), singleServer), rateHz: 50, digits: 3 },
    {
      what: '1/(1 − ρ⁸) (true: 9^(−1/8) = 0.7598)',
      points: curve(steps(0.05, 0.05, 19), (rho) => 1 / (1 - rho ** 8)),
      rateHz: 0.7563,
      digits: 4,
    },
    {
      what: 'two best ones beside each other',
      points: curve([1, 2, 3, 4], (rate) => rate / Math.min(rate, 5 - rate)),
      rateHz: 2.5,
      digits: 9,
    },
  ])('$what: $rateHz', ({ points, rateHz, digits }) => {
    const knee = powerKnee(points);
    expect(knee.kind).toBe('found');
    expect(knee.kind === 'found' ? knee.rateHz : null).toBeCloseTo(rateHz, digits);
    expect(powerKnee(points.toReversed())).toEqual(knee);
  });

  it('tells the range tested', () => {
    expect(powerKnee(searched)).toMatchObject({ kind: 'found', range: { lowHz: 1000, highHz: 64_000 } });
  });

  it.each([
    { what: 'a response that does not rise', meanMs: () => 3, end: 'high', rateHz: 4 },
    { what: 'one that rises with the rate', meanMs: (rate: number) => rate, end: 'low', rateHz: 1 },
    { what: 'one that rises faster than the rate', meanMs: (rate: number) => rate ** 2, end: 'low', rateHz: 1 },
  ])('$what: at or beyond the $end end', ({ meanMs, end, rateHz }) => {
    const range = { lowHz: 1, highHz: 4 };
    expect(powerKnee(curve([3, 1, 4, 2], meanMs))).toEqual({ kind: 'beyond', rateHz, end, range });
  });

  it('takes several steps at one rate as one, by their mean', () => {
    const points = curve(steps(10, 10, 9), singleServer);
    const scattered = points.flatMap(({ rateHz, meanMs }) => [
      { rateHz, meanMs: meanMs * 0.8 },
      { rateHz, meanMs: meanMs * 1.2 },
    ]);
    expect(powerKnee(scattered)).toMatchObject({ kind: 'found', rateHz: expect.closeTo(50, 6) });
  });

  it('leaves out what is no positive number', () => {
    const odd = [0, -1, Number.NaN, Number.POSITIVE_INFINITY].flatMap((value) => [
      { rateHz: value, meanMs: 1e-9 },
      { rateHz: 55, meanMs: value },
    ]);
    expect(powerKnee([...odd, ...searched])).toEqual(powerKnee(searched));
    expect(powerKnee(odd)).toEqual({ kind: 'too-few', range: null });
  });

  it.each([
    { rates: [], range: null },
    { rates: [5], range: { lowHz: 5, highHz: 5 } },
    { rates: [5, 3, 5, 3], range: { lowHz: 3, highHz: 5 } },
  ])('finds none in $rates', ({ rates, range }) => {
    expect(powerKnee(curve(rates, singleServer))).toEqual({ kind: 'too-few', range });
  });
});
