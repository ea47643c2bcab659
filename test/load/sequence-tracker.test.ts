import { describe, expect, it } from 'vitest';
import { maxGaps, SequenceTracker, type Sighting } from '../../source/load/sequence-tracker.ts';
import { random, seeds } from '../measure/support/random.ts';

function watch(sequences: readonly number[]) {
  const tracker = new SequenceTracker();
  return { tracker, sightings: sequences.map((sequence) => tracker.see(sequence)) };
}

/** Remembers every sequence number it has seen. */
class NaiveTracker {
  readonly #seen = new Set<number>();
  #highest = -1;

  see(sequence: number): Sighting {
    if (this.#seen.has(sequence)) return 'duplicate';
    const sighting = sequence < this.#highest ? 'reordered' : sequence === this.#highest + 1 ? 'in-order' : 'gap';
    this.#seen.add(sequence);
    this.#highest = Math.max(this.#highest, sequence);
    return sighting;
  }

  get missing(): number[] {
    return Array.from({ length: this.#highest + 1 }, (_, at) => at).filter((at) => !this.#seen.has(at));
  }

  get next(): number {
    return this.#highest + 1;
  }
}

function spread(gaps: readonly number[]): number[] {
  const sequences: number[] = [];
  for (let at = 0; at < gaps.length; at += 2) {
    for (let one = gaps[at] ?? 0; one < (gaps[at + 1] ?? 0); one++) sequences.push(one);
  }
  return sequences;
}

describe('SequenceTracker', () => {
  it.each<readonly [string, readonly number[], readonly Sighting[], readonly number[]]>([
    ['in order', [0, 1, 2], ['in-order', 'in-order', 'in-order'], []],
    ['one is missing', [0, 2], ['in-order', 'gap'], [1, 2]],
    ['the first are missing', [3], ['gap'], [0, 3]],
    ['a swap counts once', [1, 0, 2], ['gap', 'reordered', 'in-order'], []],
    ['a duplicate', [0, 0], ['in-order', 'duplicate'], []],
    ['a duplicate of a late one', [1, 0, 0], ['gap', 'reordered', 'duplicate'], []],
    ['late in the middle of a gap', [4, 2], ['gap', 'reordered'], [0, 2, 3, 4]],
    ['late at its start', [4, 0], ['gap', 'reordered'], [1, 4]],
    ['late at its end', [4, 3], ['gap', 'reordered'], [0, 3]],
    ['a duplicate between two gaps', [1, 3, 1], ['gap', 'gap', 'duplicate'], [0, 1, 2, 3]],
    ['a batch twice', [0, 1, 0, 1, 2], ['in-order', 'in-order', 'duplicate', 'duplicate', 'in-order'], []],
  ])('%s', (_, sequences, sightings, gaps) => {
    const { tracker, sightings: seen } = watch(sequences);
    expect(seen).toEqual(sightings);
    expect(tracker.gaps).toEqual(gaps);
    expect(tracker.missing).toBe(spread(gaps).length);
  });

  it('agrees with one that remembers everything, on streams with drops, duplicates and swaps', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const stream: number[] = [];
      for (let sequence = 0; sequence < 1_500; sequence++) {
        const fate = whole(1, 20);
        if (fate <= 2) continue;
        stream.push(sequence);
        if (fate === 3) stream.push(sequence);
        if (fate === 4 && stream.length > 9) stream.push(...stream.slice(-whole(1, 9)));
        if (fate === 5) stream.splice(Math.max(0, stream.length - 1 - whole(1, 30)), 0, ...stream.splice(-1));
        if (fate === 6) stream.push(whole(0, sequence));
      }
      const tracker = new SequenceTracker();
      const naive = new NaiveTracker();
      for (const [at, sequence] of stream.entries()) {
        expect(tracker.see(sequence)).toBe(naive.see(sequence));
        if (at % 100 === 0) expect(tracker.missing).toBe(naive.missing.length);
      }
      expect(tracker.next).toBe(naive.next);
      expect(spread(tracker.gaps)).toEqual(naive.missing);
      expect(tracker.missing).toBe(naive.missing.length);
      expect(tracker.overflow).toBe(0);
    }
  });

  it('goes on elsewhere from its state as if nothing had happened', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const straight = new SequenceTracker();
      let moved = new SequenceTracker();
      for (let i = 0; i < 600; i++) {
        const sequence = whole(Math.max(0, i - 20), i + 3);
        expect(moved.see(sequence)).toBe(straight.see(sequence));
        if (whole(1, 20) === 1) moved = SequenceTracker.from(structuredClone(moved.state(1, 2)));
        expect(moved.missing).toBe(straight.missing);
      }
      expect(moved.state(7, 8)).toEqual(straight.state(7, 8));
      expect(moved.state(7, 8)).toMatchObject({ producerId: 7, partitionIndex: 8, next: straight.next });
    }
  });
});

describe('what retention removed', () => {
  it('is no gap, whatever comes next', () => {
    const tracker = new SequenceTracker();
    for (const sequence of [0, 1, 3]) tracker.see(sequence);
    tracker.passOver();
    tracker.passOver();
    expect(tracker.see(2)).toBe('reordered');
    expect(tracker.see(10)).toBe('in-order');
    expect(tracker.see(11)).toBe('in-order');
    expect(tracker.see(13)).toBe('gap');
    expect(tracker.missing).toBe(1);
    expect(tracker.state(1, 2)).toMatchObject({ next: 14, gaps: [12, 13], expired: [4, 10], passedOver: false });
  });

  it('may be nothing of this producer', () => {
    const tracker = new SequenceTracker();
    tracker.see(0);
    tracker.passOver();
    expect(tracker.see(1)).toBe('in-order');
    expect(tracker.see(3)).toBe('gap');
    expect(tracker.state(1, 2)).toMatchObject({ next: 4, gaps: [2, 3], expired: [] });
  });

  it('moves with its partition, and comes late all the same', () => {
    const tracker = new SequenceTracker();
    tracker.see(0);
    tracker.passOver();
    expect(tracker.state(1, 2)).toMatchObject({ next: 1, passedOver: true });
    const moved = SequenceTracker.from(structuredClone(tracker.state(1, 2)));
    expect(moved.see(5)).toBe('in-order');
    expect([moved.see(3), moved.see(3), moved.see(0)]).toEqual(['reordered', 'duplicate', 'duplicate']);
    expect(moved.missing).toBe(0);
    expect(SequenceTracker.from(moved.state(1, 2)).state(1, 2)).toMatchObject({ expired: [1, 3, 4, 5] });
  });

  it('counts as missing where it is more than is kept apart', () => {
    const tracker = new SequenceTracker();
    for (let at = 0; at <= maxGaps; at++) {
      tracker.passOver();
      tracker.see(2 * at + 1);
    }
    expect(tracker.missing).toBe(1);
    expect(tracker.state(0, 0).expired).toHaveLength(2 * maxGaps);
  });
});

describe('more gaps than are kept', () => {
  /** Every second sequence up to so many gaps. */
  const sieve = (gaps: number) => watch(Array.from({ length: gaps }, (_, at) => 2 * at + 1)).tracker;

  it('are all known up to the limit', () => {
    const tracker = sieve(maxGaps);
    expect(tracker.overflow).toBe(0);
    expect(tracker.see(0)).toBe('reordered');
    expect(tracker.see(2 * maxGaps - 2)).toBe('reordered');
    expect(tracker.missing).toBe(maxGaps - 2);
  });

  it('count as missing for good beyond it', () => {
    const tracker = sieve(maxGaps + 10);
    expect(tracker.missing).toBe(maxGaps + 10);
    expect(tracker.overflow).toBe(10);
    expect(tracker.see(2 * (maxGaps + 10) - 2)).toBe('duplicate');
    expect(tracker.missing).toBe(maxGaps + 10);
    const moved = SequenceTracker.from(tracker.state(0, 0));
    expect(moved.missing).toBe(maxGaps + 10);
    expect(moved.overflow).toBe(10);
  });

  it('are not made by filling one great gap here and there', () => {
    const tracker = new SequenceTracker();
    const length = 10 * maxGaps;
    tracker.see(length);
    for (let sequence = length - 2; sequence > 0; sequence -= 2) tracker.see(sequence);
    expect(tracker.gaps.length).toBeLessThanOrEqual(2 * maxGaps);
    // None is said to be missing that was seen, none that was not is forgotten.
    expect(tracker.missing).toBe(length / 2 + 1);
    expect(tracker.missing).toBe(spread(tracker.gaps).length + tracker.overflow);
  });
});
