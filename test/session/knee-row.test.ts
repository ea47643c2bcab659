import { describe, expect, it } from 'vitest';
import { kneeOf } from '../../source/analysis/knee.ts';
import { searchSchema } from '../../source/session/document-search-schema.ts';
import { type KneeRow, kneeRow, kneeText, otherKneeTexts } from '../../source/session/knee-row.ts';
import { curve, searched } from '../analysis/support/curves.ts';

const row = (changes: Partial<KneeRow> = {}): KneeRow => ({
  rate: 56_333,
  method: 'power',
  range: [1000, 64_000],
  beyond: null,
  kneedleRate: null,
  usl: null,
  ...changes,
});

describe('kneeRow', () => {
  it('keeps all that is known, as documents do', () => {
    const kept = kneeRow(kneeOf(searched));
    expect(searchSchema.shape.knee.parse(kept)).toEqual(kept);
    expect(kept).toMatchObject({ method: 'power', range: [1000, 64_000], beyond: null });
    expect(kept?.kneedleRate).not.toBeNull();
    expect(kept?.usl).not.toBeNull();
  });

  it('keeps which end it is beyond, and that there is none', () => {
    expect(kneeRow(kneeOf(curve([1000, 2000, 4000], () => 2)))).toEqual(
      row({ rate: 4000, range: [1000, 4000], beyond: 'high' }),
    );
    expect(kneeRow(kneeOf([]))).toBeNull();
  });
});

describe('kneeText', () => {
  it.each([
    [row(), 'knee 56.3 k/s (1 k – 64 k)'],
    [row({ rate: 412, range: [10, 62_628.6] }), 'knee 412/s (10 – 62.6 k)'],
    [row({ rate: 1.5e6, range: [1500, 2_050_000] }), 'knee 1.50 M/s (1.5 k – 2.05 M)'],
    [row({ beyond: 'high', rate: 64_000 }), 'knee at or beyond the range tested (1 k – 64 k), best at 64.0 k/s'],
    [row({ beyond: 'low', rate: 1000 }), 'knee at or beyond the range tested (1 k – 64 k), best at 1.00 k/s'],
  ])('%j: %s', (knee, text) => {
    expect(kneeText(knee)).toBe(text);
  });
});

describe('otherKneeTexts', () => {
  const usl = { singleRate: 1000, sigma: 0.0203, kappa: 0.000512, rSquared: 0.998, peak: null };
  it.each([
    [row(), []],
    [row({ kneedleRate: 53_817 }), ['Kneedle 53.8 k/s']],
    [row({ usl }), ['USL sigma 0.02, kappa 0.00051, fit 0.99']],
    [
      row({ usl: { ...usl, sigma: 0, peak: { concurrency: 44, rate: 15_681 } } }),
      ['USL sigma 0, kappa 0.00051, fit 0.99, peak 15.7 k/s'],
    ],
  ])('%j: %j', (knee, texts) => {
    expect(otherKneeTexts(knee)).toEqual(texts);
  });
});
