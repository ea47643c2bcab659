/** Finds the stamp in a record that was read: where `stamp.ts` says it is, without allocating. */
import { stampBytes, stampHeaderName, stampMagic } from './stamp.ts';

const nameBytes = Buffer.from(stampHeaderName);

/** Where the varint that `varint` decoded last ended. */
let varintEnd = 0;

/**
 * Offset of the 32-byte stamp in `bytes`; −1 when the record is foreign: the value or the header is missing, too short
 * or does not begin with the magic. Whose run it is, the caller reads from the stamp. The arguments are those of
 * `RecordSink.record`; `mode` is where this run's stamps travel.
 */
export function findStamp(
  bytes: Buffer,
  valueStart: number,
  valueLength: number,
  headersStart: number,
  end: number,
  mode: 'value' | 'header',
): number {
  if (mode === 'value') return valueLength >= stampBytes && hasMagic(bytes, valueStart) ? valueStart : -1;
  const headers = varint(bytes, headersStart);
  let at = varintEnd;
  for (let i = 0; i < headers && at < end; i++) {
    const nameLength = varint(bytes, at);
    const nameStart = varintEnd;
    const length = varint(bytes, nameStart + Math.max(0, nameLength));
    const start = varintEnd;
    at = start + Math.max(0, length);
    if (length === stampBytes && at <= end && isStampName(bytes, nameStart, nameLength) && hasMagic(bytes, start))
      return start;
  }
  return -1;
}

function hasMagic(bytes: Buffer, at: number): boolean {
  return (
    bytes[at] === stampMagic >>> 24 &&
    bytes[at + 1] === ((stampMagic >>> 16) & 255) &&
    bytes[at + 2] === ((stampMagic >>> 8) & 255) &&
    bytes[at + 3] === (stampMagic & 255)
  );
}

function isStampName(bytes: Buffer, at: number, length: number): boolean {
  if (length !== nameBytes.length) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== nameBytes[i]) return false;
  return true;
}

/** Zigzag varint, at most 5 bytes. Beyond the end of the bytes it reads zeros, and so ends. */
function varint(bytes: Buffer, at: number): number {
  let byte = bytes[at] ?? 0;
  let raw = byte & 127;
  let end = at + 1;
  for (let shift = 7; byte > 127 && shift < 35; shift += 7) {
    byte = bytes[end++] ?? 0;
    raw |= (byte & 127) << shift;
  }
  varintEnd = end;
  return (raw >>> 1) ^ -(raw & 1);
}
