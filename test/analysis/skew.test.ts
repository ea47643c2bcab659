import { describe, expect, it } from 'vitest';
import { brokerSkew, partitionSkew } from '../../source/analysis/skew.ts';
import { seededUniform } from '../../source/load/schedule.ts';

const pieces = (...counts: readonly (readonly number[])[]) => counts.map((piece) => Float64Array.from(piece));

describe('partitionSkew', () => {
  it.each([
    ['even', pieces([5, 5], [5, 5], [5, 5]), { hottest: 0, maxOverMean: 1, atLeast: 1 }],
    ['the same one each time', pieces([1, 3], [2, 6], [1, 3]), { hottest: 1, maxOverMean: 1.5, atLeast: 1.5 }],
    [
      'another one each time',
      pieces([9, 0, 0], [0, 9, 0], [0, 0, 10]),
      { hottest: 2, maxOverMean: 30 / 28, atLeast: 0 },
    ],
    ['too few pieces', pieces([0, 10], [0, 10]), { hottest: 1, maxOverMean: 2, atLeast: 0 }],
    ['pieces without messages', pieces([1, 3], [0, 0], [1, 3], [1, 3]), { hottest: 1, maxOverMean: 1.5, atLeast: 1.5 }],
  ])('%s', (_, given, expected) => {
    expect(partitionSkew(given)).toEqual(expected);
  });

  it.each([
    ['nothing at all', []],
    ['no messages', pieces([0, 0], [0, 0])],
    ['one partition', pieces([5], [5], [5])],
  ])('says nothing of %s', (_, given) => {
    expect(partitionSkew(given)).toBeNull();
  });

  it('takes what a sticky partitioner does without keys for chance', () => {
    // Pieces of some stays of one batch each: always uneven, each time differently.
    const uniform = seededUniform(5);
    let uneven = 0;
    for (let round = 0; round < 500; round++) {
      const given = Array.from({ length: 5 }, () => {
        const piece = new Float64Array(12);
        for (let stay = 0; stay < 20; stay++) {
          const at = Math.floor(uniform() * 11.999);
          piece[at] = (piece[at] ?? 0) + 100;
        }
        return piece;
      });
      const skew = partitionSkew(given);
      if ((skew?.maxOverMean ?? 0) > 1.5) uneven++;
      expect(skew?.atLeast).toBeLessThan(1.5);
    }
    expect(uneven, 'by the ratio alone').toBeGreaterThan(20);
  });
});

describe('brokerSkew', () => {
  const of = (...trips: readonly (number | null)[]) =>
    trips.map((roundTripMs, brokerId) => ({ brokerId, roundTripMs }));

  it.each([
    [of(1, 1, 4), { slowest: 2, slowestMs: 4, medianMs: 1, slowestOverMedian: 4 }],
    [of(3, 1), { slowest: 0, slowestMs: 3, medianMs: 1, slowestOverMedian: 3 }],
    [of(1, null, 2, 3, 4), { slowest: 4, slowestMs: 4, medianMs: 2, slowestOverMedian: 2 }],
  ])('%j', (given, expected) => {
    expect(brokerSkew(given)).toEqual(expected);
  });

  it.each([[of()], [of(5)], [of(5, null)]])('says nothing of %j', (given) => {
    expect(brokerSkew(given)).toBeNull();
  });
});
