import { describe, expect, it } from 'vitest';
import type { CurvePoint } from '../../source/analysis/rate-curve.ts';
import { fitUsl } from '../../source/analysis/usl.ts';
import { curve, singleServer, steps } from './support/curves.ts';

/** A system that obeys the law, at these concurrencies. */
function lawful(concurrencies: readonly number[], singleHz: number, sigma: number, kappa: number): CurvePoint[] {
  return concurrencies.map((n) => {
    const rateHz = (singleHz * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
    return { rateHz, meanMs: (n / rateHz) * 1000 };
  });
}

const powersOfTwo = [1, 2, 4, 8, 16, 32, 64];

describe('fitUsl', () => {
  it.each([
    // Highest at N = √(0.98/0.0005) = 44.27: 1,000 N / (1 + 0.02 (N − 1) + 0.0005 N (N − 1)).
    { singleHz: 1000, sigma: 0.02, kappa: 0.0005, concurrency: 44.2719, rateHz: 15_680.8908 },
    // Without contention; at N = √(1/0.01) = 10: 50 · 10 / (1 + 0.01 · 90).
    { singleHz: 50, sigma: 0, kappa: 0.01, concurrency: 10, rateHz: 263.157895 },
    { singleHz: 5e6, sigma: 0.3, kappa: 0.002, concurrency: 18.70829, rateHz: 13_410_824.736 },
  ])('finds λ = $singleHz, σ = $sigma, κ = $kappa again', ({ singleHz, sigma, kappa, concurrency, rateHz }) => {
    const fit = fitUsl(lawful(powersOfTwo, singleHz, sigma, kappa));
    expect((fit?.singleHz ?? 0) / singleHz).toBeCloseTo(1, 9);
    expect(fit?.sigma).toBeCloseTo(sigma, 9);
    expect(fit?.kappa).toBeCloseTo(kappa, 9);
    expect(fit?.rSquared).toBeCloseTo(1, 9);
    expect(fit?.peak?.concurrency).toBeCloseTo(concurrency, 4);
    expect((fit?.peak?.rateHz ?? 0) / rateHz).toBeCloseTo(1, 6);
  });

  it('sees in a single server contention alone, and no peak', () => {
    const fit = fitUsl(curve(steps(10, 10, 9), (rateHz) => 1000 * singleServer(rateHz)));
    expect(fit?.singleHz).toBeCloseTo(50, 9);
    expect(fit?.sigma).toBeCloseTo(0.5, 9);
    expect(fit?.kappa).toBeCloseTo(0, 9);
    expect(fit?.rSquared).toBeCloseTo(1, 9);
    expect(fit?.peak).toBeNull();
  });

  it.each([
    { tested: [1, 2, 3, 4, 5, 6, 7, 8, 9], peak: false },
    { tested: [1, 2, 3, 4, 5, 6, 7, 8, 11], peak: true },
    { tested: [11, 12, 13, 14, 15, 16], peak: false },
  ])('has a peak at 10 only where that is tested: $tested', ({ tested, peak }) => {
    expect(fitUsl(lawful(tested, 50, 0, 0.01))?.peak !== null).toBe(peak);
  });

  it('keeps σ and κ from going below 0', () => {
    // Response that falls with concurrency, and one that bends downward.
    const falling = fitUsl(lawful([1, 2, 3, 4, 5, 6, 7], 100, -0.02, 0));
    expect(falling).toMatchObject({ sigma: 0, kappa: 0, peak: null });
    expect(falling?.rSquared).toBeCloseTo(0, 9);
    const bending = fitUsl(lawful([1, 2, 3, 4, 5, 6, 7], 100, 0.2, -0.002));
    expect(bending).toMatchObject({ kappa: 0, peak: null });
    // The line through those points: least squares of R̄ against N by hand.
    expect(bending?.sigma).toBeCloseTo(0.184158416, 8);
  });

  it('says how well it fits on the response', () => {
    const points = lawful(powersOfTwo, 1000, 0.02, 0.0005);
    const shaken = points.map(({ rateHz, meanMs }, at) => ({ rateHz, meanMs: meanMs * (at % 2 === 0 ? 0.5 : 1.5) }));
    const { rSquared = 1 } = fitUsl(shaken) ?? {};
    expect(rSquared).toBeLessThan(0.95);
    expect(rSquared).toBeGreaterThan(0);
  });

  it.each<{ what: string; points: CurvePoint[] }>([
    { what: 'five rates', points: lawful([1, 2, 3, 4, 5], 100, 0.1, 0.01) },
    { what: 'five rates twice', points: [1, 2].flatMap(() => lawful([1, 2, 3, 4, 5], 100, 0.1, 0.01)) },
    { what: 'a response that does not change', points: curve([1, 2, 3, 4, 5, 6], () => 5) },
    { what: 'nothing but NaN', points: curve([1, 2, 3, 4, 5, 6], () => Number.NaN) },
  ])('fits nothing to $what', ({ points }) => {
    expect(fitUsl(points)).toBeNull();
  });
});
