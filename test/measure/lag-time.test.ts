import { expect, test } from 'vitest';
import { LogEndHistory, lagMs, lagTime } from '../../source/measure/lag-time.ts';

const samples = [
  { timeMs: 1_000, logEnd: 100 },
  { timeMs: 1_250, logEnd: 200 },
  { timeMs: 1_500, logEnd: 200 },
  { timeMs: 1_750, logEnd: 600 },
];

test.each([
  ['at the end', 600, 2_000, 0],
  ['beyond the end', 700, 2_000, 0],
  ['on a sample', 100, 2_000, 1_000],
  ['between two samples', 150, 2_000, 2_000 - 1_125],
  ['where the log stood still: from when it grew on', 200, 2_000, 500],
  ['in the last stretch', 500, 2_000, 2_000 - 1_687.5],
  ['older than all samples', 50, 2_000, 1_000],
  ['the clock is behind the sample', 599, 1_700, 0],
])('%s', (_, position, nowMs, lag) => {
  expect(lagMs(samples, position, nowMs)).toBeCloseTo(lag, 9);
});

test('nothing is known without samples', () => {
  expect(lagMs([], 5, 1_000)).toBeNull();
});

test('one sample says at least how long', () => {
  expect(lagTime([{ timeMs: 1_000, logEnd: 100 }], 40, 1_300)).toEqual({ lagMs: 300, atLeast: true });
});

test('a position within the samples is known', () => {
  expect(lagTime(samples, 100, 2_000)?.atLeast).toBe(false);
  expect(lagTime(samples, 99, 2_000)?.atLeast).toBe(true);
});

test('a history is bounded and keeps the newest', () => {
  const history = new LogEndHistory(10);
  for (let i = 0; i < 1_000; i++) history.add(i, i);
  expect(history.samples.length).toBeLessThanOrEqual(20);
  expect(history.samples.length).toBeGreaterThanOrEqual(10);
  expect(history.samples.at(-1)).toEqual({ timeMs: 999, logEnd: 999 });
});

test('an idle log takes no room, and its standstill has two ends', () => {
  const history = new LogEndHistory(10);
  history.add(0, 0);
  history.add(250, 50);
  for (let timeMs = 500; timeMs <= 100_000; timeMs += 250) history.add(timeMs, 50);
  history.add(100_250, 100);
  expect(history.samples).toEqual([
    { timeMs: 0, logEnd: 0 },
    { timeMs: 250, logEnd: 50 },
    { timeMs: 100_000, logEnd: 50 },
    { timeMs: 100_250, logEnd: 100 },
  ]);
  expect(history.lag(50, 100_250)).toEqual({ lagMs: 250, atLeast: false });
});

test('a log that was cut starts a new history', () => {
  const history = new LogEndHistory(10);
  history.add(0, 500);
  history.add(250, 100);
  expect(history.samples).toEqual([{ timeMs: 250, logEnd: 100 }]);
});
