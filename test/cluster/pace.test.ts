import { expect, test } from 'vitest';
import { Pace } from '../../source/cluster/pace.ts';
import { waitUntil } from '../support/wait-until.ts';

test('goes on until it is stopped', async () => {
  let rounds = 0;
  const pace = new Pace(0, 1, async () => void rounds++);
  await waitUntil('three rounds', () => (rounds >= 3 ? true : undefined), { timeoutMs: 5_000, everyMs: 2 });
  pace.stop();
  const atStop = rounds;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(rounds).toBe(atStop);
});

test('a round that takes long is never run twice at a time, and ends the pace when stopped meanwhile', async () => {
  let running = 0;
  let most = 0;
  let rounds = 0;
  const release: (() => void)[] = [];
  const pace = new Pace(0, 1, async () => {
    rounds++;
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => release.push(resolve));
    running--;
  });
  const round = () => waitUntil('a round', () => release.shift(), { timeoutMs: 5_000, everyMs: 2 });
  (await round())();
  const second = await round();
  pace.stop();
  second();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([most, rounds]).toEqual([1, 2]);
});
