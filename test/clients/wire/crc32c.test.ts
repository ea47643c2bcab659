import { jsCRC32C } from '@platformatic/kafka';
import { describe, expect, test } from 'vitest';
import {
  appendZeros,
  applyZeros,
  crc32c,
  crcUpdate,
  finishCrc,
  initialCrc,
  zeroOperator,
} from '../../../source/clients/wire/crc32c.ts';

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function pattern(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 131 + (i >> 3) * 17 + 7) & 255));
}

describe('published vectors (RFC 3720, B.4)', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 0],
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 × 0xff', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
    ['31 to 0', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
  ])('%s', (_, bytes, expected) => {
    expect(crc32c(view(bytes), 0, bytes.length)).toBe(expected);
  });
});

test.each([1, 2, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33, 63, 64, 65, 1000, 4099])(
  '%i bytes agree with another implementation',
  (length) => {
    const bytes = pattern(length);
    expect(crc32c(view(bytes), 0, length)).toBe(jsCRC32C(bytes));
  },
);

test('any stretch of a buffer can be hashed, in steps', () => {
  const bytes = pattern(500);
  for (const [start, end] of [
    [0, 500],
    [3, 451],
    [17, 17],
    [1, 9],
  ] as const) {
    for (const middle of [start, Math.min(end, start + 5), end]) {
      const state = crcUpdate(crcUpdate(initialCrc, view(bytes), start, middle), view(bytes), middle, end);
      expect(finishCrc(state)).toBe(jsCRC32C(bytes.subarray(start, end)));
    }
  }
});

test.each([1, 2, 3, 4, 5, 7, 8, 9, 15])('a view may begin %i bytes into its memory', (offset) => {
  const bytes = pattern(120).subarray(offset);
  for (const start of [0, 1, 8, 13]) {
    expect(crc32c(view(bytes), start, bytes.length)).toBe(jsCRC32C(bytes.subarray(start)));
  }
});

test.each([0, 1, 2, 3, 8, 61, 255, 256, 4095, 1_048_576])('moving past %i zero bytes is hashing them', (count) => {
  const state = crcUpdate(initialCrc, view(pattern(20)), 0, 20);
  const hashed = crcUpdate(state, view(Buffer.alloc(count)), 0, count);
  expect(appendZeros(state, count)).toBe(hashed);
  expect(applyZeros(zeroOperator(count), state)).toBe(hashed);
});

test('a checksum is put together from parts hashed apart', () => {
  const head = pattern(61);
  const tail = pattern(777);
  const state = appendZeros(crcUpdate(initialCrc, view(head), 0, 61), 777) ^ crcUpdate(0, view(tail), 0, 777);
  expect(finishCrc(state)).toBe(jsCRC32C(Buffer.concat([head, tail])));
});
