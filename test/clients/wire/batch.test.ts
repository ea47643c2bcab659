import { createRequire } from 'node:module';
import { jsCRC32C, Reader, readRecordsBatch } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { readIntendedNs, readSequence, stampMagic } from '../../../source/clients/stamp.ts';
import type { RecordShape } from '../../../source/clients/types.ts';
import { Batch, notIdempotent } from '../../../source/clients/wire/batch.ts';
import { BatchTemplate } from '../../../source/clients/wire/batch-template.ts';
import { type Codec, codecOf, noCodec } from '../../../source/clients/wire/codecs.ts';
import { RunZero } from '../../../source/clients/wire/run-zero.ts';
import { makeRun, plainShape, stamp, zeroUnixMs } from './support/making.ts';

interface KafkajsRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer>;
  readonly timestamp: string;
}

interface KafkajsBatch {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly lastOffsetDelta: number;
  readonly records: readonly KafkajsRecord[];
}

// Not part of kafkajs' public types: a reader of record batches that has nothing to do with ours.
const require = createRequire(import.meta.url);
const Decoder: new (bytes: Buffer) => object = require('kafkajs/src/protocol/decoder');
const decodeBatch: (decoder: object) => Promise<KafkajsBatch> = require('kafkajs/src/protocol/recordBatch/v0/decoder');

const zero = new RunZero(stamp);
const room = 100;

function bytesOf(batch: Batch): Buffer {
  const own = batch.bytesOf.subarray(batch.template.batchAt, batch.end);
  return batch.packed === null ? own : Buffer.concat([own, batch.packed]);
}

/** Checks length and checksum, then reads the batch with two libraries, which must agree. */
async function read(batch: Batch) {
  const bytes = bytesOf(batch);
  expect(bytes.readInt32BE(8)).toBe(bytes.length - 12);
  expect(bytes.readUInt32BE(17)).toBe(jsCRC32C(bytes.subarray(21)));
  expect(batch.bytes).toBe(bytes.length);
  const one = readRecordsBatch(Reader.from(bytes));
  const other = await decodeBatch(new Decoder(bytes));
  expect(one.records).toHaveLength(batch.count);
  expect(other.records).toHaveLength(batch.count);
  expect(one.lastOffsetDelta).toBe(batch.count - 1);
  for (const [i, record] of one.records.entries()) {
    const twin = other.records[i];
    expect(record.offsetDelta).toBe(i);
    if (!same(record.value, twin?.value) || !same(record.key, twin?.key)) throw new Error(`readers differ at ${i}`);
  }
  return { one, other };
}

const same = (a: Buffer | null, b: Buffer | null | undefined) => (a === null ? b === null : b?.equals(a) === true);

function filled(shape: RecordShape, count: number, batchSizeBytes: number, codec: Codec = noCodec): Batch {
  const batch = new Batch(new BatchTemplate({ shape, batchSizeBytes, prefixRoom: room, runId: stamp.runId }));
  expect(batch.template.capacity).toBeGreaterThanOrEqual(count);
  batch.reset(0, 3, 1000, { acks: 1, idempotent: false, codec });
  batch.append(makeRun({ count, firstSequence: 1000, producerId: 3, keys: shape.keys }), 0, count, zero);
  batch.pack();
  batch.seal(notIdempotent, -1, zero.unixMs(batch.intendedNs[0] ?? 0));
  return batch;
}

const levels = { gzipLevel: 6, zstdLevel: 3 };

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('records under %s are read by another library', (compression) => {
  for (const count of [1, 100]) {
    const plain = filled(plainShape(1000), count, 1024 * 1024);
    const batch = filled(plainShape(1000), count, 1024 * 1024, codecOf(compression, levels));
    const bytes = bytesOf(batch);
    expect(bytes.readInt32BE(8)).toBe(bytes.length - 12);
    expect(bytes.readUInt32BE(17)).toBe(jsCRC32C(bytes.subarray(21)));
    expect(batch.bytes).toBe(bytes.length);
    expect(batch.plainBytes).toBe(plain.bytes);
    const values = readRecordsBatch(Reader.from(bytes)).records.map(({ value }) => value);
    expect(values).toEqual(readRecordsBatch(Reader.from(bytesOf(plain))).records.map(({ value }) => value));
  }
});

test.each([1, 100])('%i records under gzip are read by kafkajs, which has no other codec, too', async (count) => {
  const batch = filled(plainShape(1000), count, 1024 * 1024, codecOf('gzip', levels));
  const { other } = await read(batch);
  expect(other.records).toHaveLength(count);
});

test('a batch that is sealed anew keeps what was compressed', () => {
  const batch = filled(plainShape(1000), 10, 1024 * 1024, codecOf('zstd', levels));
  const { packed } = batch;
  batch.pack();
  batch.seal({ idHigh: 0, idLow: 7, epoch: 2 }, 40, zeroUnixMs);
  expect(batch.packed).toBe(packed);
  const bytes = bytesOf(batch);
  expect(bytes.readUInt32BE(17)).toBe(jsCRC32C(bytes.subarray(21)));
  batch.reset(0, 3, 1000, { acks: 1, idempotent: false, codec: noCodec });
  expect(batch.packed).toBeNull();
});

test.each([1, 2, 63, 64, 65, 127, 128, 16_383, 16_384])('%i records are read by two other libraries', async (count) => {
  const batch = filled(plainShape(100), count, 4 * 1024 * 1024);
  const { one } = await read(batch);
  const expected = makeRun({ count, firstSequence: 1000, producerId: 3 });
  for (const [i, record] of one.records.entries()) {
    const value = record.value ?? Buffer.alloc(0);
    const view = new DataView(value.buffer, value.byteOffset, value.length);
    const stamped = [value.length, view.getUint32(0), readSequence(view, 0), view.getUint16(12), view.getUint16(14)];
    expect(stamped).toEqual([100, stampMagic, 1000 + i, 7, 3]);
    expect(value.toString('hex', 4, 12)).toBe(stamp.runId);
    const intended = readIntendedNs(view, 0, stamp.epochZeroHigh, stamp.epochZeroLow);
    expect(Math.abs(intended - (expected.intendedNs[i] ?? 0))).toBeLessThanOrEqual(1);
  }
  expect(Number(one.firstTimestamp)).toBe(zeroUnixMs + 5);
  expect(one.maxTimestamp).toBe(one.firstTimestamp);
});

const keys = { kind: 'pool', prefix: 'sensor-', count: 10_000, order: 'round-robin' } as const;

test.each<[string, RecordShape]>([
  ['empty values, stamp in a header', { ...plainShape(0), stamp: 'header' }],
  ['1 MiB values', plainShape(1024 * 1024)],
  ['just the stamp', plainShape(32)],
  ['keys', { ...plainShape(100), keys }],
  ['keys and a stamp in a header', { ...plainShape(500), keys, stamp: 'header' }],
  [
    'every kind of header',
    {
      ...plainShape(300),
      keys,
      headers: [
        { name: 'source', kind: 'text', value: 'plant ä' },
        { name: 'key-again', kind: 'key' },
        { name: 'at', kind: 'sendTimeMs' },
        { name: '', kind: 'text', value: '' },
      ],
    },
  ],
  [
    'headers, stamp in a header, empty value, no key',
    { ...plainShape(0), stamp: 'header', headers: [{ name: 'at', kind: 'sendTimeMs' }] },
  ],
  ['a header that repeats a key where there is none', { ...plainShape(64), headers: [{ name: 'k', kind: 'key' }] }],
])('%s', async (_, shape) => {
  for (const count of [1, 3, 70]) {
    const size = (shape.messageSizeBytes + 400) * 80;
    const batch = filled(shape, count, size);
    const { one, other } = await read(batch);
    for (const [i, record] of one.records.entries()) {
      expect(record.value?.length).toBe(shape.messageSizeBytes);
      const key = shape.keys.kind === 'pool' ? `sensor-${String((i * 7) % 10_000).padStart(4, '0')}` : null;
      expect(record.key?.toString() ?? null).toBe(key);
      const headers = new Map(record.headers.map(([name, value]) => [name?.toString() ?? '', value]));
      expect(headers.size).toBe(shape.headers.length + (shape.stamp === 'header' ? 1 : 0));
      for (const header of shape.headers) {
        const value = headers.get(header.name)?.toString();
        if (header.kind === 'text') expect(value).toBe(header.value);
        if (header.kind === 'key') expect(value ?? null).toBe(key);
        if (header.kind === 'sendTimeMs') expect(value).toBe(String(zeroUnixMs + 5 + i));
      }
      const holder = shape.stamp === 'header' ? headers.get('loadtui') : record.value;
      if (holder === undefined || holder === null) throw new Error('no stamp');
      expect(holder.readUInt32BE(0)).toBe(stampMagic);
      expect(holder.readUIntBE(18, 6)).toBe(1000 + i);
    }
    expect(other.records).toHaveLength(count);
  }
});

test('a recycled batch of another length is right again, and so is one filled in steps', async () => {
  const shape = { ...plainShape(100), keys };
  const batch = filled(shape, 90, 16_384);
  batch.reset(2, 3, 5, { acks: 1, idempotent: false, codec: noCodec });
  const run = makeRun({ count: 10, firstSequence: 5, producerId: 3, keys });
  batch.append(run, 0, 1, zero);
  batch.append(run, 1, 6, zero);
  batch.append(run, 7, 3, zero);
  batch.seal(notIdempotent, -1, 1234);
  const { one } = await read(batch);
  expect(one.records.map((record) => record.value?.readUIntBE(18, 6))).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  expect(one.records.map((record) => record.value?.readUInt16BE(16))).toEqual(Array(10).fill(2));
  expect(Number(one.firstTimestamp)).toBe(1234);
});

test('sealing again changes producer id, epoch and sequence and nothing else', async () => {
  const batch = filled(plainShape(100), 20, 16_384);
  const before = Buffer.from(bytesOf(batch).subarray(61));
  for (const [idHigh, idLow, epoch, sequence] of [
    [0, 4001, 0, 0],
    [1, 0xffff_ffff, 32_767, 0x7fff_ffff],
  ] as const) {
    batch.seal({ idHigh, idLow, epoch }, sequence, 99);
    const { one } = await read(batch);
    expect(one.producerId).toBe((BigInt(idHigh) << 32n) + BigInt(idLow));
    expect(one.producerEpoch).toBe(epoch);
    expect(one.firstSequence).toBe(sequence);
    expect(bytesOf(batch).subarray(61).equals(before)).toBe(true);
  }
});

test('a batch is filled up to its size and not beyond', () => {
  for (const batchSizeBytes of [200, 1000, 16_384, 65_536]) {
    const options = { shape: plainShape(100), batchSizeBytes, prefixRoom: room, runId: stamp.runId };
    const { capacity } = new BatchTemplate(options);
    const full = filled(plainShape(100), capacity, batchSizeBytes);
    expect(full.bytes).toBeLessThanOrEqual(batchSizeBytes);
    expect(full.bytes + 110).toBeGreaterThan(batchSizeBytes);
    expect(full.full).toBe(true);
    expect(full.fill).toBe(1);
  }
});

test('a batch smaller than a record holds one', async () => {
  const batch = filled(plainShape(1000), 1, 1);
  expect(batch.template.capacity).toBe(1);
  await read(batch);
});

test('a value too small for the stamp is refused', () => {
  expect(() => filled(plainShape(31), 1, 1000)).toThrow(/cannot hold the stamp/);
});

test('a run without key numbers gets a key that no pool has', async () => {
  const shape: RecordShape = { ...plainShape(100), keys, headers: [{ name: 'key-again', kind: 'key' }] };
  const batch = new Batch(new BatchTemplate({ shape, batchSizeBytes: 16_384, prefixRoom: room, runId: stamp.runId }));
  batch.reset(0, 3, 0, { acks: 1, idempotent: false, codec: noCodec });
  batch.append({ ...makeRun({ count: 2, firstSequence: 0, producerId: 3, keys }), keyIndex: null }, 0, 2, zero);
  batch.seal(notIdempotent, -1, zero.unixMs(0));
  const { one } = await read(batch);
  expect(one.records.map(({ key }) => key?.toString())).toEqual(['sensor-----', 'sensor-----']);
});
