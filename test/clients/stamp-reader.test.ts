import { describe, expect, it } from 'vitest';
import { stampBytes, stampMagic, writeStampConstants } from '../../source/clients/stamp.ts';
import { findStamp } from '../../source/clients/stamp-reader.ts';

const varint = (value: number): number[] => {
  let raw = ((value << 1) ^ (value >> 31)) >>> 0;
  const bytes: number[] = [];
  for (; raw > 127; raw >>>= 7) bytes.push((raw & 127) | 128);
  return [...bytes, raw];
};
const stamp = (): Buffer => {
  const bytes = Buffer.alloc(stampBytes, 9);
  writeStampConstants(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, '00112233445566ff');
  return bytes;
};
const header = (name: string, value: Buffer | null): Buffer =>
  Buffer.concat([
    Buffer.from(varint(name.length)),
    Buffer.from(name),
    Buffer.from(varint(value === null ? -1 : value.length)),
    value ?? Buffer.alloc(0),
  ]);
/** Looks into a record whose value is `value` and whose headers are `headers`; 5 bytes of something else before and after. */
const find = (value: Buffer | null, headers: readonly Buffer[], mode: 'value' | 'header'): number => {
  const rest = Buffer.concat([Buffer.from(varint(headers.length)), ...headers]);
  const start = 5;
  const headersStart = start + (value?.length ?? 0);
  const bytes = Buffer.concat([Buffer.alloc(5, 1), value ?? Buffer.alloc(0), rest, Buffer.alloc(5, 1)]);
  return findStamp(bytes, start, value === null ? -1 : value.length, headersStart, headersStart + rest.length, mode);
};

describe('findStamp', () => {
  it('knows the magic', () => {
    expect(stamp().readUInt32BE()).toBe(stampMagic);
  });

  it.each([
    ['a stamp alone', stamp(), 5],
    ['a stamp and more', Buffer.concat([stamp(), Buffer.alloc(100)]), 5],
    ['one byte too few', stamp().subarray(0, 31), -1],
    ['nothing', Buffer.alloc(0), -1],
    ['null', null, -1],
    ['another magic', Buffer.alloc(64, 0x4c), -1],
  ])('in values: %s', (_, value, expected) => {
    expect(find(value, [], 'value')).toBe(expected);
  });

  it.each([
    ['no headers', [], -1],
    ['the only header', [header('loadtui', stamp())], 5 + 1 + 1 + 1 + 7 + 1],
    [
      'after others',
      [header('a', null), header('long', Buffer.alloc(300)), header('loadtui', stamp())],
      5 + 1 + 1 + 3 + 307 + 9,
    ],
    ['of another name', [header('loadtuj', stamp())], -1],
    ['too long', [header('loadtui', Buffer.concat([stamp(), Buffer.alloc(1)]))], -1],
    ['null', [header('loadtui', null)], -1],
    ['of another magic', [header('loadtui', Buffer.alloc(32))], -1],
    ['cut off', [header('loadtui', stamp()).subarray(0, 20)], -1],
  ])('in headers: %s', (_, headers, expected) => {
    expect(find(Buffer.from('v'), headers, 'header')).toBe(expected);
  });

  it('does not look into headers for values, nor the other way round', () => {
    expect(find(Buffer.from('v'), [header('loadtui', stamp())], 'value')).toBe(-1);
    expect(find(stamp(), [], 'header')).toBe(-1);
  });
});
