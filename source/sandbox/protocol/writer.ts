import type { Socket } from 'node:net';

/** Bytes that stay where they are until the socket has them: `hold` before, `release` after the write. */
export interface HeldBytes {
  readonly bytes: Uint8Array;
  hold(): void;
  release(): void;
}

/** Smaller record sets are copied: one write of one piece costs less than three pieces. */
const copyBelowBytes = 4096;

/** Writes one answer in either encoding. Large record sets are kept as references and sent without a copy. */
export class ProtocolWriter {
  flexible = false;
  #bytes: Buffer;
  /** The first four bytes are the frame's length. */
  #position = 4;
  #held: { readonly at: number; readonly chunk: HeldBytes }[] | null = null;
  #heldBytes = 0;

  constructor(capacityBytes = 256) {
    this.#bytes = Buffer.allocUnsafe(capacityBytes);
  }

  get length(): number {
    return this.#position + this.#heldBytes;
  }

  #reserve(length: number): number {
    const at = this.#position;
    if (at + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, at + length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#position = at + length;
    return at;
  }

  int8(value: number): this {
    const at = this.#reserve(1);
    this.#bytes.writeInt8(value, at);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    const at = this.#reserve(2);
    this.#bytes.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.#reserve(4);
    this.#bytes.writeInt32BE(value, at);
    return this;
  }

  int64(value: number): this {
    const at = this.#reserve(8);
    writeInt64(this.#bytes, value, at);
    return this;
  }

  unsignedVarint(value: number): this {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.int8(((rest & 0x7f) | 0x80) - 0x100);
      rest >>>= 7;
    }
    const at = this.#reserve(1);
    this.#bytes[at] = rest;
    return this;
  }

  string(value: string | null): this {
    if (value === null) return this.flexible ? this.unsignedVarint(0) : this.int16(-1);
    const length = Buffer.byteLength(value);
    if (this.flexible) this.unsignedVarint(length + 1);
    else this.int16(length);
    const at = this.#reserve(length);
    this.#bytes.write(value, at, 'utf8');
    return this;
  }

  byteArray(value: Uint8Array | null): this {
    if (value === null) return this.flexible ? this.unsignedVarint(0) : this.int32(-1);
    if (this.flexible) this.unsignedVarint(value.length + 1);
    else this.int32(value.length);
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** 32 hexadecimal digits. */
  uuid(value: string): this {
    const at = this.#reserve(16);
    this.#bytes.write(value, at, 'hex');
    return this;
  }

  /** −1 writes a null array. */
  arrayLength(length: number): this {
    return this.flexible ? this.unsignedVarint(length + 1) : this.int32(length);
  }

  array<T>(elements: readonly T[], write: (element: T) => void): this {
    this.arrayLength(elements.length);
    for (const element of elements) write(element);
    return this;
  }

  /** A bytes field made of stored chunks, `totalBytes` together. */
  records(chunks: readonly HeldBytes[], totalBytes: number): this {
    if (this.flexible) this.unsignedVarint(totalBytes + 1);
    else this.int32(totalBytes);
    for (const chunk of chunks) {
      if (totalBytes < copyBelowBytes) {
        const at = this.#reserve(chunk.bytes.length);
        this.#bytes.set(chunk.bytes, at);
      } else {
        chunk.hold();
        this.#held ??= [];
        this.#held.push({ at: this.#position, chunk });
        this.#heldBytes += chunk.bytes.length;
      }
    }
    return this;
  }

  /** No tagged fields. */
  tags(): this {
    return this.flexible ? this.unsignedVarint(0) : this;
  }

  /** Gives back what was held; for an answer that is never sent. */
  discard(): void {
    for (const { chunk } of this.#held ?? []) chunk.release();
    this.#held = null;
  }

  /** Fills in the frame's length and hands everything to the socket. The writer is used up. */
  send(socket: Socket): void {
    this.#bytes.writeInt32BE(this.length - 4, 0);
    if (this.#held === null) {
      socket.write(this.#bytes.subarray(0, this.#position));
      return;
    }
    socket.cork();
    let from = 0;
    for (const { at, chunk } of this.#held) {
      if (at > from) socket.write(this.#bytes.subarray(from, at));
      from = at;
      socket.write(chunk.bytes, () => chunk.release());
    }
    if (from < this.#position) socket.write(this.#bytes.subarray(from, this.#position));
    socket.uncork();
  }
}

/** Big-endian int64 of a whole number up to 2⁵³ without BigInt. */
export function writeInt64(bytes: Buffer, value: number, at: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
}

/** The inverse of {@link writeInt64}. */
export function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}
