/**
 * ApiVersions version 3 as raw bytes: the first word to a broker. Spoken here by hand because it must also recognise what
 * is no Kafka at all (a TLS listener, a web server), and because it carries the finalised features.
 * Layout: Kafka protocol guide, ApiVersionsRequest/Response; the response header has no tagged fields in any version.
 */
import type { ApiRanges, VersionRange } from './broker-version.ts';

export interface ApiVersionsAnswer {
  readonly ranges: ApiRanges;
  /** Level of the finalised feature `metadata.version`; null where the broker names none. */
  readonly metadataVersionLevel: number | null;
}

const apiVersionsKey = 18;
const unsupportedVersion = 35;
const finalizedFeaturesTag = 2;
const softwareName = 'loadtui';

/** The request with its length prefix. Version 0 has no body; version 3 names the client software. */
export function encodeApiVersionsRequest(version: 0 | 3, correlationId: number, clientId: string): Buffer {
  const client = Buffer.from(clientId, 'utf8');
  const header = Buffer.alloc(4 + 2 + 2 + 4 + 2);
  header.writeInt16BE(apiVersionsKey, 4);
  header.writeInt16BE(version, 6);
  header.writeInt32BE(correlationId, 8);
  header.writeInt16BE(client.length, 12);
  const name = Buffer.from(softwareName, 'latin1');
  // tag buffer of the header, two compact strings, tag buffer of the body
  const body =
    version === 0
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from([0, name.length + 1]), name, Buffer.from([2]), Buffer.from('1'), Buffer.from([0])]);
  const frame = Buffer.concat([header, client, body]);
  frame.writeInt32BE(frame.length - 4, 0);
  return frame;
}

export type DecodedApiVersions =
  | { readonly kind: 'answer'; readonly answer: ApiVersionsAnswer }
  /** The broker is older than the version asked: ask again with version 0. */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'not-kafka' };

/** Reads a response frame without its length prefix. Anything that does not parse is `not-kafka`, never an exception. */
export function decodeApiVersionsResponse(frame: Buffer, version: 0 | 3, correlationId: number): DecodedApiVersions {
  if (frame.length < 6 || frame.readInt32BE(0) !== correlationId) return { kind: 'not-kafka' };
  const errorCode = frame.readInt16BE(4);
  if (errorCode === unsupportedVersion) return { kind: 'unsupported' };
  if (errorCode !== 0) return { kind: 'not-kafka' };
  try {
    const reader = new FrameReader(frame, 6);
    return { kind: 'answer', answer: version === 0 ? readVersion0(reader) : readVersion3(reader) };
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'not-kafka' };
    throw error;
  }
}

function readVersion0(reader: FrameReader): ApiVersionsAnswer {
  const ranges = new Map<number, VersionRange>();
  for (let left = reader.int32(); left > 0; left--) {
    ranges.set(reader.int16(), { min: reader.int16(), max: reader.int16() });
  }
  return { ranges, metadataVersionLevel: null };
}

function readVersion3(reader: FrameReader): ApiVersionsAnswer {
  const ranges = new Map<number, VersionRange>();
  for (let left = reader.varint() - 1; left > 0; left--) {
    ranges.set(reader.int16(), { min: reader.int16(), max: reader.int16() });
    reader.skipTags();
  }
  reader.int32(); // throttle time
  let metadataVersionLevel: number | null = null;
  for (let tags = reader.varint(); tags > 0; tags--) {
    const tag = reader.varint();
    const size = reader.varint();
    const end = reader.position + size;
    if (tag === finalizedFeaturesTag) metadataVersionLevel = readMetadataVersion(reader);
    reader.position = end;
  }
  return { ranges, metadataVersionLevel };
}

function readMetadataVersion(reader: FrameReader): number | null {
  let level: number | null = null;
  for (let left = reader.varint() - 1; left > 0; left--) {
    const name = reader.compactString();
    const maxLevel = reader.int16();
    reader.int16(); // lowest level
    reader.skipTags();
    if (name === 'metadata.version') level = maxLevel;
  }
  return level;
}

/** Reads big-endian fields in turn; a read past the end throws RangeError. */
class FrameReader {
  readonly #bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  int16(): number {
    const value = this.#bytes.readInt16BE(this.position);
    this.position += 2;
    return value;
  }

  int32(): number {
    const value = this.#bytes.readInt32BE(this.position);
    this.position += 4;
    return value;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.position++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('varint longer than five bytes');
  }

  compactString(): string {
    const length = this.varint() - 1;
    const end = this.position + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError('string past the end');
    const text = this.#bytes.toString('utf8', this.position, end);
    this.position = end;
    return text;
  }

  skipTags(): void {
    for (let tags = this.varint(); tags > 0; tags--) {
      this.varint();
      const size = this.varint();
      this.position += size;
    }
  }
}
