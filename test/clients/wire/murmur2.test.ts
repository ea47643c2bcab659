import { murmur2 } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { murmur2Partition } from '../../../source/clients/wire/murmur2.ts';

// Hashes from the tests of Kafka's own `Utils.murmur2`.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('%s', (key, hash) => {
  for (const partitions of [1, 3, 12, 1000]) {
    expect(murmur2Partition(Buffer.from(key), partitions)).toBe((hash & 0x7fffffff) % partitions);
  }
});

test('keys of every length and byte hash as with another client', () => {
  for (let length = 0; length < 64; length++) {
    const key = Buffer.from(Array.from({ length }, (_, i) => (i * 151 + length * 37) % 256));
    expect(murmur2Partition(key, 0x7fffffff)).toBe((murmur2(key) & 0x7fffffff) % 0x7fffffff);
  }
});
