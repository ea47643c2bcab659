import { describe, expect, it } from 'vitest';
import { keyAt } from '../../source/clients/keys.ts';
import { murmur2Partition } from '../../source/clients/wire/murmur2.ts';
import type { Keys } from '../../source/config/plan.ts';
import { chooserFor } from '../../source/load/chooser.ts';
import { keyPartitions } from '../../source/load/key-partitions.ts';
import { StickyPartitioner } from '../../source/load/sticky-partitioner.ts';

type KeyPool = Extract<Keys, { kind: 'pool' }>;

const pool = (changes: { readonly count?: number; readonly order?: 'random' | 'round-robin' } = {}): KeyPool => ({
  kind: 'pool',
  prefix: 'key-',
  count: 10,
  order: 'round-robin',
  ...changes,
});
const table = (...topics: readonly (readonly [topic: string, partitions: number])[]) =>
  topics.flatMap(([topic, partitions]) => Array.from({ length: partitions }, (_, partition) => ({ topic, partition })));
const client = { batchCapacity: () => 50 };

describe('StickyPartitioner', () => {
  it('stays for a batch, then goes elsewhere', () => {
    const sticky = new StickyPartitioner(4, 1);
    let before = sticky.partition(10);
    for (let batch = 0; batch < 200; batch++) {
      expect(sticky.room).toBe(10);
      sticky.took(4);
      expect(sticky.partition(10)).toBe(before);
      sticky.took(6);
      const after = sticky.partition(10);
      expect(after).not.toBe(before);
      expect(after >= 0 && after < 4).toBe(true);
      before = after;
    }
  });

  it('uses all partitions about evenly', () => {
    const sticky = new StickyPartitioner(5, 3);
    const batches = Array(5).fill(0);
    for (let batch = 0; batch < 5_000; batch++) {
      batches[sticky.partition(1)]++;
      sticky.took(1);
    }
    for (const count of batches) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('has one choice where there is one partition', () => {
    const sticky = new StickyPartitioner(1, 9);
    for (let i = 0; i < 10; i++) {
      expect(sticky.partition(2)).toBe(0);
      sticky.took(2);
    }
  });

  it('takes a new capacity from the next switch on, and at least one message', () => {
    const sticky = new StickyPartitioner(3, 1);
    sticky.partition(10);
    sticky.took(3);
    sticky.partition(100);
    expect(sticky.room).toBe(7);
    sticky.took(7);
    sticky.partition(0);
    expect(sticky.room).toBe(1);
  });

  it('differs between producers, and is the same again for the same one', () => {
    const path = (seed: number) => {
      const sticky = new StickyPartitioner(100, seed);
      return Array.from({ length: 20 }, () => {
        const partition = sticky.partition(1);
        sticky.took(1);
        return partition;
      });
    };
    expect(path(1)).toEqual(path(1));
    expect(path(1)).not.toEqual(path(2));
  });
});

describe('keyPartitions', () => {
  it('asks murmur2 of the key, as Java does', () => {
    const keys = pool({ count: 100 });
    const indexes = keyPartitions(keys, table(['t', 12]));
    for (let key = 0; key < 100; key++) {
      expect(indexes[key]).toBe(murmur2Partition(Buffer.from(keyAt(keys, key)), 12));
    }
  });

  it('gives every key a partition of its topic', () => {
    const partitions = table(['a', 3], ['b', 5]);
    const indexes = keyPartitions(pool({ count: 1_000 }), partitions);
    expect(indexes).toHaveLength(1_000);
    for (const [key, index] of indexes.entries()) {
      expect(partitions[index]?.topic).toBe(key % 2 === 0 ? 'a' : 'b');
    }
    expect(new Set(indexes).size).toBe(8);
  });
});

describe('a chooser without keys', () => {
  it('fills a batch, as far as there are messages', () => {
    const chooser = chooserFor({ kind: 'none' }, table(['t', 6]), 1);
    const keys = new Int32Array(0);
    expect(chooser.key()).toBe(0);
    const first = { ...chooser.next(keys, 0, 80, client) };
    expect(first.count).toBe(50);
    chooser.took(20);
    expect(chooser.next(keys, 20, 80, client)).toEqual({ ...first, count: 30 });
    chooser.took(30);
    const second = { ...chooser.next(keys, 50, 80, client) };
    expect(second.count).toBe(30);
    expect(second.partitionIndex).not.toBe(first.partitionIndex);
  });
});

describe('a chooser with keys', () => {
  const partitions = table(['t', 4]);

  it('deals keys in turn, each producer from another one', () => {
    const one = chooserFor(pool({ count: 3 }), partitions, 0);
    expect([one.key(), one.key(), one.key(), one.key()]).toEqual([0, 1, 2, 0]);
    const starts = new Set(Array.from({ length: 10 }, (_, producer) => chooserFor(pool(), partitions, producer).key()));
    expect(starts.size).toBe(10);
  });

  it('draws keys at random, all of them', () => {
    const chooser = chooserFor(pool({ order: 'random' }), partitions, 4);
    const counts = Array(10).fill(0);
    for (let i = 0; i < 5_000; i++) counts[chooser.key()]++;
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(120);
  });

  it("draws keys by Zipf's law, each producer others, and the same producer the same", () => {
    const keys = { kind: 'pool', prefix: 'key-', count: 20, order: 'zipf', exponent: 1 } as const;
    const drawn = (producer: number) => {
      const chooser = chooserFor(keys, partitions, producer);
      return Array.from({ length: 5_000 }, () => chooser.key());
    };
    const first = drawn(1);
    expect(drawn(1)).toEqual(first);
    expect(drawn(2)).not.toEqual(first);
    const often = (key: number) => first.filter((one) => one === key).length;
    // 1 / H(20) = 0.278 of them, and a twentieth of that.
    expect(Math.abs(often(0) - 1_390)).toBeLessThan(200);
    expect(Math.abs(often(19) - 70)).toBeLessThan(50);
  });

  it('puts neighbours of one partition together, and no others', () => {
    const keys = pool({ count: 40, order: 'random' });
    const partitionOf = keyPartitions(keys, partitions);
    const chooser = chooserFor(keys, partitions, 7);
    const keyIndex = Int32Array.from({ length: 300 }, () => chooser.key());
    let head = 0;
    while (head < 300) {
      const { partitionIndex, count } = chooser.next(keyIndex, head, 300, client);
      const chosen = [...keyIndex.subarray(head, head + count)].map((key) => partitionOf[key]);
      expect(chosen).toEqual(Array(count).fill(partitionIndex));
      const following = keyIndex[head + count];
      if (following !== undefined) expect(partitionOf[following]).not.toBe(partitionIndex);
      chooser.took(count);
      head += count;
    }
  });
});
