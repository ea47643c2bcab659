import { readInt64 } from '../../protocol/int64.ts';
import { errorCode } from '../protocol/error-codes.ts';

/** Where the fields of a record batch (format 2) stand in its header. */
export const batchField = {
  baseOffset: 0,
  batchLength: 8,
  leaderEpoch: 12,
  magic: 16,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** Bytes before those that `batchLength` counts. */
const uncountedBytes = 12;
const compressionMask = 0x07;

/** Whole length in bytes of the batch at `at`. */
export function batchBytes(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at + batchField.batchLength) + uncountedBytes;
}

/** Number of offsets that the batch takes. */
export function batchOffsets(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at + batchField.lastOffsetDelta) + 1;
}

/**
 * Looks at the header only: the checksum is the reader's to check, and hashing would be the sandbox's largest cost.
 * Answers `corruptMessage` where `length` bytes at `at` cannot be exactly one batch of format 2.
 */
export function checkBatchHeader(bytes: Buffer, at: number, length: number): number {
  if (length < batchField.records) return errorCode.corruptMessage;
  if (bytes.readInt8(at + batchField.magic) !== 2) return errorCode.corruptMessage;
  if (batchBytes(bytes, at) !== length) return errorCode.corruptMessage;
  const records = bytes.readInt32BE(at + batchField.recordCount);
  if (records < 1 || batchOffsets(bytes, at) !== records) return errorCode.corruptMessage;
  return errorCode.none;
}

/** Offset and timestamp of the batch's first record that is not older than `timestampMs`. */
export function firstRecordSince(
  bytes: Buffer,
  at: number,
  timestampMs: number,
): { readonly offset: number; readonly timestampMs: number } {
  const baseOffset = readInt64(bytes, at);
  const baseTimestamp = readInt64(bytes, at + batchField.baseTimestamp);
  const compressed = (bytes.readInt16BE(at + batchField.attributes) & compressionMask) !== 0;
  // A compressed batch is not opened: its first record stands for all.
  if (compressed || baseTimestamp >= timestampMs) return { offset: baseOffset, timestampMs: baseTimestamp };
  const walk = new VarintWalk(bytes, at + batchField.records, at + batchBytes(bytes, at));
  while (!walk.ended) {
    const next = walk.signed() + walk.position;
    walk.position += 1;
    const recordTimestamp = baseTimestamp + walk.signed();
    const offset = baseOffset + walk.signed();
    if (recordTimestamp >= timestampMs) return { offset, timestampMs: recordTimestamp };
    walk.position = next;
  }
  return { offset: baseOffset, timestampMs: baseTimestamp };
}

/** Zigzag varints of records. */
class VarintWalk {
  readonly #bytes: Buffer;
  readonly #end: number;
  position: number;

  constructor(bytes: Buffer, position: number, end: number) {
    this.#bytes = bytes;
    this.position = position;
    this.#end = end;
  }

  get ended(): boolean {
    return this.position >= this.#end;
  }

  /** By multiplication, since a timestamp delta may need more than 32 bits; a walk that runs out ends with zeros. */
  signed(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.position < this.#end ? this.#bytes.readUInt8(this.position) : 0;
      this.position++;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 0x80;
    }
  }
}
