/** Kafka's record sequence numbers: 0 to 2³¹ − 1, and then 0 again. */

const largest = 0x7fffffff;

/** The sequence number after `count` records that start at `sequence`. */
export function nextSequence(sequence: number, count: number): number {
  // In doubles, so that it does not overflow.
  const next = sequence + count;
  return next > largest ? next - largest - 1 : next;
}
