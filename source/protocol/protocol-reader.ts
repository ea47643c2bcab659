/**
 * Reads one request. The classic encoding (lengths as int16 or int32, −1 for null) and the flexible one (lengths plus one
 * as unsigned varints, tagged fields after each structure) differ only in lengths, so one reader serves both.
 */
export class ProtocolReader {
  readonly bytes: Buffer;
  readonly end: number;
  position: number;
  flexible = false;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  #advance(length: number): number {
    const at = this.position;
    if (length < 0 || at + length > this.end)
      throw new RangeError(`request ends ${at + length - this.end} bytes early`);
    this.position = at + length;
    return at;
  }

  int8(): number {
    return this.bytes.readInt8(this.#advance(1));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#advance(4));
  }

  /** Exact up to 2⁵³; offsets and timestamps are. */
  int64(): number {
    const at = this.#advance(8);
    return this.bytes.readInt32BE(at) * 0x1_0000_0000 + this.bytes.readUInt32BE(at + 4);
  }

  unsignedVarint(): number {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = this.bytes.readUInt8(this.#advance(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
      shift += 7;
      if (shift > 28) throw new RangeError('varint longer than 5 bytes');
    }
  }

  nullableString(): string | null {
    const length = this.flexible ? this.unsignedVarint() - 1 : this.int16();
    return length < 0 ? null : this.#text(length);
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  /** An int16-length string even in a flexible request: the client id of the request header. */
  classicString(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.#text(length);
  }

  #text(length: number): string {
    const at = this.#advance(length);
    return this.bytes.toString('utf8', at, at + length);
  }

  /** Length of a bytes field whose content starts at `position` afterwards; −1 for null. */
  bytesLength(): number {
    return this.flexible ? this.unsignedVarint() - 1 : this.int32();
  }

  skip(length: number): void {
    this.#advance(length);
  }

  /** A copy: the request's bytes are only there during the call. */
  copiedBytes(): Buffer {
    const length = this.bytesLength();
    if (length <= 0) return Buffer.alloc(0);
    const at = this.#advance(length);
    return Buffer.from(this.bytes.subarray(at, at + length));
  }

  uuid(): string {
    const at = this.#advance(16);
    return this.bytes.toString('hex', at, at + 16);
  }

  /** Number of elements; −1 for null. */
  arrayLength(): number {
    const length = this.flexible ? this.unsignedVarint() - 1 : this.int32();
    if (length > this.end - this.position) throw new RangeError(`array of ${length} elements in a shorter request`);
    return length;
  }

  nullableArray<T>(element: () => T): T[] | null {
    const length = this.arrayLength();
    if (length < 0) return null;
    const elements: T[] = [];
    for (let i = 0; i < length; i++) elements.push(element());
    return elements;
  }

  array<T>(element: () => T): T[] {
    return this.nullableArray(element) ?? [];
  }

  /** Skips the tagged fields that end each structure of a flexible request. */
  tags(): void {
    if (!this.flexible) return;
    for (let count = this.unsignedVarint(); count > 0; count--) {
      this.unsignedVarint();
      this.skip(this.unsignedVarint());
    }
  }
}
