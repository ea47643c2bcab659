import { expect, test } from 'vitest';
import { ErrorTallies } from '../../source/load/error-tallies.ts';

test('errors are counted by code, with the first and the last time', () => {
  const tallies = new ErrorTallies((ns) => 1_000 + ns / 1e6);
  expect(tallies.list()).toEqual([]);
  tallies.add(6, 10, 5e6);
  tallies.add(-2, 1, 6e6);
  tallies.add(6, 5, 9e6);
  expect(tallies.list()).toEqual([
    { code: 6, count: 15, firstMs: 1_005, lastMs: 1_009 },
    { code: -2, count: 1, firstMs: 1_006, lastMs: 1_006 },
  ]);
});
