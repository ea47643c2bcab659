import { describe, expect, it } from 'vitest';
import { type LogRead, PartitionLog } from '../../../source/sandbox/log/partition-log.ts';
import { batchesOf, makeBatch } from '../support/batches.ts';

const plenty = 64 * 1024 * 1024;

function fill(log: PartitionLog, batches: number, records = 1, valueBytes = 10): void {
  for (let i = 0; i < batches; i++) {
    const batch = makeBatch({ records, valueBytes, timestampMs: 1000 + 10 * i });
    log.append(batch, 0, batch.length, 3);
    log.publish(log.endOffset);
  }
}

function batchesIn(read: LogRead) {
  return batchesOf(Buffer.concat(read.chunks.map(({ bytes }) => bytes)));
}

describe('PartitionLog', () => {
  it('gives offsets and patches base offset and leader epoch', () => {
    const log = new PartitionLog(plenty);
    fill(log, 3, 5);
    expect([log.startOffset, log.endOffset, log.highWatermark]).toEqual([0, 15, 15]);
    expect(batchesIn(log.read(0, plenty, true)).map(({ offset, leaderEpoch }) => [offset, leaderEpoch])).toEqual([
      [0, 3],
      [5, 3],
      [10, 3],
    ]);
  });

  it('finds the batch of any offset, over many segments and index entries', () => {
    const log = new PartitionLog(plenty);
    fill(log, 5000, 3, 20);
    for (const offset of [0, 1, 2, 3, 299, 300, 7777, 14_998, 14_999]) {
      const [first] = batchesIn(log.read(offset, 1, true));
      expect(first?.offset).toBe(offset - (offset % 3));
    }
  });

  it('reads whole batches only, over the seams of segments, without a gap', () => {
    const log = new PartitionLog(plenty);
    fill(log, 4000, 2, 50);
    let offset = 0;
    while (offset < log.highWatermark) {
      const read = log.read(offset, 10_000, true);
      expect(read.bytes).toBeLessThanOrEqual(10_000);
      for (const batch of batchesIn(read)) {
        expect(batch.offset).toBe(offset);
        offset += batch.records;
      }
    }
    expect(offset).toBe(8000);
  });

  it('gives a batch that is too large only if asked to', () => {
    const log = new PartitionLog(plenty);
    fill(log, 2, 1, 1000);
    expect(batchesIn(log.read(0, 10, true))).toHaveLength(1);
    expect(log.read(0, 10, false).bytes).toBe(0);
  });

  it('shows nothing beyond the high watermark', () => {
    const log = new PartitionLog(plenty);
    fill(log, 2);
    const batch = makeBatch();
    log.append(batch, 0, batch.length, 0);
    expect(batchesIn(log.read(0, plenty, true))).toHaveLength(2);
    expect(log.read(2, plenty, true).bytes).toBe(0);
    log.publish(log.endOffset);
    expect(batchesIn(log.read(2, plenty, true))).toHaveLength(1);
  });

  it('tells those who wait how much came', () => {
    const log = new PartitionLog(plenty);
    const told: number[] = [];
    const waiter = (bytes: number) => told.push(bytes);
    log.addWaiter(waiter);
    const batch = makeBatch();
    log.append(batch, 0, batch.length, 0);
    log.append(batch, 0, batch.length, 0);
    expect(told).toEqual([]);
    log.publish(log.endOffset);
    log.removeWaiter(waiter);
    fill(log, 1);
    expect(told).toEqual([2 * batch.length]);
  });

  it('keeps at most its retention, and recycles', () => {
    const retentionBytes = 1024 * 1024;
    const log = new PartitionLog(retentionBytes);
    fill(log, 3000, 1, 5000);
    expect(log.sizeBytes).toBeLessThanOrEqual(retentionBytes);
    expect(log.sizeBytes).toBeGreaterThan(retentionBytes / 2);
    expect(log.startOffset).toBeGreaterThan(2700);
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 50; i++) {
      for (const { bytes } of log.read(log.startOffset, plenty, true).chunks) buffers.add(bytes.buffer);
      fill(log, 100, 1, 5000);
    }
    expect(buffers.size).toBeLessThanOrEqual(10);
    const [first] = batchesIn(log.read(log.startOffset, 1, true));
    expect(first?.offset).toBe(log.startOffset);
  });

  it('does not touch a segment that a socket still reads', () => {
    const log = new PartitionLog(1024 * 1024);
    fill(log, 1, 1, 100_000);
    const read = log.read(0, plenty, true);
    for (const chunk of read.chunks) chunk.hold();
    const before = Buffer.concat(read.chunks.map(({ bytes }) => bytes)).toString('hex');
    fill(log, 100, 1, 100_000);
    expect(log.startOffset).toBeGreaterThan(0);
    expect(Buffer.concat(read.chunks.map(({ bytes }) => bytes)).toString('hex')).toBe(before);
  });

  it('stores a batch larger than a segment', () => {
    const log = new PartitionLog(1024 * 1024);
    fill(log, 2, 1, 400_000);
    expect(batchesIn(log.read(log.startOffset, plenty, true)).length).toBeGreaterThanOrEqual(1);
    expect(log.endOffset).toBe(2);
  });

  it.each([
    [0, { offset: 0, timestampMs: 1000 }],
    [1000, { offset: 0, timestampMs: 1000 }],
    [1001, { offset: 1, timestampMs: 1001 }],
    [1003, { offset: 3, timestampMs: 1010 }],
    [1012, { offset: 5, timestampMs: 1012 }],
    [1013, null],
  ])('finds the first record since %d', (timestampMs, found) => {
    const log = new PartitionLog(plenty);
    fill(log, 2, 3);
    expect(log.since(timestampMs)).toEqual(found);
    expect(log.latestTimestamp()).toEqual({ offset: 5, timestampMs: 1012 });
  });
});
