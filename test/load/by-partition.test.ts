import { describe, expect, it } from 'vitest';
import { ByPartition } from '../../source/load/by-partition.ts';
import { seededUniform } from '../../source/load/schedule.ts';

/** Keys 0 to 9; a key's partition is its last binary digit pair. */
const partitionOfKey = Int32Array.from({ length: 10 }, (_, key) => key & 3);

function pending(keys: readonly number[]) {
  return {
    intendedNs: Float64Array.from(keys, (_, i) => 1000 + i),
    offeredNs: Float64Array.from(keys, (_, i) => 2000 + i),
    keyIndex: Int32Array.from(keys),
  };
}

describe('messages by the partition of their key', () => {
  it('go together, and keep their order within it', () => {
    const messages = pending([0, 1, 4, 5, 2, 8, 9, 1]);
    new ByPartition(partitionOfKey, 4).sort(messages, 8);
    expect([...messages.keyIndex]).toEqual([0, 4, 8, 1, 5, 9, 1, 2]);
    expect([...messages.intendedNs]).toEqual([1000, 1002, 1005, 1001, 1003, 1006, 1007, 1004]);
    expect([...messages.offeredNs]).toEqual([2000, 2002, 2005, 2001, 2003, 2006, 2007, 2004]);
  });

  it.each([
    ['one partition', [4, 0, 8, 4]],
    ['each its own', [3, 2, 1, 0]],
    ['none', []],
  ])('stay as they are: %s', (_, keys) => {
    const messages = pending(keys);
    new ByPartition(partitionOfKey, 4).sort(messages, keys.length);
    expect([...messages.keyIndex]).toEqual(keys);
  });

  it('what lies behind the count is not touched', () => {
    const messages = pending([0, 1, 0, 1, 0, 1]);
    new ByPartition(partitionOfKey, 4).sort(messages, 4);
    expect([...messages.keyIndex]).toEqual([0, 0, 1, 1, 0, 1]);
  });

  it('as a stable sort would have it, over and over with one object', () => {
    const uniform = seededUniform(7);
    const sorter = new ByPartition(partitionOfKey, 4);
    for (let round = 0; round < 200; round++) {
      const keys = Array.from({ length: Math.floor(uniform() * 60) }, () => Math.floor(uniform() * 10));
      const messages = pending(keys);
      sorter.sort(messages, keys.length);
      const parts = new Map<number, number[]>();
      for (const [i, key] of keys.entries()) parts.set(key & 3, [...(parts.get(key & 3) ?? []), 1000 + i]);
      const grouped = [...parts.values()].flat();
      const isAlone = parts.size === keys.length;
      expect([...messages.intendedNs]).toEqual(isAlone ? keys.map((_, i) => 1000 + i) : grouped);
    }
  });
});
