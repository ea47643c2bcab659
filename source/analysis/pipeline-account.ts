/**
 * The closing account of a run whose messages went through somebody else's processor: what its input acknowledged against
 * what came out, by producer, input partition and sequence number, in whatever order and partition it came out. Pure.
 */
import type { AckedSequences, ClosingAccount, GivenUpSequences } from './closing-account.ts';

/** Which sequence numbers of a producer and input partition came out. */
export interface CountedSequences {
  readonly producerId: number;
  /** Of the input. */
  readonly partitionIndex: number;
  /** Not come when it was no longer possible to tell them apart: they are among those not seen. */
  readonly overflow: number;
  /** How many different ones of [from, to) came. */
  countIn(from: number, to: number): number;
}

/**
 * `expiredOffsets`: records of the output that retention removed before they were read. `beyond`: records that the output
 * still held unread (Infinity: not known). Whose they were nobody can tell: that many of what did not come are taken for
 * them.
 */
export function closePipelineAccount(
  acked: readonly AckedSequences[],
  givenUp: readonly GivenUpSequences[],
  seen: readonly CountedSequences[],
  expiredOffsets: number,
  beyond: number,
): ClosingAccount {
  const key = (producerId: number, partitionIndex: number): string => `${producerId} ${partitionIndex}`;
  const seenBy = new Map(seen.map((one) => [key(one.producerId, one.partitionIndex), one]));
  const givenUpBy = Map.groupBy(givenUp, (one) => key(one.producerId, one.partitionIndex));
  let notCome = 0;
  for (const { producerId, partitionIndex, lastAcked } of acked) {
    const end = lastAcked + 1;
    const came = seenBy.get(key(producerId, partitionIndex));
    notCome += end - (came?.countIn(0, end) ?? 0);
    for (const range of givenUpBy.get(key(producerId, partitionIndex)) ?? []) {
      const to = Math.min(range.to, end);
      if (range.from < to) notCome -= to - range.from - (came?.countIn(range.from, to) ?? 0);
    }
  }
  const expired = Math.min(notCome, expiredOffsets);
  const unread = Math.min(notCome - expired, beyond);
  const consumedOfGivenUp = givenUp.map(
    ({ producerId, partitionIndex, from, to }) => seenBy.get(key(producerId, partitionIndex))?.countIn(from, to) ?? 0,
  );
  const overflow = seen.reduce((sum, one) => sum + one.overflow, 0);
  return { missing: notCome - expired - unread, unread, expired, consumedOfGivenUp, overflow };
}
