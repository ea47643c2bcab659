import { describe, expect, it } from 'vitest';
import {
  type AckedSequences,
  type ConsumedSequences,
  closeAccount,
  type GivenUpSequences,
} from '../../source/analysis/closing-account.ts';
import { SequenceTracker } from '../../source/load/sequence-tracker.ts';
import { random, seeds } from '../measure/support/random.ts';

const acked = (lastAcked: number): AckedSequences => ({ producerId: 0, partitionIndex: 0, lastAcked });
const seen = (next: number, gaps: readonly number[] = [], overflow = 0): ConsumedSequences => ({
  producerId: 0,
  partitionIndex: 0,
  next,
  gaps,
  expired: [],
  passedOver: false,
  overflow,
});
const givenUp = (from: number, to: number, fate: 'failed' | 'unknown' = 'failed'): GivenUpSequences => ({
  producerId: 0,
  partitionIndex: 0,
  from,
  to,
  fate,
});

describe('closeAccount', () => {
  it.each<
    readonly [
      string,
      readonly AckedSequences[],
      readonly GivenUpSequences[],
      readonly ConsumedSequences[],
      number,
      readonly number[],
    ]
  >([
    ['nothing at all', [], [], [], 0, []],
    ['all came', [acked(9)], [], [seen(10)], 0, []],
    ['nothing came', [acked(9)], [], [], 10, []],
    ['a gap', [acked(9)], [], [seen(10, [3, 5])], 2, []],
    ['a lost tail', [acked(9)], [], [seen(7)], 3, []],
    ['a gap and a tail', [acked(9)], [], [seen(7, [0, 1])], 4, []],
    ['a gap left by a failed batch', [acked(9)], [givenUp(3, 5)], [seen(10, [3, 5])], 0, [0]],
    ['a gap left by more than the failed batch', [acked(9)], [givenUp(3, 5)], [seen(10, [2, 7])], 3, [0]],
    ['a failed batch that came', [acked(9)], [givenUp(3, 5)], [seen(10)], 0, [2]],
    ['half of it came', [acked(9)], [givenUp(3, 7)], [seen(10, [5, 7])], 0, [2]],
    ['one of unknown fate behind the last acknowledged', [acked(9)], [givenUp(10, 15, 'unknown')], [seen(10)], 0, [0]],
    ['it came', [acked(9)], [givenUp(10, 15, 'unknown')], [seen(15)], 0, [5]],
    ['some of it came', [acked(9)], [givenUp(10, 15, 'unknown')], [seen(13, [11, 12])], 0, [2]],
    ['nothing was acknowledged', [], [givenUp(0, 5)], [seen(3)], 0, [3]],
    ['a failed batch of nobody that was seen', [acked(9)], [givenUp(0, 5)], [], 5, [0]],
    ['gaps that could not be kept', [acked(99)], [], [seen(100, [1, 2], 7)], 8, []],
    [
      'producers and partitions apart',
      [
        acked(9),
        { producerId: 1, partitionIndex: 0, lastAcked: 4 },
        { producerId: 0, partitionIndex: 3, lastAcked: 1 },
      ],
      [{ ...givenUp(0, 2), producerId: 1 }],
      [seen(10, [0, 2]), { ...seen(2), partitionIndex: 3 }],
      2 + 3,
      [0],
    ],
  ])('%s', (_, ackedOnes, givenUpOnes, consumed, missing, consumedOfGivenUp) => {
    const account = closeAccount(ackedOnes, givenUpOnes, consumed);
    expect(account.missing).toBe(missing);
    expect(account.consumedOfGivenUp).toEqual(consumedOfGivenUp);
  });

  it.each<readonly [string, Partial<ConsumedSequences> | null, readonly GivenUpSequences[], number, number, number]>([
    ['a stretch', { expired: [2, 6] }, [], 4, 0, 4],
    ['a stretch beside a loss', { expired: [2, 6], gaps: [7, 8] }, [], 4, 1, 4],
    ['the rest', { next: 7, passedOver: true }, [], 3, 0, 3],
    ['all of it', null, [], 10, 0, 10],
    ['no more than the log lost', { expired: [2, 6] }, [], 3, 1, 3],
    ['no more than the log lost, which is nothing', { next: 7, passedOver: true }, [], 0, 3, 0],
    ['with others', { expired: [2, 6] }, [], 9, 0, 4],
    ['and a batch that never was in it', { expired: [2, 6] }, [givenUp(3, 5)], 2, 0, 2],
  ])('what retention removed is not missing: %s', (_, state, givenUpOnes, offsets, missing, expired) => {
    const consumed = state === null ? [] : [{ ...seen(10), ...state }];
    const account = closeAccount([acked(9)], givenUpOnes, consumed, [{ partitionIndex: 0, count: offsets }]);
    expect(account).toMatchObject({ missing, expired, consumedOfGivenUp: givenUpOnes.map(() => 0) });
  });

  it.each<readonly [string, Partial<ConsumedSequences> | null, number, number, number]>([
    ['the rest', { next: 7 }, 3, 0, 3],
    ['all of it', null, 10, 0, 10],
    ['where the end of the log is not known', { next: 7 }, Number.POSITIVE_INFINITY, 0, 3],
    ['no more than the log holds', { next: 7 }, 2, 1, 2],
    ['no gap before it', { next: 7, gaps: [2, 4] }, 100, 2, 3],
    ['with others', { next: 7 }, 50, 0, 3],
  ])('what the log still holds is unread, not missing: %s', (_, state, beyond, missing, unread) => {
    const consumed = state === null ? [] : [{ ...seen(10), ...state }];
    expect(closeAccount([acked(9)], [], consumed, [], [beyond])).toMatchObject({ missing, unread, expired: 0 });
  });

  it('tells what retention removed from what the log holds after it, for all producers of a partition', () => {
    const acknowledged = [acked(9), { ...acked(9), producerId: 1 }];
    const consumed = [{ ...seen(4), passedOver: true }];
    const account = closeAccount(acknowledged, [], consumed, [{ partitionIndex: 0, count: 11 }], [5]);
    expect(account).toMatchObject({ missing: 0, unread: 5, expired: 11 });
  });

  it('holds what was never seen of a partition that lost nothing for missing', () => {
    expect(closeAccount([acked(9)], [], [], [{ partitionIndex: 1, count: 10 }])).toMatchObject({
      missing: 10,
      expired: 0,
    });
  });

  it('says how many could not be kept apart', () => {
    expect(closeAccount([acked(99)], [], [seen(100, [], 7)]).overflow).toBe(7);
  });

  it('agrees with one that looks at every message', () => {
    for (const seed of seeds) {
      const { whole, pick } = random(seed);
      const ackedOnes: AckedSequences[] = [];
      const givenUpOnes: GivenUpSequences[] = [];
      const consumed: ConsumedSequences[] = [];
      let missing = 0;
      const came: number[] = [];
      for (let producerId = 0; producerId < 3; producerId++) {
        for (let partitionIndex = 0; partitionIndex < 3; partitionIndex++) {
          const tracker = new SequenceTracker();
          let lastAcked = -1;
          let from = 0;
          const fates: string[] = [];
          const arrived = new Set<number>();
          for (let batch = 0; batch < 40; batch++) {
            const fate = pick(['acked', 'acked', 'acked', 'failed', 'unknown']);
            const to = from + whole(1, 8);
            if (fate === 'failed' || fate === 'unknown') {
              givenUpOnes.push({ producerId, partitionIndex, from, to, fate });
            } else {
              lastAcked = to - 1;
            }
            for (; from < to; from++) {
              fates.push(fate);
              if (whole(1, 10) <= (fate === 'acked' ? 9 : fate === 'failed' ? 1 : 5)) arrived.add(from);
            }
          }
          for (const sequence of arrived) tracker.see(sequence);
          missing += fates.filter((fate, sequence) => fate === 'acked' && !arrived.has(sequence)).length;
          for (const range of givenUpOnes) {
            if (range.producerId !== producerId || range.partitionIndex !== partitionIndex) continue;
            came.push([...arrived].filter((sequence) => sequence >= range.from && sequence < range.to).length);
          }
          if (lastAcked >= 0) ackedOnes.push({ producerId, partitionIndex, lastAcked });
          if (arrived.size > 0) consumed.push(tracker.state(producerId, partitionIndex));
        }
      }
      const account = closeAccount(ackedOnes, givenUpOnes, consumed);
      expect(account).toEqual({ missing, unread: 0, expired: 0, consumedOfGivenUp: came, overflow: 0 });
    }
  });
});
