import { describe, expect, it } from 'vitest';
import { labelWidth, linearScale, logScale } from '../../source/ui/scales.ts';

const labelsOf = ({ labels }: ReturnType<typeof linearScale>): readonly string[] => [...labels.values()];

describe('linearScale', () => {
  it('goes from 0 to about the most', () => {
    const scale = linearScale(50_000, 6);
    expect(labelsOf(scale)).toEqual(['0', '10k', '20k', '30k', '40k', '50k']);
    expect(scale.rowOf(25_000)).toBe(2.5);
    expect(scale.rowOf(51_000)).toBe(5);
  });

  it.each([
    [11_000, 9, ['0', '1.5k', '3k', '4.5k', '6k', '7.5k', '9k', '10.5k', '12k']],
    [15_000, 7, ['0', '2.5k', '5k', '7.5k', '10k', '12.5k', '15k']],
    [1_200_000, 6, ['0', '250k', '500k', '750k', '1M', '1.25M']],
    [500, 6, ['0', '100', '200', '300', '400', '500']],
    [3, 4, ['0', '1', '2', '3']],
    [0.5, 3, ['0', '0.5', '1']],
  ])('for %d in %d rows', (most, height, labels) => {
    expect(labelsOf(linearScale(most, height))).toEqual(labels);
  });

  it.each([
    [12, [0, 2, 4, 6, 8, 10], ['0', '2k', '4k', '6k', '8k', '10k'], 10_000],
    [21, [0, 4, 8, 12, 16, 20], ['0', '2.5k', '5k', '7.5k', '10k', '12.5k'], 12_500],
  ])('labels fewer rows where there are many: %d', (height, rows, labels, last) => {
    const scale = linearScale(11_000, height);
    expect([...scale.labels.keys()]).toEqual(rows);
    expect(labelsOf(scale)).toEqual(labels);
    expect(scale.rowOf(last)).toBe(rows[5]);
  });

  it('never needs more room than there is, whatever the rate and the height', () => {
    for (let height = 1; height <= 120; height++) {
      for (let most = 0.1; most < 2e9; most *= 1.37) {
        const tooWide = labelsOf(linearScale(most, height)).filter((label) => label.length > labelWidth);
        expect(tooWide, `${most} in ${height} rows`).toEqual([]);
      }
    }
  });

  it('copes with nothing to show', () => {
    expect(linearScale(0, 5).rowOf(0)).toBe(0);
    expect(linearScale(3, 1).rowOf(3)).not.toBeNaN();
  });
});

describe('logScale', () => {
  it('puts its ends on the first and last row', () => {
    const scale = logScale(1, 20, 6);
    expect(scale.rowOf(1)).toBe(0);
    expect(scale.rowOf(20)).toBe(5);
    expect(scale.rowOf(0)).toBeNull();
    expect(scale.rowOf(1e9)).toBe(5);
    expect(scale.rowOf(1e-9)).toBe(0);
    expect(scale.labels.get(0)).toBe('1');
    expect(scale.labels.get(5)).toBe('20');
  });

  it('never needs more room than there is, from microseconds to hours', () => {
    for (let least = 0.000_5; least < 4e6; least *= 1.7) {
      for (let most = least; most < 8e6; most *= 1.9) {
        const tooWide = labelsOf(logScale(least, most, 12)).filter((label) => label.length > labelWidth);
        expect(tooWide, `${least} to ${most}`).toEqual([]);
      }
    }
  });

  it('names seconds as such', () => {
    expect(labelsOf(logScale(500, 10_000, 8))).toEqual(expect.arrayContaining(['500', '1s', '2s', '5s', '10s']));
  });

  it('copes with a single value', () => {
    expect(logScale(3, 3, 1).rowOf(3)).not.toBeNaN();
  });
});
