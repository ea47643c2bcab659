import { describe, expect, it } from 'vitest';
import { holm } from '../../source/analysis/holm.ts';

describe('holm', () => {
  it.each([
    [[], []],
    [[0.04], [0.04]],
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
    ],
    // The second would be .02 · 1: it cannot be surer than the first.
    [
      [0.015, 0.02],
      [0.03, 0.03],
    ],
    [
      [0.5, 0.9, 0.4],
      [1, 1, 1],
    ],
    [
      [0.01, 0.01],
      [0.02, 0.02],
    ],
  ])('%j: %j', (ps, adjusted) => {
    const found = holm(ps);
    expect(found).toHaveLength(adjusted.length);
    for (const [at, p] of adjusted.entries()) expect(found[at]).toBeCloseTo(p, 12);
  });
});
