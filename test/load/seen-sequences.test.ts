import { describe, expect, it } from 'vitest';
import { ChunkPool, chunkSpan, countedSequences, SeenSequences } from '../../source/load/seen-sequences.ts';
import { random, seeds } from '../measure/support/random.ts';

function rig(most?: number) {
  const seen = new SeenSequences(new ChunkPool(most));
  return { seen, counted: () => countedSequences(structuredClone(seen.state(3, 7))) };
}

describe('sequence numbers in any order', () => {
  it('are new once, however late', () => {
    const { seen, counted } = rig();
    expect([5, 0, 5, 3, 0, 100_000, 100_000, 3].map((sequence) => seen.see(sequence))).toEqual([
      ...[true, true, false, true, false, true, false, false],
    ]);
    expect(counted()).toMatchObject({ producerId: 3, partitionIndex: 7, overflow: 0 });
    expect(counted().countIn(0, 200_000)).toBe(4);
    expect(counted().countIn(0, 5)).toBe(2);
    expect(counted().countIn(5, 6)).toBe(1);
    expect(counted().countIn(6, 100_000)).toBe(0);
    expect(counted().countIn(6, 6)).toBe(0);
  });

  it('come over the ends of chunks, which are known as seen once they are full', () => {
    const { seen, counted } = rig();
    const all = Array.from({ length: 3 * chunkSpan + 5 }, (_, at) => at);
    for (const sequence of all.toReversed()) expect(seen.see(sequence)).toBe(true);
    expect(seen.state(0, 0)).toMatchObject({ firstChunk: 3 });
    expect(seen.state(0, 0).chunks.size).toBe(1);
    for (const sequence of [0, chunkSpan - 1, chunkSpan, 3 * chunkSpan, 3 * chunkSpan + 4])
      expect(seen.see(sequence)).toBe(false);
    expect(counted().countIn(0, 1e9)).toBe(all.length);
    expect(counted().countIn(10, chunkSpan + 10)).toBe(chunkSpan);
  });

  it('far ahead of all others cost no more than one', () => {
    const { seen, counted } = rig();
    expect(seen.see(2 ** 47)).toBe(true);
    expect(seen.see(2 ** 47)).toBe(false);
    expect(seen.state(0, 0).chunks.size).toBe(1);
    expect(counted().countIn(2 ** 47, 2 ** 47 + 1)).toBe(1);
  });

  it.each(seeds)('are counted as a set counts them (seed %i)', (seed) => {
    const { next } = random(seed);
    const { seen, counted } = rig();
    const model = new Set<number>();
    const below = 4 * chunkSpan;
    for (let i = 0; i < 20_000; i++) {
      const sequence = Math.floor(next() * below);
      expect(seen.see(sequence)).toBe(!model.has(sequence));
      model.add(sequence);
    }
    for (let i = 0; i < 200; i++) {
      const from = Math.floor(next() * below);
      const to = from + Math.floor(next() * (below - from));
      const expected = [...model].filter((sequence) => sequence >= from && sequence < to).length;
      expect(counted().countIn(from, to)).toBe(expected);
    }
  });
});

describe('when there is no more room', () => {
  it('the oldest chunk is closed: what had not come of it never will', () => {
    const { seen, counted } = rig(2);
    for (let chunk = 0; chunk < 3; chunk++) {
      for (let at = 0; at < chunkSpan - 10; at++) seen.see(chunk * chunkSpan + at);
    }
    expect(counted().overflow).toBe(10);
    expect(counted().countIn(0, chunkSpan)).toBe(chunkSpan - 10);
    expect(counted().countIn(0, 3 * chunkSpan)).toBe(3 * (chunkSpan - 10));
    expect(seen.see(chunkSpan - 1)).toBe(false);
    expect(seen.see(2 * chunkSpan - 1)).toBe(true);
  });

  it('room that is given back is used again, clean', () => {
    const { seen, counted } = rig(1);
    for (let sequence = 0; sequence < 5 * chunkSpan; sequence++) expect(seen.see(sequence)).toBe(true);
    expect(counted().overflow).toBe(0);
    expect(counted().countIn(0, 1e9)).toBe(5 * chunkSpan);
  });
});
