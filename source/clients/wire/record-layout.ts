/**
 * Where everything stands in a record of one shape. From the key on (`body`) all records of a shape are equally long,
 * so places are relative to the body; only length and offset delta before it vary with the record's number.
 *
 *   length varint · attributes · timestamp delta · offset delta varint · body: key · value · headers
 */
import type { Header } from '../../config/plan.ts';
import { usageError } from '../../errors.ts';
import { keyDigits } from '../keys.ts';
import { stampBytes, stampHeaderName, stampOffsets, writeStampConstants } from '../stamp.ts';
import type { RecordShape } from '../types.ts';
import { fill } from './filler.ts';
import { varintSize, writeVarint } from './varint.ts';

/** Digits of a `sendTimeMs` header: Unix ms until the year 2286. */
export const sendTimeDigits = 13;
const attributesAndTimestampBytes = 2;

/** A stretch of the body that differs from message to message, [start, end). */
export interface Region {
  readonly start: number;
  readonly end: number;
}

export interface RecordLayout {
  readonly bodyBytes: number;
  /** Where the 32 bytes of the stamp stand. */
  readonly stampAt: number;
  /** Digits of a key's number: all keys of a pool are equally long. */
  readonly keyDigits: number;
  /** Where the key's digits stand: in the key and in the headers that repeat it. */
  readonly keyDigitsAt: readonly number[];
  readonly sendTimesAt: readonly number[];
  /** What changes, in order, neighbours merged. */
  readonly regions: readonly Region[];
  readonly pieces: readonly Piece[];
}

type Piece =
  | { readonly kind: 'varint'; readonly value: number }
  | { readonly kind: 'text'; readonly bytes: Buffer }
  | { readonly kind: 'stamp' }
  | { readonly kind: 'digits'; readonly bytes: number }
  | { readonly kind: 'filler'; readonly bytes: number; readonly entropy: number };

/** Regions nearer to each other than this are hashed as one: cheaper than another operator. */
const mergeWithin = 24;

export function layOutRecord(shape: RecordShape): RecordLayout {
  if (shape.stamp === 'value' && shape.messageSizeBytes < stampBytes) {
    throw usageError(`A value of ${shape.messageSizeBytes} B cannot hold the stamp of ${stampBytes} B.`);
  }
  const pieces: Piece[] = [];
  const keyDigitsAt: number[] = [];
  const sendTimesAt: number[] = [];
  let stampAt = -1;
  let at = 0;
  const add = (piece: Piece): void => {
    pieces.push(piece);
    at += pieceBytes(piece);
  };
  const addText = (text: Buffer): void => {
    add({ kind: 'varint', value: text.length });
    add({ kind: 'text', bytes: text });
  };
  const { keys } = shape;
  const digits = keys.kind === 'pool' ? keyDigits(keys) : 0;
  const keyPrefix = Buffer.from(keys.kind === 'pool' ? keys.prefix : '');
  const addKey = (): void => {
    add({ kind: 'varint', value: keys.kind === 'pool' ? keyPrefix.length + digits : -1 });
    if (keys.kind === 'none') return;
    add({ kind: 'text', bytes: keyPrefix });
    keyDigitsAt.push(at);
    add({ kind: 'digits', bytes: digits });
  };
  const addStamp = (): void => {
    stampAt = at;
    add({ kind: 'stamp' });
  };
  const addHeader = (header: Header) => {
    addText(Buffer.from(header.name));
    switch (header.kind) {
      case 'text':
        addText(Buffer.from(header.value));
        break;
      case 'key':
        addKey();
        break;
      case 'sendTimeMs':
        add({ kind: 'varint', value: sendTimeDigits });
        sendTimesAt.push(at);
        add({ kind: 'digits', bytes: sendTimeDigits });
        break;
      default:
        header satisfies never;
    }
  };

  addKey();
  add({ kind: 'varint', value: shape.messageSizeBytes });
  if (shape.stamp === 'value') {
    addStamp();
    add({ kind: 'filler', bytes: shape.messageSizeBytes - stampBytes, entropy: shape.payloadEntropy });
  } else {
    add({ kind: 'filler', bytes: shape.messageSizeBytes, entropy: shape.payloadEntropy });
  }
  add({ kind: 'varint', value: shape.headers.length + (shape.stamp === 'header' ? 1 : 0) });
  for (const header of shape.headers) addHeader(header);
  if (shape.stamp === 'header') {
    addText(Buffer.from(stampHeaderName));
    add({ kind: 'varint', value: stampBytes });
    addStamp();
  }

  const changing = [
    { start: stampAt + stampOffsets.epoch, end: stampAt + stampBytes },
    ...keyDigitsAt.map((start) => ({ start, end: start + digits })),
    ...sendTimesAt.map((start) => ({ start, end: start + sendTimeDigits })),
  ];
  return { bodyBytes: at, stampAt, keyDigits: digits, keyDigitsAt, sendTimesAt, regions: merged(changing), pieces };
}

/** Bytes of record `index`, its length prefix included. */
export function recordBytes(layout: RecordLayout, index: number): number {
  const length = recordLength(layout, index);
  return varintSize(length) + length;
}

function recordLength(layout: RecordLayout, index: number): number {
  return attributesAndTimestampBytes + varintSize(index) + layout.bodyBytes;
}

/** Writes up to the body of record `index`; answers where the body starts. */
export function writeRecordStart(layout: RecordLayout, bytes: Buffer, start: number, index: number): number {
  let at = writeVarint(bytes, start, recordLength(layout, index));
  bytes[at++] = 0;
  bytes[at++] = 0;
  return writeVarint(bytes, at, index);
}

/** Writes a body with all that does not change; answers where in the noise the next body's filler goes on. */
export function writeBody(
  layout: RecordLayout,
  bytes: Buffer,
  view: DataView,
  start: number,
  runId: string,
  noiseFrom: number,
): number {
  let at = start;
  let noise = noiseFrom;
  for (const piece of layout.pieces) {
    switch (piece.kind) {
      case 'varint':
        writeVarint(bytes, at, piece.value);
        break;
      case 'text':
        piece.bytes.copy(bytes, at);
        break;
      case 'stamp':
        bytes.fill(0, at, at + stampBytes);
        writeStampConstants(view, at, runId);
        break;
      case 'digits':
        bytes.fill('0', at, at + piece.bytes, 'latin1');
        break;
      case 'filler':
        noise = fill(bytes, at, at + piece.bytes, noise, piece.entropy);
        break;
      default:
        piece satisfies never;
    }
    at += pieceBytes(piece);
  }
  return noise;
}

function pieceBytes(piece: Piece): number {
  switch (piece.kind) {
    case 'varint':
      return varintSize(piece.value);
    case 'text':
      return piece.bytes.length;
    case 'stamp':
      return stampBytes;
    case 'digits':
    case 'filler':
      return piece.bytes;
  }
}

function merged(regions: readonly Region[]): Region[] {
  const result: Region[] = [];
  for (const region of [...regions].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && region.start - last.end < mergeWithin)
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, region.end) };
    else result.push(region);
  }
  return result;
}
