import { writeInt64 } from './int64.ts';

const lengthBytes = 4;

/**
 * Writes one request or answer. The classic encoding (lengths as int16 or int32, −1 for null) and the flexible one
 * (lengths plus one as unsigned varints, tagged fields after each structure) differ only in lengths.
 */
export class ProtocolWriter {
  flexible = false;
  protected bytes: Buffer;
  /** Room is left for the frame's length. */
  protected position = lengthBytes;

  constructor(capacityBytes = 256) {
    this.bytes = Buffer.allocUnsafe(capacityBytes);
  }

  protected reserve(length: number): number {
    const at = this.position;
    if (at + length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, at + length));
      this.bytes.copy(larger, 0, 0, at);
      this.bytes = larger;
    }
    this.position = at + length;
    return at;
  }

  int8(value: number): this {
    const at = this.reserve(1);
    this.bytes.writeInt8(value, at);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    const at = this.reserve(2);
    this.bytes.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.reserve(4);
    this.bytes.writeInt32BE(value, at);
    return this;
  }

  int64(value: number): this {
    const at = this.reserve(8);
    writeInt64(this.bytes, value, at);
    return this;
  }

  unsignedVarint(value: number): this {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.int8(((rest & 0x7f) | 0x80) - 0x100);
      rest >>>= 7;
    }
    const at = this.reserve(1);
    this.bytes[at] = rest;
    return this;
  }

  string(value: string | null): this {
    if (value === null) return this.flexible ? this.unsignedVarint(0) : this.int16(-1);
    const length = Buffer.byteLength(value);
    if (this.flexible) this.unsignedVarint(length + 1);
    else this.int16(length);
    const at = this.reserve(length);
    this.bytes.write(value, at, 'utf8');
    return this;
  }

  byteArray(value: Uint8Array | null): this {
    if (value === null) return this.flexible ? this.unsignedVarint(0) : this.int32(-1);
    if (this.flexible) this.unsignedVarint(value.length + 1);
    else this.int32(value.length);
    const at = this.reserve(value.length);
    this.bytes.set(value, at);
    return this;
  }

  /** 32 hexadecimal digits. */
  uuid(value: string): this {
    const at = this.reserve(16);
    this.bytes.write(value, at, 'hex');
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

  /** No tagged fields. */
  tags(): this {
    return this.flexible ? this.unsignedVarint(0) : this;
  }

  /** The finished frame: its length, then what was written. */
  frame(): Buffer {
    this.bytes.writeInt32BE(this.position - lengthBytes, 0);
    return this.bytes.subarray(0, this.position);
  }
}
