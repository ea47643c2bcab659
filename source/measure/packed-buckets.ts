/**
 * Bucket counts as a short text, cheap enough to be made every second: base64 of variable-length numbers (7 bits a byte,
 * lowest first). The first is the first bucket; each one after it is 2 × a count, or 2 × n + 1 for n empty buckets.
 */
import { bucketCount } from './buckets.ts';

/** Buckets below the highest one in use; none are in use above. */
export interface Buckets {
  readonly first: number;
  readonly counts: ArrayLike<number>;
}

/** `counts[at]` is of bucket `first + at`. Empty buckets at both ends are left out. */
export function packBuckets({ first, counts }: Buckets): string {
  let low = 0;
  while (low < counts.length && counts[low] === 0) low++;
  let high = counts.length;
  while (high > low && counts[high - 1] === 0) high--;
  const bytes: number[] = [];
  pushNumber(bytes, first + low);
  let empty = 0;
  for (let at = low; at < high; at++) {
    const count = counts[at] ?? 0;
    if (count === 0) {
      empty++;
      continue;
    }
    if (empty > 0) pushNumber(bytes, 2 * empty + 1);
    empty = 0;
    pushNumber(bytes, 2 * count);
  }
  return Buffer.from(bytes).toString('base64');
}

/** The reverse of `packBuckets`. Throws RangeError where the text is none of its own. */
export function unpackBuckets(text: string): Buckets & { readonly counts: Float64Array<ArrayBuffer> } {
  const numbers = readNumbers(Buffer.from(text, 'base64'));
  const [first = 0, ...rest] = numbers;
  const length = rest.reduce((sum, number) => sum + (number % 2 === 0 ? 1 : (number - 1) / 2), 0);
  if (numbers.length === 0 || first + length > bucketCount)
    throw new RangeError('bucket counts beyond the last bucket');
  const counts = new Float64Array(length);
  let at = 0;
  for (const number of rest) {
    if (number % 2 === 0) counts[at++] = number / 2;
    else at += (number - 1) / 2;
  }
  return { first, counts };
}

// Arithmetic, not shifts: a count may need more than 31 bits.
function pushNumber(bytes: number[], number: number): void {
  let left = number;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  bytes.push(left);
}

function readNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let number = 0;
  let scale = 1;
  for (const byte of bytes) {
    number += (byte % 128) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    numbers.push(number);
    number = 0;
    scale = 1;
  }
  if (scale !== 1 || numbers.some((one) => !Number.isSafeInteger(one))) throw new RangeError('bucket counts are torn');
  return numbers;
}
