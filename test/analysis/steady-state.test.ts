import { describe, expect, it } from 'vitest';
import { judgeSteadiness } from '../../source/analysis/steady-state.ts';

const noise = (i: number): number => (((7919 * i) % 13) - 6) / 10;
const series = (length: number, value: (i: number) => number): number[] => Array.from({ length }, (_, i) => value(i));

describe('steadiness', () => {
  it('is found after the start-up', () => {
    const settling = series(80, (i) => 10 + 40 * 0.8 ** i + noise(i));
    expect(judgeSteadiness(settling)).toEqual({ kind: 'steady', afterPoints: 25 });
  });

  it('is denied where the response only climbs', () => {
    expect(judgeSteadiness(series(80, (i) => 10 + 0.5 * i))).toEqual({ kind: 'unsteady' });
  });

  it('is not denied for an invalid cut alone', () => {
    // Calm and rough by turns, and calm at the end: MSER cuts nearly all of it, though nothing moves one way.
    const turns = series(80, (i) => (i < 60 ? 10 + (Math.floor(i / 5) % 2 === 0 ? 5 : -5) : 10));
    expect(judgeSteadiness(turns)).toEqual({ kind: 'steady', afterPoints: 0 });
  });

  it('is not judged before ten seconds', () => {
    expect(judgeSteadiness(series(39, () => 5))).toEqual({ kind: 'too-early' });
    expect(judgeSteadiness(series(40, () => 5))).toEqual({ kind: 'steady', afterPoints: 0 });
  });
});
