/**
 * What fills values behind the stamp: printable characters without a pattern that a codec could use (64 characters of
 * equal frequency: entropy coding still takes a byte to 6 bits), and, as far as is asked for, one letter in their stead.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Longer than the windows of gzip, snappy and lz4. */
const noiseBytes = 1_048_583;
/** With other letters each time it is gone through, so that zstd with its larger windows finds no repetition either. */
const passes = alphabet.length;

let noise: Buffer | null = null;

function noiseOnce(): Buffer {
  if (noise !== null) return noise;
  const made = Buffer.allocUnsafeSlow(noiseBytes);
  // xorshift32 (Marsaglia 2003), seeded: the same payload in every run.
  let x = 0x9e3779b9;
  for (let i = 0; i < noiseBytes; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    made[i] = alphabet.charCodeAt((x >>> 9) & 63);
  }
  noise = made;
  return made;
}

/** Random and constant bytes take turns within so many, so that codecs with small windows and hash tables see both. */
const blockBytes = 64;
const constant = 'x'.charCodeAt(0);

/**
 * Fills `bytes[start, end)`: of each 64 bytes first a share of `entropy` (0 … 1) with the noise from `from` on, then one
 * letter again and again. Answers where in the noise to go on.
 */
export function fill(bytes: Buffer, start: number, end: number, from: number, entropy: number): number {
  if (entropy >= 1) return fillWithNoise(bytes, start, end, from);
  let position = from;
  for (let at = start; at < end; at += blockBytes) {
    const blockEnd = Math.min(at + blockBytes, end);
    // What a block cannot have of its share, being whole bytes, the next one has.
    const random = Math.floor((blockEnd - start) * entropy) - Math.floor((at - start) * entropy);
    position = fillWithNoise(bytes, at, at + random, position);
    bytes.fill(constant, at + random, blockEnd);
  }
  return position;
}

function fillWithNoise(bytes: Buffer, start: number, end: number, from: number): number {
  const source = noiseOnce();
  let at = start;
  let position = from;
  while (at < end) {
    const place = position % noiseBytes;
    const copied = source.copy(bytes, at, place, place + Math.min(end - at, noiseBytes - place));
    moveLetters(bytes, at, at + copied, Math.floor(position / noiseBytes));
    at += copied;
    position = (position + copied) % (noiseBytes * passes);
  }
  return position;
}

/** Each letter becomes the one so many places on in the alphabet. */
function moveLetters(bytes: Buffer, start: number, end: number, places: number): void {
  if (places === 0) return;
  const moved = new Uint8Array(128);
  for (let i = 0; i < passes; i++) moved[alphabet.charCodeAt(i)] = alphabet.charCodeAt((i + places) % passes);
  for (let at = start; at < end; at++) bytes[at] = moved[bytes[at] ?? 0] ?? 0;
}
