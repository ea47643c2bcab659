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
  expect(achievedMessages({ ...counts, durationNs: second, leastResponseNs: 1e6 })).toBe(expected);
});

test('what is usual hangs on the rate, not on how long it lasted', () => {
  const of = (acked: number, ackedDuring: number, durationNs: number) =>
    achievedMessages({ acked, ackedDuring, durationNs, leastResponseNs: 0 });
  expect(of(100_000, 99_000, 10 * second)).toBe(100_000);
  expect(of(100_000, 98_999, 10 * second)).toBe(98_999);
  expect(of(5, 0, 0)).toBe(0);
});

test('a cluster that is far away has more under way; one that is always late has a backlog', () => {
  const of = (ackedDuring: number, leastResponseNs: number) =>
    achievedMessages({ acked: 10_000, ackedDuring, durationNs: 10 * second, leastResponseNs });
  expect(of(9_850, 150e6)).toBe(10_000);
  expect(of(9_700, 150e6)).toBe(10_000);
  expect(of(9_699, 150e6)).toBe(9_699);
  expect(of(9_499, 3 * second)).toBe(9_499);
});
