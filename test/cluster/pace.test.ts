import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '../../source/cluster/pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('goes on, a round a period, until it is stopped', async () => {
  let rounds = 0;
  const pace = new Pace(50, 1_000, async () => void rounds++);
  await vi.advanceTimersByTimeAsync(49);
  expect(rounds).toBe(0);
  await vi.advanceTimersByTimeAsync(2_001);
  expect(rounds).toBe(3);
  pace.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rounds).toBe(3);
});

test('a round that takes long is never run twice at a time, and ends the pace when stopped meanwhile', async () => {
  let running = 0;
  let most = 0;
  let rounds = 0;
  const release: (() => void)[] = [];
  const pace = new Pace(0, 1_000, async () => {
    rounds++;
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => release.push(resolve));
    running--;
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(rounds).toBe(1);
  // It is over later than the next one was due, which begins at once.
  release.shift()?.();
  await vi.advanceTimersByTimeAsync(1);
  expect(rounds).toBe(2);
  pace.stop();
  release.shift()?.();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([most, rounds, running]).toEqual([1, 2, 0]);
});
