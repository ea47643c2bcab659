import { writeInt64 } from '../../../source/protocol/int64.ts';

export interface BatchShape {
  readonly records?: number;
  readonly valueBytes?: number;
  readonly timestampMs?: number;
  readonly producerId?: number;
  readonly epoch?: number;
  readonly sequence?: number;
  /** Fills the values, so that batches can be told apart. */
  readonly fill?: string;
}

/** A record batch of format 2 with one-byte lengths and deltas; record n is n ms younger than the first. No checksum. */
export function makeBatch(shape: BatchShape = {}): Buffer {
  const { records = 1, valueBytes = 10, timestampMs = 1000, producerId = -1, epoch = -1, sequence = -1 } = shape;
  const value = Buffer.alloc(valueBytes, shape.fill ?? 'x');
  const encoded = Array.from({ length: records }, (_, index) => {
    const body = Buffer.concat([
      Buffer.from([0, ...varint(index), ...varint(index), ...varint(-1), ...varint(valueBytes)]),
      value,
      Buffer.from([0]),
    ]);
    return Buffer.concat([Buffer.from(varint(body.length)), body]);
  });
  const header = Buffer.alloc(61);
  const content = Buffer.concat([header, ...encoded]);
  content.writeInt32BE(content.length - 12, 8);
  content.writeInt8(2, 16);
  content.writeInt32BE(records - 1, 23);
  writeInt64(content, timestampMs, 27);
  writeInt64(content, timestampMs + records - 1, 35);
  writeInt64(content, producerId, 43);
  content.writeInt16BE(epoch, 51);
  content.writeInt32BE(sequence, 53);
  content.writeInt32BE(records, 57);
  return content;
}

/** Zigzag. */
function varint(value: number): number[] {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  const bytes: number[] = [];
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** The batches in a record set: offset of each, how many records, leader epoch, and its first value's first letter. */
export function batchesOf(
  recordSet: Buffer,
): { offset: number; records: number; leaderEpoch: number; bytes: Buffer }[] {
  const found = [];
  for (let at = 0; at < recordSet.length; ) {
    const length = recordSet.readInt32BE(at + 8) + 12;
    found.push({
      offset: Number(recordSet.readBigInt64BE(at)),
      records: recordSet.readInt32BE(at + 57),
      leaderEpoch: recordSet.readInt32BE(at + 12),
      bytes: recordSet.subarray(at, at + length),
    });
    at += length;
  }
  return found;
}
