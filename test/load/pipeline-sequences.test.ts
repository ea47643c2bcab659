import { expect, it } from 'vitest';
import { PipelineSequences } from '../../source/load/pipeline-sequences.ts';
import { countedSequences } from '../../source/load/seen-sequences.ts';

it('a message that comes twice is a duplicate, in whatever partition it is read again', () => {
  const sequences = new PipelineSequences();
  expect(sequences.see(1, 0, 4, 0)).toBe('in-order');
  expect(sequences.see(1, 0, 4, 0)).toBe('duplicate');
  expect(sequences.see(1, 0, 5, 0)).toBe('duplicate');
  expect(sequences.see(1, 1, 4, 0)).toBe('in-order');
  expect(sequences.see(2, 0, 4, 0)).toBe('in-order');
});

it('order is a matter of one partition of the output', () => {
  const sequences = new PipelineSequences();
  // Dealt over two partitions in turn, read one after the other.
  expect([0, 2, 4].map((sequence) => sequences.see(1, 0, 0, sequence))).toEqual(Array(3).fill('in-order'));
  expect([1, 3, 5].map((sequence) => sequences.see(1, 0, 1, sequence))).toEqual(Array(3).fill('in-order'));
  // Two that were swapped in the same partition are one reordered.
  expect([7, 6].map((sequence) => sequences.see(1, 0, 0, sequence))).toEqual(['in-order', 'reordered']);
  // Others have an order of their own.
  expect(sequences.see(1, 1, 0, 0)).toBe('in-order');
});

it('tells what it saw by producer and input partition', () => {
  const sequences = new PipelineSequences();
  for (const sequence of [0, 1, 2]) sequences.see(0, 5, sequence, sequence);
  sequences.see(3, 0, 0, 9);
  const seen = sequences.states().map(countedSequences);
  expect(seen.map((one) => [one.producerId, one.partitionIndex, one.countIn(0, 10)])).toEqual([
    [0, 5, 3],
    [3, 0, 1],
  ]);
});
