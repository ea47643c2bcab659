/** Kafka's varints: zigzag, seven bits a byte, low bits first. For int32 values. */

/** Bytes that `value` takes. */
export function varintSize(value: number): number {
  let left = ((value << 1) ^ (value >> 31)) >>> 0;
  let size = 1;
  while (left > 127) {
    left >>>= 7;
    size++;
  }
  return size;
}

/** Writes `value` at `at`; answers where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let left = ((value << 1) ^ (value >> 31)) >>> 0;
  let end = at;
  while (left > 127) {
    bytes[end++] = (left & 127) | 128;
    left >>>= 7;
  }
  bytes[end++] = left;
  return end;
}
