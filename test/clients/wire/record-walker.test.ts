import { compressionsAlgorithms } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { findStamp } from '../../../source/clients/stamp-reader.ts';
import { readBatchBounds, scanNextOffset, walkBatch } from '../../../source/clients/wire/record-walker.ts';
import {
  kafkajsEncode,
  platformaticEncode,
  record,
  records,
  resign,
  type TestRecord,
  viewOf,
} from './support/batches.ts';
import { RecordingSink } from './support/recording-sink.ts';

const partitionIndex = 3;

/** Walks all batches as the fetcher does. Answers the sink and the offset reached. */
function walk(bytes: Buffer, from = 0): { sink: RecordingSink; next: number; troubles: string[] } {
  const troubles: string[] = [];
  const sink = new RecordingSink();
  const view = viewOf(bytes);
  const bounds = { end: -1, baseOffset: 0, nextOffset: 0 };
  let position = from;
  for (let at = 0; ; at = bounds.end) {
    readBatchBounds(view, at, bytes.length, bounds);
    if (bounds.end < 0) return { sink, next: position, troubles };
    const trouble = walkBatch(bytes, view, at, bounds, partitionIndex, position, 7, sink);
    if (trouble !== null) troubles.push(trouble);
    position = Math.max(position, bounds.nextOffset);
  }
}

const scan = (bytes: Buffer, from = 0) => scanNextOffset(viewOf(bytes), 0, bytes.length, from);

function expectRecords(sink: RecordingSink, expected: readonly TestRecord[]): void {
  expect(sink.records.length).toBe(expected.length);
  expected.forEach((one, i) => {
    const seen = sink.records[i]?.value ?? null;
    if (one.value === null) expect(seen).toBeNull();
    else if (seen === null || !seen.equals(one.value)) expect(seen).toEqual(one.value);
  });
}

const mixed: readonly TestRecord[] = [
  record(null),
  record(Buffer.alloc(0)),
  record(null, Buffer.from('only a key')),
  record(Buffer.alloc(0), Buffer.alloc(0)),
  record(Buffer.from('x'), Buffer.alloc(200, 1)),
  record(Buffer.alloc(63, 2)),
  record(Buffer.alloc(64, 3), Buffer.alloc(63, 4)),
  record(Buffer.alloc(8191, 5), Buffer.alloc(64, 6)),
  record(Buffer.alloc(8192, 7)),
  record(Buffer.alloc(1_048_576, 8)),
  record(Buffer.from('with headers'), null, [
    ['a', Buffer.from('1')],
    ['b', Buffer.alloc(300, 9)],
  ]),
];

describe('the record walker', () => {
  it.each([1, 2, 127, 128, 16_383, 16_384])('reads %i records of both encoders', async (count) => {
    const list = records(count);
    for (const bytes of [await kafkajsEncode(list, 1000), platformaticEncode(list, 1000)]) {
      const { sink, next } = walk(bytes, 1000);
      expectRecords(sink, list);
      expect(next).toBe(1000 + count);
      expect(scan(bytes, 1000)).toBe(1000 + count);
      expect(sink.batches).toEqual([{ partitionIndex, baseOffset: 1000, count, bytes: bytes.length, nowNs: 7 }]);
      expect(sink.corrupted.size).toBe(0);
    }
  });

  it('reads null and empty keys and values, long ones and headers, of both encoders', async () => {
    expectRecords(walk(await kafkajsEncode(mixed)).sink, mixed);
    expectRecords(walk(platformaticEncode(mixed)).sink, mixed);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('reads %s batches', (compression) => {
    const list = [...mixed, ...records(500, 100)];
    const bytes = platformaticEncode(list, 40, compression);
    const { sink, next } = walk(bytes, 40);
    expectRecords(sink, list);
    expect(next).toBe(40 + list.length);
    expect(sink.batches[0]?.bytes).toBe(bytes.length);
  });

  it("reads kafkajs's gzip and xerial-framed snappy", async () => {
    const list = records(300, 100);
    expectRecords(walk(await kafkajsEncode(list, 0, 1)).sink, list);
    expectRecords(walk(xerial(platformaticEncode(list))).sink, list);
  });

  it('reads offsets beyond 2^32', () => {
    const base = 2 ** 40 + 5;
    const bytes = platformaticEncode(records(3), base);
    expect(scan(bytes, base)).toBe(base + 3);
    expect(walk(bytes, base).sink.batches[0]?.baseOffset).toBe(base);
  });

  it('reads several batches in a row and leaves out a truncated last one', () => {
    const whole = Buffer.concat([platformaticEncode(records(5)), platformaticEncode(records(7), 5)]);
    const tail = platformaticEncode(records(9), 12);
    for (const cut of [1, 8, 12, 16, 17, 60, 61, 100, tail.length - 1]) {
      const bytes = Buffer.concat([whole, tail.subarray(0, cut)]);
      expect(scan(bytes)).toBe(12);
      const { sink, next } = walk(bytes);
      expect(next).toBe(12);
      expect(sink.records.length).toBe(12);
    }
    expect(scan(tail.subarray(0, tail.length - 1), 12)).toBe(12);
  });

  it.each(['none', 'lz4'] as const)('skips what lies below the position within a batch (%s)', (compression) => {
    const list = records(300);
    const bytes = platformaticEncode(list, 100, compression);
    for (const from of [100, 101, 164, 228, 399]) {
      const { sink, next } = walk(bytes, from);
      expectRecords(sink, list.slice(from - 100));
      expect(sink.batches[0]?.count).toBe(400 - from);
      expect(next).toBe(400);
    }
    expect(walk(bytes, 400).sink.records.length).toBe(0);
    expect(walk(bytes, 400).sink.batches.length).toBe(0);
  });

  it('advances past control batches without a word', () => {
    const control = platformaticEncode([record(Buffer.from('commit'))], 4);
    control.writeInt16BE(control.readInt16BE(21) | 0x30, 21);
    const bytes = Buffer.concat([platformaticEncode(records(4)), resign(control), platformaticEncode(records(2), 5)]);
    const { sink, next } = walk(bytes);
    expect(next).toBe(7);
    expect(sink.records.length).toBe(6);
    expect(sink.batches.length).toBe(2);
    expect(sink.corrupted.size).toBe(0);
  });

  it('skips a batch with a bad checksum by its length and reports its records', () => {
    const bad = platformaticEncode(records(10), 4);
    bad[80] = (bad[80] ?? 0) ^ 1;
    const bytes = Buffer.concat([platformaticEncode(records(4)), bad, platformaticEncode(records(2), 14)]);
    const { sink, next } = walk(bytes);
    expect(next).toBe(16);
    expect(sink.records.length).toBe(6);
    expect(sink.corrupted.get(partitionIndex)).toBe(10);
    // Read from the middle, only what was still to be read is lost.
    expect(walk(bad, 11).sink.corrupted.get(partitionIndex)).toBe(3);
  });

  it('is not sent far away by a flipped bit in the last offset delta or the record count', () => {
    for (const at of [23, 24, 57, 58]) {
      const bad = platformaticEncode(records(10), 4);
      bad[at] = (bad[at] ?? 0) ^ 0x40;
      const { sink, next } = walk(bad, 4);
      expect(scan(bad, 4)).toBe(next);
      expect(next).toBe(14);
      expect(sink.corrupted.get(partitionIndex)).toBe(10);
      expect(sink.records.length).toBe(0);
    }
  });

  it('believes a compacted batch with fewer records than offsets', () => {
    const bytes = platformaticEncode(records(10), 4);
    bytes.writeInt32BE(99, 23);
    const { sink, next } = walk(resign(bytes), 4);
    expect(next).toBe(104);
    expect(sink.records.length).toBe(10);
    expect(sink.corrupted.size).toBe(0);
  });

  it('advances past an emptied batch and past one of an older format', () => {
    const emptied = platformaticEncode(records(1), 4).subarray(0, 61);
    emptied.writeInt32BE(61 - 12, 8);
    emptied.writeInt32BE(5, 23);
    emptied.writeInt32BE(0, 57);
    const { sink, next } = walk(resign(Buffer.from(emptied)), 4);
    expect(next).toBe(10);
    expect(sink.corrupted.size).toBe(0);
    const old = Buffer.alloc(40);
    old.writeBigInt64BE(4n);
    old.writeInt32BE(28, 8);
    old[16] = 1;
    expect(walk(old, 4).next).toBe(5);
    expect(walk(old, 4).sink.corrupted.get(partitionIndex)).toBe(1);
  });

  it('reports records that make no sense and bytes that no codec can read', () => {
    const nonsense = platformaticEncode(records(10), 0);
    nonsense[61] = 0xff; // the first record's length
    const { sink, next } = walk(resign(nonsense));
    expect(next).toBe(10);
    expect(sink.records.length + (sink.corrupted.get(partitionIndex) ?? 0)).toBe(10);
    for (const codec of [1, 2, 3, 4, 5, 7]) {
      const bytes = platformaticEncode(records(10), 0);
      bytes.writeInt16BE(codec, 21);
      const walked = walk(resign(bytes));
      expect(walked.next).toBe(10);
      expect(walked.sink.corrupted.get(partitionIndex)).toBe(10);
      expect(walked.troubles).toEqual([expect.stringContaining('cannot decompress')]);
    }
  });

  it('hands on places where headers and end are right', () => {
    const stamp = Buffer.alloc(32, 1);
    stamp.write('LTU1');
    const list = [record(Buffer.from('v'), null, [['loadtui', stamp]]), record(Buffer.from('foreign'))];
    const bytes = platformaticEncode(list);
    const sink = new RecordingSink();
    const found: number[] = [];
    const view = viewOf(bytes);
    const bounds = { end: -1, baseOffset: 0, nextOffset: 0 };
    readBatchBounds(view, 0, bytes.length, bounds);
    sink.record = (at, valueStart, valueLength, headersStart, end) =>
      found.push(findStamp(at, valueStart, valueLength, headersStart, end, 'header'));
    walkBatch(bytes, view, 0, bounds, 0, 0, 0, sink);
    expect(found).toEqual([bytes.indexOf('LTU1'), -1]);
  });
});

/** The same batch with its records in Java's snappy framing: magic, two versions, then blocks with their lengths. */
function xerial(batch: Buffer): Buffer {
  const body = batch.subarray(61);
  const half = body.length >> 1;
  const blocks = [body.subarray(0, half), body.subarray(half)].map((block) => {
    const compressed = compressionsAlgorithms.snappy.compressSync(block);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(compressed.length);
    return Buffer.concat([length, compressed]);
  });
  const magic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const framed = Buffer.concat([batch.subarray(0, 61), magic, ...blocks]);
  framed.writeInt32BE(framed.length - 12, 8);
  framed.writeInt16BE(2, 21);
  return resign(framed);
}
