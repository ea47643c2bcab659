import { expect, test } from 'vitest';
import { RecentMessages } from '../../source/sandbox/recent-messages.ts';

test('counts what came within the last second, a request that is a second old no more', () => {
  const recent = new RecentMessages(1000);
  expect(recent.add(0, 10)).toBe(10);
  expect(recent.add(999, 5)).toBe(15);
  expect(recent.add(1000, 1)).toBe(6);
  expect(recent.add(5000, 2)).toBe(2);
});

test('is exact over a long even load', () => {
  const recent = new RecentMessages(1000);
  const counts = Array.from({ length: 10_000 }, (_, at) => recent.add(at, 7));
  expect(new Set(counts.slice(1000))).toEqual(new Set([7000]));
});
