import { describe, expect, it } from 'vitest';
import { consumerOf } from '../../source/session/consumer-crew.ts';

describe('consumerOf', () => {
  it('deals partitions in turn, so that no consumer has two more than another', () => {
    expect([0, 1, 2, 3, 4].map((index) => consumerOf(index, 3))).toEqual([0, 1, 2, 0, 1]);
    for (const [partitions, consumers] of [
      [12, 5],
      [3, 8],
      [1, 1],
      [100, 7],
    ] as const) {
      const load: number[] = Array(consumers).fill(0);
      for (let index = 0; index < partitions; index++) {
        const consumer = consumerOf(index, consumers);
        load[consumer] = (load[consumer] ?? 0) + 1;
      }
      expect(load).toHaveLength(consumers);
      expect(load.reduce((sum, count) => sum + count, 0)).toBe(partitions);
      expect(Math.max(...load) - Math.min(...load)).toBeLessThanOrEqual(1);
    }
  });
});
