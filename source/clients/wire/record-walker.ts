/**
 * Walks record batches (format v2) where they lie in the receive buffer: numbers only, no object per batch or record.
 *
 * A record: length, attributes (1 byte), timestamp delta, offset delta, key length, key, value length, value,
 * header count, headers; all lengths, deltas and counts are zigzag varints.
 */

import { compressions } from '../../config/plan.ts';
import { messageOf } from '../../errors.ts';
import type { RecordSink } from '../types.ts';
import { batchChecksum } from './batch-checksum.ts';
import { batchHeaderBytes, batchLengthExcludes, batchOffsets } from './batch-header.ts';
import { decompress } from './codecs.ts';
import { crc32c } from './crc32c.ts';

const two32 = 4294967296;
const codecMask = 7;
const controlBit = 32;
const currentMagic = 2;
/** A record's length and its six shortest fields. */
const minRecordBytes = 7;

/** Where a batch ends, in bytes and in offsets. The object is reused. */
export interface BatchBounds {
  /** Where the batch ends in the buffer; −1: none begins here, or its end has not come along. */
  end: number;
  baseOffset: number;
  /** Offset after the batch. */
  nextOffset: number;
}

/**
 * Reads the bounds of the batch at `at`, if all of it lies before `end`: brokers may cut the last batch of an answer
 * short. Batches that were never compacted hold as many records as offsets; where these differ, the checksum says
 * whether to believe it, so that a flipped bit never sends the position far away.
 */
export function readBatchBounds(view: DataView, at: number, end: number, out: BatchBounds): void {
  out.end = -1;
  if (end - at < batchOffsets.magic + 1) return;
  const batchEnd = at + batchLengthExcludes + view.getInt32(at + batchOffsets.length);
  if (batchEnd > end || batchEnd <= at + batchOffsets.magic) return;
  const baseOffset = view.getInt32(at) * two32 + view.getUint32(at + 4);
  out.end = batchEnd;
  out.baseOffset = baseOffset;
  out.nextOffset = baseOffset + 1;
  if (!hasHeader(view, at, batchEnd)) return;
  const span = view.getInt32(at + batchOffsets.lastOffsetDelta) + 1;
  const count = view.getInt32(at + batchOffsets.count);
  const believed = span === count || hasGoodChecksum(view, at, batchEnd) ? span : Math.min(span, count);
  out.nextOffset = baseOffset + Math.max(1, believed);
}

function hasGoodChecksum(view: DataView, at: number, batchEnd: number): boolean {
  return crc32c(view, at + batchOffsets.attributes, batchEnd) === view.getUint32(at + batchOffsets.crc);
}

/** Whether a v2 header fits in; anything else is of a format that brokers of today convert before they answer. */
function hasHeader(view: DataView, at: number, batchEnd: number): boolean {
  return batchEnd - at >= batchHeaderBytes && view.getInt8(at + batchOffsets.magic) === currentMagic;
}

const scanned: BatchBounds = { end: -1, baseOffset: 0, nextOffset: 0 };

/**
 * The position after all whole batches in [start, end): what the next fetch asks for, known before any record is read.
 * `from` where there is none; more than `from` where there is one, whatever it says of itself.
 */
export function scanNextOffset(view: DataView, start: number, end: number, from: number): number {
  let next = from;
  for (let at = start; ; at = scanned.end) {
    readBatchBounds(view, at, end, scanned);
    if (scanned.end < 0) return next;
    next = Math.max(next, from + 1, scanned.nextOffset);
  }
}

/** Where the varint that `longVarint` decoded last ended. */
let varintEnd = 0;

/**
 * Gives one whole batch at [at, bounds.end) to the sink: `batch` and its `record`s, or `corrupt`, or nothing for
 * control batches and for what lies below `from`. `count` and `batch` count only the records from `from` on.
 * Answers why the records could not be decompressed, else null.
 */
export function walkBatch(
  bytes: Buffer,
  view: DataView,
  at: number,
  bounds: Readonly<BatchBounds>,
  partitionIndex: number,
  from: number,
  nowNs: number,
  sink: RecordSink,
): string | null {
  const { end, baseOffset, nextOffset } = bounds;
  if (nextOffset <= from) return null;
  const unread = nextOffset - Math.max(from, baseOffset);
  if (!hasHeader(view, at, end)) {
    sink.corrupt(partitionIndex, unread);
    return null;
  }
  const count = view.getInt32(at + batchOffsets.count);
  const checked = at + batchOffsets.attributes;
  if (batchChecksum(bytes, view, checked, end) !== view.getUint32(at + batchOffsets.crc)) {
    sink.corrupt(partitionIndex, Math.max(1, Math.min(count, unread)));
    return null;
  }
  const attributes = view.getInt16(at + batchOffsets.attributes);
  if ((attributes & controlBit) !== 0 || count <= 0) return null;
  let records = bytes;
  let start = at + batchHeaderBytes;
  let recordsEnd = end;
  const codec = attributes & codecMask;
  if (codec !== 0) {
    try {
      records = decompress(codec, bytes.subarray(start, end));
    } catch (error) {
      sink.corrupt(partitionIndex, Math.min(count, unread));
      const name = compressions[codec] ?? `codec ${codec}`;
      return `cannot decompress a ${name} batch at offset ${baseOffset}: ${messageOf(error)}`;
    }
    start = 0;
    recordsEnd = records.length;
  }
  let follow = count;
  if (baseOffset < from) {
    follow -= skipBelow(records, start, recordsEnd, count, from - baseOffset);
    start = varintEnd;
  }
  if (follow === 0) return null;
  sink.batch(partitionIndex, baseOffset, follow, end - at, nowNs);
  const walked = walkRecords(records, start, recordsEnd, follow, sink);
  if (walked < follow) sink.corrupt(partitionIndex, follow - walked);
  return null;
}

/** Gives `count` records from `at` to the sink. Answers how many there were: fewer where the bytes make no sense. */
function walkRecords(bytes: Buffer, start: number, end: number, count: number, sink: RecordSink): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    // Each field is decoded in place: one byte nearly always, a call for more.
    let raw = bytes[at++] ?? 0;
    if (raw > 127) {
      raw = longVarint(bytes, at, raw);
      at = varintEnd;
    }
    const recordEnd = at + (raw >>> 1);
    if ((raw & 1) !== 0 || recordEnd > end || recordEnd - at < minRecordBytes - 1) return i;
    at++; // attributes: none are defined
    while ((bytes[at++] ?? 0) > 127); // timestamp delta
    while ((bytes[at++] ?? 0) > 127); // offset delta
    raw = bytes[at++] ?? 0;
    if (raw > 127) {
      raw = longVarint(bytes, at, raw);
      at = varintEnd;
    }
    if ((raw & 1) === 0) at += raw >>> 1; // key; odd: null
    raw = bytes[at++] ?? 0;
    if (raw > 127) {
      raw = longVarint(bytes, at, raw);
      at = varintEnd;
    }
    const valueLength = (raw & 1) === 0 ? raw >>> 1 : -1;
    const headersStart = valueLength > 0 ? at + valueLength : at;
    if (headersStart >= recordEnd) return i;
    sink.record(bytes, at, valueLength, headersStart, recordEnd);
    at = recordEnd;
  }
  return count;
}

/** How many records have an offset delta below `delta`; the first other one begins at `varintEnd`. */
function skipBelow(bytes: Buffer, start: number, end: number, count: number, delta: number): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    varintEnd = at;
    if (at >= end) return count;
    const recordStart = at;
    const length = longVarint(bytes, at + 1, bytes[at] ?? 0) >>> 1;
    const body = varintEnd;
    at = body + 1;
    while ((bytes[at++] ?? 0) > 127); // timestamp delta
    const offsetDelta = longVarint(bytes, at + 1, bytes[at] ?? 0) >>> 1;
    if (offsetDelta >= delta) {
      varintEnd = recordStart;
      return i;
    }
    at = body + length;
  }
  return count;
}

/** The raw (not yet zigzag decoded) varint whose first byte, `first`, stands before `at`. Sets `varintEnd`. */
function longVarint(bytes: Buffer, at: number, first: number): number {
  let raw = first & 127;
  let byte = first;
  let end = at;
  for (let shift = 7; byte > 127 && shift < 35; shift += 7) {
    byte = bytes[end++] ?? 0;
    raw |= (byte & 127) << shift;
  }
  varintEnd = end;
  return raw;
}
