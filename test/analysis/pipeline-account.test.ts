import { describe, expect, it } from 'vitest';
import { closePipelineAccount } from '../../source/analysis/pipeline-account.ts';

/** What came of a producer and input partition. */
function came(sequences: readonly number[], producerId = 0, partitionIndex = 0, overflow = 0) {
  const countIn = (from: number, to: number) => sequences.filter((one) => one >= from && one < to).length;
  return { producerId, partitionIndex, overflow, countIn };
}
const acked = (lastAcked: number, producerId = 0, partitionIndex = 0) => ({ producerId, partitionIndex, lastAcked });
const lost = (from: number, to: number, fate: 'failed' | 'unknown' = 'failed') =>
  ({ producerId: 0, partitionIndex: 0, from, to, fate }) as const;
const good = { missing: 0, unread: 0, expired: 0, consumedOfGivenUp: [], overflow: 0 };

describe('what was acknowledged', () => {
  it('and came out in any order, is accounted for', () => {
    expect(closePipelineAccount([acked(3)], [], [came([3, 1, 0, 2])], 0, 0)).toEqual(good);
  });

  it('and did not come out, is missing: in between, at the end, or all of it', () => {
    expect(closePipelineAccount([acked(9)], [], [came([0, 2, 3, 4])], 0, 0).missing).toBe(6);
    expect(closePipelineAccount([acked(4, 0), acked(4, 1)], [], [came([0, 1, 2, 3, 4])], 0, 0).missing).toBe(5);
    expect(closePipelineAccount([acked(4, 0, 0), acked(4, 0, 1)], [], [came([0, 1], 0, 1)], 0, 0).missing).toBe(8);
  });

  it('by nobody, is nothing', () => {
    expect(closePipelineAccount([], [], [came([0, 1])], 0, 0)).toEqual(good);
    expect(closePipelineAccount([acked(-1)], [], [], 0, 0)).toEqual(good);
  });
});

describe('what was given up', () => {
  it('is not missing, and is told where it came out all the same', () => {
    const account = closePipelineAccount(
      [acked(9)],
      [lost(2, 5), lost(8, 12, 'unknown')],
      [came([0, 1, 5, 6, 7])],
      0,
      0,
    );
    expect(account).toEqual({ ...good, consumedOfGivenUp: [0, 0] });
    const arrived = closePipelineAccount([acked(9)], [lost(2, 5)], [came([0, 1, 3, 5, 6, 7, 8, 9])], 0, 0);
    expect(arrived).toEqual({ ...good, consumedOfGivenUp: [1] });
  });

  it('does not stand in for what is missing', () => {
    const account = closePipelineAccount([acked(5)], [lost(0, 2)], [came([0, 1, 3, 4, 5])], 0, 0);
    expect(account).toMatchObject({ missing: 1, consumedOfGivenUp: [2] });
  });

  it('after the last acknowledged one is no part of the account', () => {
    expect(closePipelineAccount([acked(2)], [lost(3, 6)], [came([0, 1, 2, 3])], 0, 0)).toEqual({
      ...good,
      consumedOfGivenUp: [1],
    });
  });
});

describe('what did not come', () => {
  it.each([
    [4, 0, { missing: 1, unread: 0, expired: 4 }],
    [9, 3, { missing: 0, unread: 0, expired: 5 }],
    [0, 3, { missing: 2, unread: 3, expired: 0 }],
    [2, 2, { missing: 1, unread: 2, expired: 2 }],
    [0, Number.POSITIVE_INFINITY, { missing: 0, unread: 5, expired: 0 }],
  ])('may have been removed by retention (%i) or be unread (%i)', (expired, beyond, expected) => {
    expect(closePipelineAccount([acked(9)], [], [came([0, 1, 2, 3, 4])], expired, beyond)).toMatchObject(expected);
  });

  it('is told apart only as far as there was memory for it', () => {
    expect(closePipelineAccount([acked(3)], [], [came([0], 0, 0, 3)], 0, 0)).toMatchObject({ missing: 3, overflow: 3 });
  });
});
