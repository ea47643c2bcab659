/**
 * A record batch (format v2) laid out once for a shape and a capacity: every batch of that kind starts as a copy of
 * these bytes and is patched in place. Beside the bytes stands what the checksum needs of those that never change.
 */
import type { RecordShape } from '../types.ts';
import { batchHeaderBytes, batchOffsets } from './batch-header.ts';
import { crcUpdate, type ZeroOperator, zeroOperator } from './crc32c.ts';
import { layOutRecord, type RecordLayout, recordBytes, writeBody, writeRecordStart } from './record-layout.ts';

export interface TemplateOptions {
  readonly shape: RecordShape;
  readonly batchSizeBytes: number;
  /** Room before the batch, for the header of a request. */
  readonly prefixRoom: number;
  /** 16 hexadecimal digits. */
  readonly runId: string;
}

export class BatchTemplate {
  readonly layout: RecordLayout;
  readonly valueBytes: number;
  /** Records that fill a batch; at least one. */
  readonly capacity: number;
  /** Where the batch starts in `bytes`: behind the room for the request's header. */
  readonly batchAt: number;
  readonly bytes: Buffer;
  /** Where each record's body starts, and where the record ends. */
  readonly bodyAt: Int32Array;
  readonly recordEnd: Int32Array;
  /**
   * Checksum parts by record and region: the unchanging bytes before the region, hashed from 0. Before a record's first
   * region that is the end of the record before it, too.
   */
  readonly gapCrc: Int32Array;
  /** The unchanging bytes behind the last region, hashed from 0, by record. */
  readonly tailCrc: Int32Array;
  readonly tailZeros: ZeroOperator;
  /** Moves a state past the gap before each region but the first. */
  readonly gapZeros: readonly ZeroOperator[];
  /** The same for the first region, by record: the gap depends on the sizes of length and offset delta. */
  readonly firstGapZeros: readonly ZeroOperator[];

  constructor({ shape, batchSizeBytes, prefixRoom, runId }: TemplateOptions) {
    const layout = layOutRecord(shape);
    this.layout = layout;
    this.valueBytes = shape.messageSizeBytes;
    this.capacity = capacityOf(layout, batchSizeBytes);
    this.batchAt = prefixRoom;
    this.bodyAt = new Int32Array(this.capacity);
    this.recordEnd = new Int32Array(this.capacity);
    let end = prefixRoom + batchHeaderBytes;
    for (let i = 0; i < this.capacity; i++) {
      end += recordBytes(layout, i);
      this.recordEnd[i] = end;
      this.bodyAt[i] = end - layout.bodyBytes;
    }
    this.bytes = Buffer.allocUnsafeSlow(end);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, end);
    this.#writeConstants(view, runId);

    const regionCount = layout.regions.length;
    const lastRegionEnd = layout.regions.at(-1)?.end ?? 0;
    this.gapCrc = new Int32Array(this.capacity * regionCount);
    this.tailCrc = new Int32Array(this.capacity);
    this.tailZeros = zeroOperator(layout.bodyBytes - lastRegionEnd);
    this.gapZeros = layout.regions.map(({ start }, r) => zeroOperator(start - (layout.regions[r - 1]?.end ?? 0)));
    const firstGapZeros: ZeroOperator[] = [];
    const operators = new Map<number, ZeroOperator>();
    let from = prefixRoom + batchHeaderBytes;
    for (let i = 0; i < this.capacity; i++) {
      const body = this.bodyAt[i] ?? 0;
      layout.regions.forEach(({ start, end }, r) => {
        const gapBytes = body + start - from;
        this.gapCrc[i * regionCount + r] = crcUpdate(0, view, from, body + start);
        if (r === 0) {
          const operator = operators.get(gapBytes) ?? zeroOperator(gapBytes);
          operators.set(gapBytes, operator);
          firstGapZeros.push(operator);
        }
        from = body + end;
      });
      this.tailCrc[i] = crcUpdate(0, view, from, this.recordEnd[i] ?? 0);
    }
    this.firstGapZeros = firstGapZeros;
  }

  #writeConstants(view: DataView, runId: string): void {
    const { bytes, batchAt, layout } = this;
    bytes.fill(0, 0, batchAt + batchHeaderBytes);
    view.setInt32(batchAt + batchOffsets.leaderEpoch, -1);
    bytes[batchAt + batchOffsets.magic] = 2;
    let start = batchAt + batchHeaderBytes;
    let noise = 0;
    for (let i = 0; i < this.capacity; i++) {
      const body = writeRecordStart(layout, bytes, start, i);
      noise = writeBody(layout, bytes, view, body, runId, noise);
      start = this.recordEnd[i] ?? 0;
    }
  }
}

/** Records that fit into a batch of that size, its header counted; one where not even one fits. */
function capacityOf(layout: RecordLayout, batchSizeBytes: number): number {
  let bytes = batchHeaderBytes + recordBytes(layout, 0);
  let capacity = 1;
  for (;;) {
    bytes += recordBytes(layout, capacity);
    if (bytes > batchSizeBytes) return capacity;
    capacity++;
  }
}
