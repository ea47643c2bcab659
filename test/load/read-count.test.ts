import { expect, test } from 'vitest';
import { createReadLimit, ReadCount } from '../../source/load/read-count.ts';

test('what two threads read counts together, and the one that reaches the limit says when', () => {
  const limit = createReadLimit(100);
  const [one, other, main] = [new ReadCount(limit), new ReadCount(limit), new ReadCount(limit)];
  main.begin();
  expect(one.add(60, 1e9)).toBe(false);
  expect(other.add(39, 2e9)).toBe(false);
  expect(main.reachedNs).toBeNull();
  expect(other.add(11, 3e9)).toBe(true);
  expect(one.add(5, 4e9)).toBe(true);
  expect([main.records, main.reachedNs]).toEqual([115, 3e9]);
});

test('nothing counts before the count has begun, and it begins once', () => {
  const limit = createReadLimit(10);
  const count = new ReadCount(limit);
  expect(count.add(1000, 1)).toBe(false);
  expect([count.records, count.reachedNs]).toEqual([0, null]);
  count.begin();
  expect(count.add(9, 2)).toBe(false);
  count.begin();
  expect(count.add(1, 3)).toBe(true);
});
