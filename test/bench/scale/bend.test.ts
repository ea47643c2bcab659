import { describe, expect, it } from 'vitest';
import { bendOf, bendText } from '../../../bench/scale/bend.ts';

const points = (...pairs: readonly (readonly [number, number])[]) => pairs.map(([x, cost]) => ({ x, cost }));
const words = { x: (value: number) => `${value} producers`, cost: (value: number) => `${value} ns` };

describe('bendOf', () => {
  it('finds the first point above that is over 1.5 times the least', () => {
    expect(bendOf(points([1, 100], [10, 150], [100, 151], [1000, 900]))).toEqual({
      least: { x: 1, cost: 100 },
      above: { x: 100, cost: 151, ratio: 1.51, lastWithin: 10 },
      below: null,
    });
  });

  it('looks from the least both ways, whatever the order of the points', () => {
    expect(bendOf(points([100, 10], [1, 40], [1000, 30], [10, 20]))).toEqual({
      least: { x: 100, cost: 10 },
      above: { x: 1000, cost: 30, ratio: 3, lastWithin: 100 },
      below: { x: 10, cost: 20, ratio: 2, lastWithin: 100 },
    });
  });

  it('names the point next to the least, not one that is far out', () => {
    expect(bendOf(points([1, 90], [2, 12], [3, 11], [4, 10]))?.below).toEqual({
      x: 1,
      cost: 90,
      ratio: 9,
      lastWithin: 2,
    });
  });

  it('finds no bend where no point is over', () => {
    expect(bendOf(points([1, 10], [2, 15]))).toMatchObject({ above: null, below: null });
  });

  it.each([[points()], [points([1, 10])]])('answers null for %j', (few) => {
    expect(bendOf(few)).toBeNull();
  });
});

describe('bendText', () => {
  it.each([
    [
      points([1, 100], [10, 120], [50, 210]),
      'least at 1 producers: 100 ns; bends at 50 producers: 210 ns, 2.10 × its least (still within at 10 producers)',
    ],
    [points([1, 100], [10, 120]), 'least at 1 producers: 100 ns; never above 1.5 × that'],
  ])('says it in words', (given, text) => {
    const bend = bendOf(given);
    expect(bend === null ? null : bendText(bend, words)).toBe(text);
  });
});
