import { describe, expect, it } from 'vitest';
import { normalCdf, normalTail } from '../../source/analysis/normal.ts';
import { lag1Autocorrelation, mannKendall, median, theilSen } from '../../source/analysis/trend.ts';

const rising = [500, 1000, 950, 1500, 1650, 2250, 2100, 2650, 3050, 3100, 3500, 3920];
const spike = [1200, 900, 1500, 1100, 1300, 50000, 1400, 1150, 1250, 1050, 1350, 950];

describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1.959963985, 0.975],
    [-1.959963985, 0.025],
    [2.326347874, 0.99],
    [5, 0.9999997133484281],
  ])('Φ(%s) = %s', (z, p) => {
    expect(Math.abs(normalCdf(z) - p)).toBeLessThan(1.2e-7);
  });

  it('keeps its digits in the tail', () => {
    expect(normalTail(6) / 9.865876450376946e-10).toBeCloseTo(1, 6);
  });
});

describe('trends', () => {
  it('finds the slope of lag that grows', () => {
    expect(theilSen(rising)).toBeCloseTo(301.25, 10);
    const trend = mannKendall(rising);
    expect(trend.s).toBe(62);
    expect(trend.z).toBeCloseTo(4.183, 3);
    expect(trend.pRising).toBeLessThan(2e-5);
  });

  it('takes a single spike for no trend', () => {
    expect(theilSen(spike)).toBeCloseTo(-12.5, 10);
    expect(mannKendall(spike)).toMatchObject({ s: -6 });
    expect(mannKendall(spike).pRising).toBeGreaterThan(0.5);
  });

  it('corrects for ties, and finds no trend where nothing differs', () => {
    // S = 5, var = (4·3·13 − 2·1·9) / 18 = 7.6667
    expect(mannKendall([1, 1, 2, 3])).toMatchObject({ s: 5 });
    expect(mannKendall([1, 1, 2, 3]).z).toBeCloseTo(4 / Math.sqrt(138 / 18), 12);
    expect(mannKendall([2, 2, 2])).toMatchObject({ s: 0, z: 0, pMoving: 1 });
    expect(mannKendall([2, 2, 2]).pRising).toBeCloseTo(0.5, 6);
    expect(mannKendall([])).toMatchObject({ z: 0 });
  });

  it('sees a fall in the two-sided test alone', () => {
    const falling = rising.toReversed();
    expect(mannKendall(falling).pMoving).toBeCloseTo(mannKendall(rising).pMoving, 12);
    expect(mannKendall(falling).pRising).toBeGreaterThan(0.99);
  });

  it('has medians of odd and even counts', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, 0]);
  });

  it('tells how much a value says about the next', () => {
    expect(lag1Autocorrelation([1, 2, 3, 4, 5])).toBeCloseTo(0.4, 12);
    expect(lag1Autocorrelation([1, -1, 1, -1])).toBeCloseTo(-0.75, 12);
    expect(lag1Autocorrelation([2, 2])).toBe(0);
  });
});
