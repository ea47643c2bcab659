import { expect, test } from 'vitest';
import { achievedMessages } from '../../source/analysis/achieved.ts';

const second = 1e9;

test.each([
  ['all came through', { acked: 10_000, ackedDuring: 10_000 }, 10_000],
  ['a backlog of the warm-up was worked off meanwhile', { acked: 10_000, ackedDuring: 13_590 }, 10_000],
  ['as much as usual was under way at the end', { acked: 10_000, ackedDuring: 9_000 }, 10_000],
  ['a backlog grew, and was worked off after the end', { acked: 10_000, ackedDuring: 8_999 }, 8_999],
  ['a steady delay, as long at the start as at the end', { acked: 10_000, ackedDuring: 10_000 }, 10_000],
  ['some failed, the others came late', { acked: 6_000, ackedDuring: 5_000 }, 5_000],
  ['nothing came through', { acked: 0, ackedDuring: 0 }, 0],
])('%s', (_what, counts, expected) => {
  expect(achievedMessages({ ...counts, durationNs: second })).toBe(expected);
});

test('what is usual hangs on the rate, not on how long it lasted', () => {
  expect(achievedMessages({ acked: 100_000, ackedDuring: 99_000, durationNs: 10 * second })).toBe(100_000);
  expect(achievedMessages({ acked: 100_000, ackedDuring: 98_999, durationNs: 10 * second })).toBe(98_999);
  expect(achievedMessages({ acked: 5, ackedDuring: 0, durationNs: 0 })).toBe(0);
});
