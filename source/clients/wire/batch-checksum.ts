/**
 * CRC-32C over whole batches that were read: by the processor's own instruction, which JavaScript does not reach, where
 * the add-on for it is installed; else by our tables, at a third of the speed. One answer either way.
 */
import { createRequire } from 'node:module';
import { crc32c } from './crc32c.ts';

type NativeCrc = (bytes: Buffer) => number;

/** Below this a call out of JavaScript, and the view made for it, cost more than they save. */
const worthACallBytes = 2048;

const native = loadNative();

/** Views made last, by where they begin: full batches lie at the same places in answer after answer. */
const views: Buffer[] = Array.from({ length: 64 }, () => Buffer.alloc(0));
/**
 * Knuth's multiplicative hash, its six highest bits: batches are as long as each other, and a plain division would put
 * them all in one place.
 */
const spread = 0x9e3779b1;
const placeShift = 26;

/** True: the processor's instruction is used. */
export const isNativeChecksum = native !== null;

/** The checksum of `bytes[start, end)`, unsigned. `view` is over the same bytes. */
export function batchChecksum(bytes: Buffer, view: DataView, start: number, end: number): number {
  if (native === null || end - start < worthACallBytes) return crc32c(view, start, end);
  return native(viewOf(bytes, start, end));
}

/** The checksum of a whole buffer, unsigned. */
export function bufferChecksum(bytes: Buffer): number {
  if (native !== null && bytes.length >= worthACallBytes) return native(bytes);
  return crc32c(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
}

function viewOf(bytes: Buffer, start: number, end: number): Buffer {
  const place = Math.imul(start, spread) >>> placeShift;
  const last = views[place];
  if (
    last !== undefined &&
    last.length === end - start &&
    last.byteOffset === bytes.byteOffset + start &&
    last.buffer === bytes.buffer
  ) {
    return last;
  }
  const made = bytes.subarray(start, end);
  views[place] = made;
  return made;
}

function loadNative(): NativeCrc | null {
  try {
    const addOn: typeof import('@node-rs/crc32') = createRequire(import.meta.url)('@node-rs/crc32');
    return addOn.crc32c;
  } catch {
    // An optional dependency: there is no build of it for every system.
    return null;
  }
}
