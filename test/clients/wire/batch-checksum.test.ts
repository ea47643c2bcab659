import { randomFillSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { batchChecksum, isNativeChecksum } from '../../../source/clients/wire/batch-checksum.ts';
import { crc32c } from '../../../source/clients/wire/crc32c.ts';

const room = 70_000;
const bytes = randomFillSync(Buffer.alloc(room));
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

test.each([
  [0, 0],
  [0, 1],
  [3, 2050],
  [1, 2049],
  [61, 4096],
  [7, 65_543],
  [room - 2048, room],
])('bytes %i to %i have one checksum, whoever computes it', (start, end) => {
  expect(batchChecksum(bytes, view, start, end)).toBe(crc32c(view, start, end));
});

test('the check value of CRC-32C, repeated to where the add-on is used', () => {
  // 32 zero bytes, RFC 3720 B.4; longer ones against our own tables.
  const zeros = Buffer.alloc(4096);
  const over = new DataView(zeros.buffer, zeros.byteOffset, zeros.length);
  expect(batchChecksum(zeros, over, 0, 32)).toBe(0x8a9136aa);
  expect(batchChecksum(zeros, over, 0, 4096)).toBe(crc32c(over, 0, 4096));
});

test('a changed bit changes it', () => {
  const copy = Buffer.from(bytes);
  const before = batchChecksum(copy, new DataView(copy.buffer, copy.byteOffset, copy.length), 5, 60_000);
  copy[30_000] = (copy[30_000] ?? 0) ^ 4;
  expect(batchChecksum(copy, new DataView(copy.buffer, copy.byteOffset, copy.length), 5, 60_000)).not.toBe(before);
});

test('where tests run the add-on is there', () => {
  expect(isNativeChecksum).toBe(true);
});
