import { expect, test } from 'vitest';
import { AckedOffsets, createAckedOffsets } from '../../source/measure/acked-offsets.ts';
import { IntendedTimes } from '../../source/measure/intended-times.ts';

test('the last batch of each writer and partition is known on the other side', () => {
  const shared = createAckedOffsets(2, 3);
  const written = new AckedOffsets(shared);
  const read = new AckedOffsets(shared);
  const known = (partitionIndex: number, ...offsets: readonly number[]) => {
    const times = new IntendedTimes(100);
    read.copyTo(times, partitionIndex);
    return offsets.map((offset) => times.at(offset));
  };
  expect(known(1, 0)).toEqual([null]);
  written.note(0, 1, 100, 11, 1e9, 2e9);
  written.note(1, 1, 111, 1, 1.5e9, 1.5e9);
  written.note(1, 2, 7, 2, 5e9, 6e9);
  expect(known(0, 0)).toEqual([null]);
  expect(known(1, 100, 105, 110, 111, 112)).toEqual([1e9, 1.5e9, 2e9, 1.5e9, null]);
  expect(known(2, 7, 8, 9)).toEqual([5e9, 6e9, null]);
  written.note(1, 2, 20, 1, 9e9, 9e9);
  expect(known(2, 20, 21)).toEqual([9e9, null]);
});

test('there may be nothing to share', () => {
  const none = new AckedOffsets(createAckedOffsets(0, 0));
  const times = new IntendedTimes(100);
  none.copyTo(times, 0);
  expect(times.size).toBe(0);
});
