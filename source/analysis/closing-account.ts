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
  readonly overflow: number;
}

export interface ClosingAccount {
  /** Acknowledged and never consumed. */
  readonly missing: number;
  /** Failed or unknown and consumed nevertheless, for each range given up, in its order. */
  readonly consumedOfGivenUp: readonly number[];
  /** Sequences in gaps that could not be kept apart; they are counted as missing. */
  readonly overflow: number;
}

export function closeAccount(
  acked: readonly AckedSequences[],
  givenUp: readonly GivenUpSequences[],
  consumed: readonly ConsumedSequences[],
): ClosingAccount {
  const key = (producerId: number, partitionIndex: number): string => `${producerId} ${partitionIndex}`;
  const consumedBy = new Map(consumed.map((one) => [key(one.producerId, one.partitionIndex), one]));
  const givenUpBy = Map.groupBy(givenUp, (one) => key(one.producerId, one.partitionIndex));
  let missing = 0;
  let overflow = 0;
  for (const { producerId, partitionIndex, lastAcked } of acked) {
    const seen = consumedBy.get(key(producerId, partitionIndex));
    const lost = givenUpBy.get(key(producerId, partitionIndex)) ?? [];
    for (const [from, to] of notConsumed(seen, lastAcked + 1)) {
      missing += to - from;
      for (const range of lost) missing -= overlap(from, to, range.from, range.to);
    }
    overflow += seen?.overflow ?? 0;
  }
  const consumedOfGivenUp = givenUp.map((range) => {
    const seen = consumedBy.get(key(range.producerId, range.partitionIndex));
    if (seen === undefined) return 0;
    let count = overlap(range.from, range.to, 0, seen.next);
    for (const [from, to] of notConsumed(seen, seen.next)) count -= overlap(range.from, range.to, from, to);
    return count;
  });
  return { missing: missing + overflow, consumedOfGivenUp, overflow };
}

/** Ranges below `end` that were not consumed. */
function* notConsumed(seen: ConsumedSequences | undefined, end: number): Generator<readonly [number, number]> {
  if (seen === undefined) {
    yield [0, end];
    return;
  }
  for (let at = 0; at < seen.gaps.length; at += 2) {
    const from = seen.gaps[at] ?? 0;
    const to = Math.min(end, seen.gaps[at + 1] ?? 0);
    if (from < to) yield [from, to];
  }
  if (seen.next < end) yield [seen.next, end];
}

function overlap(from: number, to: number, otherFrom: number, otherTo: number): number {
  return Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
}
