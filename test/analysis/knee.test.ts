import { describe, expect, it } from 'vitest';
import { kneeOf } from '../../source/analysis/knee.ts';
import { curve, searched, singleServer, steps } from './support/curves.ts';

describe('kneeOf', () => {
  it('puts power first, Kneedle and the scalability law beside it, with the range tested', () => {
    const knee = kneeOf(searched);
    expect(knee?.rateHz).toBeCloseTo(56_333, -0.3);
    expect(knee).toMatchObject({ beyond: null, range: { lowHz: 1000, highHz: 64_000 } });
    expect(knee?.kneedleHz).toBeGreaterThan(1000);
    expect(knee?.kneedleHz).toBeLessThan(64_000);
    expect(knee?.usl?.rSquared).toBeGreaterThan(0.95);
  });

  it('says that the knee is at or beyond an end', () => {
    expect(kneeOf(curve([1000, 2000, 4000], () => 2))).toEqual({
      rateHz: 4000,
      beyond: 'high',
      range: { lowHz: 1000, highHz: 4000 },
      kneedleHz: null,
      usl: null,
    });
    expect(kneeOf(curve([1, 2, 3], (rateHz) => rateHz ** 2))).toMatchObject({ rateHz: 1, beyond: 'low' });
  });

  it('shows the scalability law only where it fits', () => {
    const shaken = curve(steps(10, 10, 9), (rateHz) => (rateHz % 20 === 0 ? 1.2 : 1));
    expect(kneeOf(shaken)).toMatchObject({ usl: null });
    expect(kneeOf(curve(steps(10, 10, 9), singleServer))?.usl).not.toBeNull();
  });

  it('needs three rates, and leaves out what is no figure', () => {
    expect(kneeOf([])).toBeNull();
    expect(kneeOf(curve([1, 2, 2, 1], singleServer))).toBeNull();
    const odd = [
      { rateHz: Number.POSITIVE_INFINITY, meanMs: 1 },
      { rateHz: 5, meanMs: Number.NaN },
    ];
    expect(kneeOf([...odd, ...searched])).toEqual(kneeOf(searched));
  });
});
