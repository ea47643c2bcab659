/**
 * A record batch on its way: bytes that are patched in place, and what becomes of it. Batches are recycled, so none of
 * this allocates once the pool is warm.
 */
import type { Acks } from '../../config/plan.ts';
import { writeStamp } from '../stamp.ts';
import type { BatchResult, Fate, MessageRun } from '../types.ts';
import { bufferChecksum } from './batch-checksum.ts';
import { batchHeaderBytes, batchLengthExcludes, batchOffsets } from './batch-header.ts';
import type { BatchTemplate } from './batch-template.ts';
import { type Codec, noCodec } from './codecs.ts';
import { appendZeros, applyZeros, crcUpdate, finishCrc, initialCrc, stateFromZero } from './crc32c.ts';
import { sendTimeDigits } from './record-layout.ts';
import type { RunZero } from './run-zero.ts';

const noProducerId = -1;

/** A key that no pool has: dashes in the place of its number. */
const noKey = -1;
const dash = 0x2d;

/** Producer id (int64 in two halves), epoch and first sequence of a batch; all −1 where it is not idempotent. */
export interface ProducerState {
  readonly idHigh: number;
  readonly idLow: number;
  readonly epoch: number;
}

/** What holds for a batch from when it is opened. */
export interface BatchTerms {
  readonly acks: Acks;
  readonly idempotent: boolean;
  readonly codec: Codec;
}

export const notIdempotent: ProducerState = { idHigh: noProducerId, idLow: noProducerId, epoch: -1 };

export class Batch implements BatchResult {
  readonly template: BatchTemplate;
  readonly bytesOf: Buffer;
  readonly view: DataView;
  readonly valueBytes: number;
  readonly intendedNs: Float64Array;
  readonly offeredNs: Float64Array;
  readonly epochs: Uint16Array;

  partitionIndex = -1;
  brokerId = -1;
  connection = -1;
  producerId = 0;
  firstSequence = 0;
  count = 0;
  bytes = batchHeaderBytes;
  plainBytes = batchHeaderBytes;
  fill = 0;
  writtenNs = Number.NaN;
  doneNs = Number.NaN;
  attempts = 0;
  throttleMs = 0;
  baseOffset = -1;
  logAppendTimeMs = -1;
  acks: Acks = 1;
  fate: Fate = 'failed';
  errorCode = 0;

  /** Takes no more messages. */
  closed = false;
  /** When it counts as past its linger. */
  lingerDeadlineNs = 0;
  /** When it is given up. */
  deliveryDeadlineNs = 0;
  /** Not to be written again before. */
  retryAtNs = 0;
  /** Place among all batches of its partition. */
  order = 0;
  inFlight = false;
  /** Written before and not settled: what comes after it in its partition waits. */
  retrying = false;
  /** An attempt ended without an answer: the broker may have it. */
  doubtful = false;
  /** `completed` was called, although a request may still hold the bytes. */
  finished = false;
  idempotent = false;
  /** First sequence in Kafka's numbering; −1 while it has none. */
  baseSequence = -1;

  codec: Codec = noCodec;
  /** The records, compressed; null: they go as they are. */
  packed: Buffer | null = null;

  /** State of the checksum over the records, from 0, up to the last region of the last record. */
  #recordsCrc = 0;
  /** What was written last, to be given again where the same part of the buffer is: nearly always. */
  #piece: Buffer | null = null;

  constructor(template: BatchTemplate) {
    this.template = template;
    this.valueBytes = template.valueBytes;
    this.bytesOf = Buffer.allocUnsafeSlow(template.bytes.length);
    template.bytes.copy(this.bytesOf);
    this.view = new DataView(this.bytesOf.buffer, this.bytesOf.byteOffset, this.bytesOf.length);
    this.intendedNs = new Float64Array(template.capacity);
    this.offeredNs = new Float64Array(template.capacity);
    this.epochs = new Uint16Array(template.capacity);
  }

  get full(): boolean {
    return this.count === this.template.capacity;
  }

  /** Where in `bytesOf` ends what of it is sent: records that are compressed stand in `packed` instead. */
  get end(): number {
    return this.packed === null ? this.template.batchAt + this.bytes : this.template.batchAt + batchHeaderBytes;
  }

  /** The bytes of a request in `bytesOf` from `start` on. Good until the batch is filled anew. */
  piece(start: number): Buffer {
    const { end } = this;
    const length = end - start;
    const last = this.#piece;
    if (last !== null && last.length === length && last.byteOffset === this.bytesOf.byteOffset + start) return last;
    const piece = this.bytesOf.subarray(start, end);
    this.#piece = piece;
    return piece;
  }

  /** When it may go out by itself; it goes earlier with others of its broker, once it may be written at all. */
  get readyAtNs(): number {
    if (this.attempts > 0) return this.retryAtNs;
    return this.closed ? 0 : this.lingerDeadlineNs;
  }

  /** Makes a used batch new. */
  reset(
    partitionIndex: number,
    producerId: number,
    firstSequence: number,
    { acks, idempotent, codec }: BatchTerms,
  ): void {
    this.partitionIndex = partitionIndex;
    this.brokerId = -1;
    this.connection = -1;
    this.producerId = producerId;
    this.firstSequence = firstSequence;
    this.count = 0;
    this.bytes = batchHeaderBytes;
    this.plainBytes = batchHeaderBytes;
    this.packed = null;
    this.codec = codec;
    this.fill = 0;
    this.writtenNs = Number.NaN;
    this.doneNs = Number.NaN;
    this.attempts = 0;
    this.throttleMs = 0;
    this.baseOffset = -1;
    this.logAppendTimeMs = -1;
    this.acks = acks;
    this.fate = 'failed';
    this.errorCode = 0;
    this.closed = false;
    this.retryAtNs = 0;
    this.inFlight = false;
    this.retrying = false;
    this.doubtful = false;
    this.finished = false;
    this.idempotent = idempotent;
    this.baseSequence = -1;
    this.#recordsCrc = 0;
  }

  /** Appends messages [from, from + count) of the run; the caller has made sure that they fit. */
  append(run: MessageRun, from: number, count: number, zero: RunZero): void {
    const { template, view, partitionIndex } = this;
    const { layout, bodyAt, gapCrc, firstGapZeros, gapZeros } = template;
    const { regions, stampAt } = layout;
    const regionCount = regions.length;
    const first = regions[0] ?? nowhere;
    const { epoch, producerId } = run;
    let crc = this.#recordsCrc;
    for (let n = 0; n < count; n++) {
      const i = this.count + n;
      const source = run.start + from + n;
      const intendedNs = run.intendedNs[source] ?? 0;
      this.intendedNs[i] = intendedNs;
      this.offeredNs[i] = run.offeredNs[source] ?? 0;
      this.epochs[i] = epoch;
      const body = bodyAt[i] ?? 0;
      const sequence = run.firstSequence + from + n;
      writeStamp(view, body + stampAt, epoch, producerId, partitionIndex, sequence, intendedNs, zero.high, zero.low);
      if (layout.keyDigits > 0) this.#writeKey(body, run.keyIndex === null ? noKey : (run.keyIndex[source] ?? noKey));
      if (layout.sendTimesAt.length > 0) this.#writeSendTime(body, zero.unixMs(intendedNs));

      const part = i * regionCount;
      crc = applyZeros(firstGapZeros[i] ?? noOperator, crc) ^ (gapCrc[part] ?? 0);
      crc = crcUpdate(crc, view, body + first.start, body + first.end);
      for (let r = 1; r < regionCount; r++) {
        const region = regions[r] ?? nowhere;
        crc = applyZeros(gapZeros[r] ?? noOperator, crc) ^ (gapCrc[part + r] ?? 0);
        crc = crcUpdate(crc, view, body + region.start, body + region.end);
      }
    }
    this.#recordsCrc = crc;
    this.count += count;
    this.bytes = (template.recordEnd[this.count - 1] ?? 0) - template.batchAt;
    this.plainBytes = this.bytes;
    this.fill = this.count / template.capacity;
  }

  /** Compresses the records, once, before the batch is sealed: it takes no more of them. */
  pack(): void {
    if (this.codec.number === noCodec.number || this.packed !== null) return;
    const { batchAt } = this.template;
    this.packed = this.codec.compress(this.bytesOf.subarray(batchAt + batchHeaderBytes, batchAt + this.plainBytes));
    this.bytes = batchHeaderBytes + this.packed.length;
  }

  /**
   * Writes the batch's header and its checksum; the records stay as they are. `timestampMs`: create time of the whole
   * batch, Unix ms. Called again where producer state or sequence change: it costs the same for any batch size.
   */
  seal(producer: ProducerState, baseSequence: number, timestampMs: number): void {
    const { view, template } = this;
    const at = template.batchAt;
    this.baseSequence = baseSequence;
    view.setInt32(at + batchOffsets.length, this.bytes - batchLengthExcludes);
    view.setInt16(at + batchOffsets.attributes, this.codec.number);
    view.setInt32(at + batchOffsets.lastOffsetDelta, this.count - 1);
    const high = Math.floor(timestampMs / 4294967296);
    const low = timestampMs - high * 4294967296;
    view.setInt32(at + batchOffsets.baseTimestamp, high);
    view.setUint32(at + batchOffsets.baseTimestamp + 4, low);
    view.setInt32(at + batchOffsets.maxTimestamp, high);
    view.setUint32(at + batchOffsets.maxTimestamp + 4, low);
    view.setInt32(at + batchOffsets.producerId, producer.idHigh);
    view.setInt32(at + batchOffsets.producerId + 4, producer.idLow);
    view.setInt16(at + batchOffsets.producerEpoch, producer.epoch);
    view.setInt32(at + batchOffsets.baseSequence, baseSequence);
    view.setInt32(at + batchOffsets.count, this.count);

    const headerCrc = crcUpdate(initialCrc, view, at + batchOffsets.attributes, at + batchHeaderBytes);
    const records =
      this.packed === null
        ? applyZeros(template.tailZeros, this.#recordsCrc) ^ (template.tailCrc[this.count - 1] ?? 0)
        : this.#packedCrc(this.packed);
    const crc = appendZeros(headerCrc, this.bytes - batchHeaderBytes) ^ records;
    view.setUint32(at + batchOffsets.crc, finishCrc(crc));
  }

  /** State of the checksum over what was compressed, from 0. */
  #packedCrc(packed: Buffer): number {
    return stateFromZero(bufferChecksum(packed), packed.length);
  }

  #writeKey(body: number, key: number): void {
    const { keyDigits, keyDigitsAt } = this.template.layout;
    for (let k = 0; k < keyDigitsAt.length; k++) {
      const at = body + (keyDigitsAt[k] ?? 0);
      if (key === noKey) this.bytesOf.fill(dash, at, at + keyDigits);
      else writeDigits(this.bytesOf, at, keyDigits, key);
    }
  }

  #writeSendTime(body: number, unixMs: number): void {
    const { sendTimesAt } = this.template.layout;
    // In two halves that fit an int32: integer division by a constant is cheap, that of a double is not.
    const high = Math.floor(unixMs / 1e6);
    const low = unixMs - high * 1e6;
    for (let k = 0; k < sendTimesAt.length; k++) {
      const at = body + (sendTimesAt[k] ?? 0);
      writeDigits(this.bytesOf, at, sendTimeDigits - 6, high);
      writeDigits(this.bytesOf, at + sendTimeDigits - 6, 6, low);
    }
  }
}

const nowhere = { start: 0, end: 0 };
const noOperator = new Int32Array(1024);
const digitZero = 48;

/** Decimal digits of an int32, padded with zeros. */
function writeDigits(bytes: Buffer, at: number, digits: number, value: number): void {
  let left = value | 0;
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = (left / 10) | 0;
    bytes[i] = digitZero + left - tenth * 10;
    left = tenth;
  }
}
