/** Record batches from encoders that are not ours: kafkajs's and @platformatic/kafka's. */
import { createRequire } from 'node:module';
import { crc32c, createRecordsBatch } from '@platformatic/kafka';
import type { Compression } from '../../../../source/config/plan.ts';

export interface TestRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [string, Buffer])[];
}

export const record = (
  value: Buffer | null,
  key: Buffer | null = null,
  headers: TestRecord['headers'] = [],
): TestRecord => ({ key, value, headers });

export const records = (count: number, valueBytes = 20): TestRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const value = Buffer.alloc(valueBytes, i);
    if (valueBytes >= 4) value.writeUInt32BE(i);
    return record(value);
  });

interface Encoded {
  readonly buffer: Buffer;
}

const require = createRequire(import.meta.url);
const kafkajsBatch: {
  RecordBatch: (options: object) => Promise<Encoded>;
} = require('kafkajs/src/protocol/recordBatch/v0/index.js');
const kafkajsRecord: (options: object) => object = require('kafkajs/src/protocol/recordBatch/record/v0/index.js');

/** kafkajs knows no null header values, and of the codecs only gzip. */
export async function kafkajsEncode(list: readonly TestRecord[], baseOffset = 0, codec: 0 | 1 = 0): Promise<Buffer> {
  const Long: { fromValue(value: number): object } = require('kafkajs/src/utils/long.js');
  const encoded = await kafkajsBatch.RecordBatch({
    compression: codec,
    firstOffset: Long.fromValue(baseOffset),
    lastOffsetDelta: list.length - 1,
    records: list.map(({ key, value, headers }, i) =>
      kafkajsRecord({ offsetDelta: i, timestampDelta: i, key, value, headers: Object.fromEntries(headers) }),
    ),
  });
  return encoded.buffer;
}

/** Null keys and values as Kafka has them; @platformatic/kafka writes undefined as null. */
export function platformaticEncode(
  list: readonly TestRecord[],
  baseOffset = 0,
  compression: Compression = 'none',
): Buffer {
  const messages = list.map(({ key, value, headers }) => ({
    topic: 't',
    timestamp: 1_700_000_000_000n,
    ...(key === null ? {} : { key }),
    // The writer takes null; its type says otherwise.
    value: value ?? nullBytes(),
    headers: new Map(headers.map(([name, bytes]) => [Buffer.from(name), bytes])),
  }));
  const batch = createRecordsBatch(messages, { compression }).buffer;
  batch.writeBigInt64BE(BigInt(baseOffset));
  return batch;
}

function nullBytes(): Buffer {
  const nothing: { value: Buffer } = JSON.parse('{"value":null}');
  return nothing.value;
}

/** Writes the checksum anew after a change of what it covers. */
export function resign(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

export const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
