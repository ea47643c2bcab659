import { describe, expect, it } from 'vitest';
import { ProtocolReader } from '../../../source/protocol/protocol-reader.ts';
import { AnswerWriter } from '../../../source/sandbox/protocol/answer-writer.ts';
import { FrameReader, maxFrameBytes } from '../../../source/sandbox/protocol/frame-reader.ts';
import { RecordingSocket } from '../support/recording-socket.ts';

function written(flexible: boolean, write: (writer: AnswerWriter) => void): string {
  const writer = new AnswerWriter(4);
  writer.flexible = flexible;
  write(writer);
  const socket = new RecordingSocket();
  writer.send(socket);
  expect(socket.bytes.readInt32BE(0)).toBe(socket.bytes.length - 4);
  return socket.bytes.toString('hex', 4);
}

describe('both encodings', () => {
  it.each<[string, (writer: AnswerWriter) => void, string, string]>([
    ['a string', (w) => w.string('ab'), '00026162', '036162'],
    ['an empty string', (w) => w.string(''), '0000', '01'],
    ['no string', (w) => w.string(null), 'ffff', '00'],
    ['more than ASCII', (w) => w.string('é'), '0002c3a9', '03c3a9'],
    ['bytes', (w) => w.byteArray(Buffer.from([7])), '0000000107', '0207'],
    ['no bytes', (w) => w.byteArray(null), 'ffffffff', '00'],
    ['an array', (w) => w.array([1, 2], (n) => w.int8(n)), '000000020102', '030102'],
    ['no array', (w) => w.arrayLength(-1), 'ffffffff', '00'],
    ['no tags', (w) => w.tags(), '', '00'],
    ['a negative int64', (w) => w.int64(-1), 'ffffffffffffffff', 'ffffffffffffffff'],
    ['a large int64', (w) => w.int64(2 ** 53), '0020000000000000', '0020000000000000'],
    ['a long varint', (w) => w.unsignedVarint(300), 'ac02', 'ac02'],
  ])('%s', (_, write, classic, flexible) => {
    expect(written(false, write)).toBe(classic);
    expect(written(true, write)).toBe(flexible);
  });

  it('reads what it wrote', () => {
    for (const flexible of [false, true]) {
      const hex = written(flexible, (w) =>
        w.int16(-3).string('topic').string(null).int64(-2).arrayLength(2).int32(1).int32(-1).tags().boolean(true),
      );
      const reader = new ProtocolReader(Buffer.from(hex, 'hex'));
      reader.flexible = flexible;
      expect([reader.int16(), reader.string(), reader.nullableString(), reader.int64()]).toEqual([
        -3,
        'topic',
        null,
        -2,
      ]);
      expect(reader.array(() => reader.int32())).toEqual([1, -1]);
      reader.tags();
      expect(reader.boolean()).toBe(true);
    }
  });

  it('skips tagged fields', () => {
    const reader = new ProtocolReader(Buffer.from('02' + '00' + '02aabb' + '05' + '00' + '07', 'hex'));
    reader.flexible = true;
    reader.tags();
    expect(reader.int8()).toBe(7);
  });

  it.each([
    ['a short integer', (r: ProtocolReader) => r.int32()],
    ['a long string', (r: ProtocolReader) => r.string()],
    [
      'a huge array',
      (r: ProtocolReader) => new ProtocolReader(Buffer.from('7fffffff', 'hex')).arrayLength() + r.int8(),
    ],
  ])('refuses to read past the end: %s', (_, read) => {
    expect(() => read(new ProtocolReader(Buffer.from('00ff61', 'hex')))).toThrow(RangeError);
  });
});

describe('FrameReader', () => {
  const frames = ['', 'a', 'hello', 'x'.repeat(300)];
  const stream = Buffer.concat(
    frames.map((text) => {
      const frame = Buffer.alloc(4 + text.length);
      frame.writeInt32BE(text.length, 0);
      frame.write(text, 4);
      return frame;
    }),
  );

  function readAll(chunkBytes: number): string[] {
    const reader = new FrameReader();
    const found: string[] = [];
    for (let at = 0; at < stream.length; at += chunkBytes) {
      reader.push(Buffer.from(stream.subarray(at, at + chunkBytes)));
      while (reader.next()) found.push(reader.bytes.toString('utf8', reader.start, reader.end));
    }
    return found;
  }

  it('finds the same frames however the stream is cut', () => {
    for (let chunkBytes = 1; chunkBytes <= stream.length; chunkBytes++) expect(readAll(chunkBytes)).toEqual(frames);
  });

  it('keeps several chunks until somebody asks', () => {
    const reader = new FrameReader();
    for (const byte of stream) reader.push(Buffer.from([byte]));
    const found: string[] = [];
    while (reader.next()) found.push(reader.bytes.toString('utf8', reader.start, reader.end));
    expect(found).toEqual(frames);
  });

  it.each([-1, maxFrameBytes + 1])('refuses a frame of %d bytes', (length) => {
    const reader = new FrameReader();
    const chunk = Buffer.alloc(8);
    chunk.writeInt32BE(length, 0);
    reader.push(chunk);
    expect(() => reader.next()).toThrow(RangeError);
  });
});
