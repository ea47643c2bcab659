import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Probes } from '../../source/session/probes.ts';

const partitions = [0, 1, 2].map((partition) => ({ topic: 'orders', partition }));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('probes', () => {
  it('are over when each was read once at least', async () => {
    const probes = new Probes(partitions);
    let over = false;
    const waiting = probes
      .await([0, 2], () => null)
      .then(() => {
        over = true;
      });
    for (const index of [0, 0, 1]) probes.saw(index);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(over).toBe(false);
    probes.saw(2);
    await waiting;
    expect(over).toBe(true);
  });

  it.each([
    [10, 'MESSAGE_TOO_LARGE', 'Make --message-size smaller'],
    [29, 'TOPIC_AUTHORIZATION_FAILED', 'needs the right to write'],
    [19, 'NOT_ENOUGH_REPLICAS', '--acks 1'],
    [21, 'INVALID_REQUIRED_ACKS', 'choose another'],
    [-2, 'TIMED_OUT', 'own log'],
  ])('are in vain at once where one is refused: %s', async (errorCode, name, next) => {
    const probes = new Probes(partitions);
    const waiting = probes.await([0, 1], () => null);
    probes.refused(1, errorCode);
    await expect(waiting).rejects.toMatchObject({
      code: 'PROTOCOL',
      message: `the first message to orders partition 1 was refused: ${name}`,
      next: expect.stringContaining(next),
    });
  });

  it.each([
    [null, 'of 2 of 3 partitions (first: orders partition 1) within 30 s', 'leaders'],
    ['NOT_ENOUGH_REPLICAS', 'within 30 s; last heard of: NOT_ENOUGH_REPLICAS', '--acks 1'],
    ['connection refused', 'within 30 s; last heard of: connection refused', 'leaders'],
  ])('are in vain after half a minute, with what was heard: %s', async (trouble, words, next) => {
    const probes = new Probes(partitions);
    const waiting = probes.await([0, 1, 2], () => trouble);
    const told = expect(waiting).rejects.toMatchObject({
      message: expect.stringContaining(words),
      next: expect.stringContaining(next),
    });
    probes.saw(0);
    await vi.advanceTimersByTimeAsync(30_000);
    await told;
  });

  describe('through a pipeline', () => {
    const wait = (probes: Probes) => {
      const seen: number[] = [];
      const over = probes.awaitFor([0, 1, 2], 10_000, 2_000).then((count) => seen.push(count));
      return { seen, over };
    };

    it('are over at once when all have come', async () => {
      const probes = new Probes(partitions);
      const { seen, over } = wait(probes);
      for (const index of [0, 2, 2, 1]) probes.saw(index);
      await over;
      expect(seen).toEqual([3]);
    });

    it('are given up two seconds after the last that came, or ten after the start', async () => {
      const probes = new Probes(partitions);
      const { seen } = wait(probes);
      await vi.advanceTimersByTimeAsync(5_000);
      probes.saw(1);
      await vi.advanceTimersByTimeAsync(1_500);
      probes.saw(1);
      expect(seen).toEqual([]);
      await vi.advanceTimersByTimeAsync(500);
      expect(seen).toEqual([1]);

      const none = wait(new Probes(partitions));
      await vi.advanceTimersByTimeAsync(9_999);
      expect(none.seen).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(none.seen).toEqual([0]);
    });

    it('are in vain at once where one is refused', async () => {
      const probes = new Probes(partitions);
      const waiting = probes.awaitFor([0, 1], 10_000, 2_000);
      probes.refused(1, 10);
      await expect(waiting).rejects.toMatchObject({ code: 'PROTOCOL' });
    });
  });
});
