import { expect, test } from 'vitest';
import { backoffMs } from '../../../source/clients/wire/backoff.ts';

test.each([
  [0, 0.5, 100],
  [1, 0.5, 200],
  [2, 0.5, 400],
  [3, 0.5, 500],
  [99, 0.5, 500],
  [0, 0, 80],
  [0, 1, 120],
  [99, 1, 500],
])('the wait after failure %i doubles up to its limit, give or take a fifth (chance %d)', (attempt, chance, waitMs) => {
  expect(backoffMs(attempt, 100, 500, () => chance)).toBeCloseTo(waitMs, 6);
});
