/**
 * The closing account of a run: what was acknowledged against what was consumed, by producer, partition and sequence
 * number. Exact as long as the trackers' gap sets did not overflow. Pure.
 */
export interface AckedSequences {
  readonly producerId: number;
  readonly partitionIndex: number;
  /** Highest acknowledged sequence number. */
  readonly lastAcked: number;
}

export interface GivenUpSequences {
  readonly producerId: number;
  readonly partitionIndex: number;
  /** [from, to). */
  readonly from: number;
  readonly to: number;
  readonly fate: 'failed' | 'unknown';
}

export interface ConsumedSequences {
  readonly producerId: number;
  readonly partitionIndex: number;
  /** Next expected sequence number: everything below was consumed, but for the gaps. */
  readonly next: number;
  /** [from, to) pairs, ascending. */
  readonly gaps: readonly number[];
  /** Skipped when retention removed records: [from, to) pairs, ascending. */
  readonly expired: readonly number[];
  /** Retention removed records after the last that was read: the rest is among them. */
  readonly passedOver: boolean;
  readonly overflow: number;
}

/** Offsets that retention removed before they were read. */
export interface ExpiredOffsets {
  readonly partitionIndex: number;
  readonly count: number;
}

export interface ClosingAccount {
  /** Acknowledged, there to be read, and never consumed. */
  readonly missing: number;
  /** Acknowledged, and in the log still, behind what was read last: nobody has looked. */
  readonly unread: number;
  /** Acknowledged, and removed by retention before they were read. */
  readonly expired: number;
  /** Failed or unknown and consumed nevertheless, for each range given up, in its order. */
  readonly consumedOfGivenUp: readonly number[];
  /** Sequences in gaps that could not be kept apart; they are counted as missing. */
  readonly overflow: number;
}

type Range = readonly [from: number, to: number];

export function closeAccount(
  acked: readonly AckedSequences[],
  givenUp: readonly GivenUpSequences[],
  consumed: readonly ConsumedSequences[],
  expiredOffsets: readonly ExpiredOffsets[] = [],
  /** Records that the log held beyond the last position, by partition index; Infinity: it is not known. */
  beyond: readonly number[] = [],
): ClosingAccount {
  const key = (producerId: number, partitionIndex: number): string => `${producerId} ${partitionIndex}`;
  const consumedBy = new Map(consumed.map((one) => [key(one.producerId, one.partitionIndex), one]));
  const givenUpBy = Map.groupBy(givenUp, (one) => key(one.producerId, one.partitionIndex));
  const offsetsOf = new Map(expiredOffsets.map(({ partitionIndex, count }) => [partitionIndex, count]));
  const expiredIn = new Map<number, number>();
  const beyondIn = [...beyond];
  let missing = 0;
  let unread = 0;
  let overflow = 0;
  for (const { producerId, partitionIndex, lastAcked } of acked) {
    const seen = consumedBy.get(key(producerId, partitionIndex));
    const lost = givenUpBy.get(key(producerId, partitionIndex)) ?? [];
    const arrivable = (ranges: Iterable<Range>): number => {
      let count = 0;
      for (const [from, to] of ranges) {
        count += to - from;
        for (const range of lost) count -= overlap(from, to, range.from, range.to);
      }
      return count;
    };
    const end = lastAcked + 1;
    const behind = arrivable(tailOf(seen, end));
    const notYet = Math.min(behind, beyondIn[partitionIndex] ?? 0);
    beyondIn[partitionIndex] = (beyondIn[partitionIndex] ?? 0) - notYet;
    unread += notYet;
    const tail = behind - notYet;
    const tailExpired = seen === undefined ? offsetsOf.has(partitionIndex) : seen.passedOver;
    missing += arrivable(pairs(seen?.gaps ?? [], end)) + (tailExpired ? 0 : tail);
    const removed = arrivable(pairs(seen?.expired ?? [], end)) + (tailExpired ? tail : 0);
    expiredIn.set(partitionIndex, (expiredIn.get(partitionIndex) ?? 0) + removed);
    overflow += seen?.overflow ?? 0;
  }
  let expired = 0;
  for (const [partitionIndex, removed] of expiredIn) {
    // More than the log lost there cannot have gone with it.
    const possible = Math.min(removed, offsetsOf.get(partitionIndex) ?? 0);
    expired += possible;
    missing += removed - possible;
  }
  const consumedOfGivenUp = givenUp.map((range) => {
    const seen = consumedBy.get(key(range.producerId, range.partitionIndex));
    if (seen === undefined) return 0;
    let count = overlap(range.from, range.to, 0, seen.next);
    for (const ranges of [seen.gaps, seen.expired])
      for (const [from, to] of pairs(ranges, seen.next)) count -= overlap(range.from, range.to, from, to);
    return count;
  });
  return { missing: missing + overflow, unread, expired, consumedOfGivenUp, overflow };
}

/** Those below `end`. */
function* pairs(ranges: readonly number[], end: number): Generator<Range> {
  for (let at = 0; at < ranges.length; at += 2) {
    const from = ranges[at] ?? 0;
    const to = Math.min(end, ranges[at + 1] ?? 0);
    if (from < to) yield [from, to];
  }
}

/** What was acknowledged after the last that was read. */
function* tailOf(seen: ConsumedSequences | undefined, end: number): Generator<Range> {
  const from = seen?.next ?? 0;
  if (from < end) yield [from, end];
}

function overlap(from: number, to: number, otherFrom: number, otherTo: number): number {
  return Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
}
