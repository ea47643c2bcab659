import { expect, test } from 'vitest';
import { inferAtLeast, metadataVersionName } from '../../source/cluster/broker-version.ts';

test.each([
  [1, '3.0-IV1'],
  [7, '3.3-IV3'],
  [8, '3.4-IV0'],
  [20, '3.8-IV0'],
  [21, '3.9-IV0'],
  [25, '4.0-IV3'],
  [30, '4.3-IV0'],
  [99, 'level 99'],
  [0, 'level 0'],
])('level %i is %s', (level, name) => {
  expect(metadataVersionName(level)).toBe(name);
});

test.each([
  [[[0, 12]], '4.0'],
  [[[0, 11]], '3.8'],
  [[[1, 15]], '3.5'],
  [
    [
      [0, 9],
      [1, 12],
      [10, 3],
      [60, 0],
    ],
    '2.8',
  ],
  [[[18, 3]], '2.4'],
  [[[18, 2]], null],
  [[], null],
])('%j is at least %s', (highest, release) => {
  const ranges = new Map(highest.map(([key = -1, max = -1]) => [key, { oldest: 0, newest: max }]));
  expect(inferAtLeast(ranges)).toBe(release);
});
