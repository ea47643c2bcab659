import { expect, test } from 'vitest';
import { ErrorTallies } from '../../source/load/error-tallies.ts';

const ms = 1e6;

test('errors are counted by code, what is sent again apart from what is given up, with the first and the last time', () => {
  const tallies = new ErrorTallies((ns) => 1_000 + ns / ms);
  expect(tallies.rest(0)).toBeNull();
  tallies.add(6, 'retried', 10, 5 * ms);
  tallies.add(-2, 'givenUp', 1, 6 * ms);
  tallies.add(6, 'givenUp', 4, 7 * ms);
  tallies.add(6, 'retried', 5, 9 * ms);
  expect(tallies.rest(9 * ms)).toEqual([
    { code: 6, givenUp: 4, retried: 15, firstMs: 1_005, lastMs: 1_009 },
    { code: -2, givenUp: 1, retried: 0, firstMs: 1_006, lastMs: 1_006 },
  ]);
});

test('they are due at once, then once a second while there are new ones', () => {
  const tallies = new ErrorTallies((ns) => ns / ms);
  expect(tallies.due(0)).toBeNull();
  tallies.add(6, 'retried', 1, 0);
  expect(tallies.due(10 * ms)).toHaveLength(1);
  expect(tallies.due(2_000 * ms)).toBeNull();
  tallies.add(6, 'retried', 1, 2_000 * ms);
  expect(tallies.due(2_010 * ms)).toMatchObject([{ retried: 2 }]);
  tallies.add(6, 'retried', 1, 2_020 * ms);
  expect(tallies.due(3_009 * ms)).toBeNull();
  expect(tallies.rest(3_009 * ms)).toMatchObject([{ retried: 3 }]);
  expect(tallies.rest(3_010 * ms)).toBeNull();
});
