/**
 * The fixed part of a record batch (format v2); places count from the batch's start.
 *
 *    0 8 base offset        17 4 CRC-32C of all that follows   43 8 producer id
 *    8 4 length after here  21 2 attributes                    51 2 producer epoch
 *   12 4 leader epoch       23 4 last offset delta             53 4 base sequence
 *   16 1 magic, 2           27 8 base timestamp, 35 8 maximum  57 4 record count, 61 records
 */
export const batchOffsets = {
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
} as const;

/** Where the records begin. */
export const batchHeaderBytes = 61;

/** What the length field does not count: base offset and itself. */
export const batchLengthExcludes = 12;
