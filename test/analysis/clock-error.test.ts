import { expect, test } from 'vitest';
import { e2eErrorMs, isBelow } from '../../source/analysis/clock-error.ts';

test.each([
  ['clocks that agree', 0, null, 0],
  ['one microsecond', 1_000, null, 0],
  ['just below what is told', 24_999, null, 0],
  ['sender and reader both off', 25_000, null, 0.05],
  ['more', 300_000, null, 0.6],
  ['read before it was due', 0, -0.51, 0.51],
  ['read a little before it was due', 0, -0.01, 0],
  ['both: the larger one', 300_000, -0.51, 0.6],
])('%s', (_what, deviationNs, lowestE2eMs, expected) => {
  expect(e2eErrorMs({ deviationNs, lowestE2eMs })).toBeCloseTo(expected, 9);
});

test.each([
  [9.4, 10, 0.5, true],
  [9.5, 10, 0.5, null],
  [10.4, 10, 0.5, null],
  [10.5, 10, 0.5, false],
  [9.999, 10, 0, true],
  [10, 10, 0, false],
])('%d against %d ± %d: %o', (actualMs, limitMs, errorMs, expected) => {
  expect(isBelow(actualMs, limitMs, errorMs)).toBe(expected);
});
