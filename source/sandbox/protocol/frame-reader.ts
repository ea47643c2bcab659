/** As Kafka's socket.request.max.bytes. */
export const maxFrameBytes = 100 * 1024 * 1024;

/** A larger assembly buffer is given back once it is empty. */
const keepBytes = 4 * 1024 * 1024;

/**
 * Cuts a byte stream into frames of `int32 length, content`. Frames that lie within one chunk are not copied;
 * `start` and `end` bound the content in `bytes` after `next` said true, and hold until the next `push`.
 */
export class FrameReader {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  #from = 0;
  #to = 0;
  #assembly: Buffer = Buffer.alloc(0);

  /** Takes over the chunk; it must not be written to afterwards. */
  push(chunk: Buffer): void {
    const waiting = this.#to - this.#from;
    if (waiting === 0) {
      if (this.#assembly.length > keepBytes) this.#assembly = Buffer.alloc(0);
      this.bytes = chunk;
      this.#from = 0;
      this.#to = chunk.length;
      return;
    }
    this.#makeRoom(waiting, chunk.length);
    chunk.copy(this.bytes, this.#to);
    this.#to += chunk.length;
  }

  /** Moves what waits into the assembly buffer, with room for the rest of its frame. */
  #makeRoom(waiting: number, more: number): void {
    const inAssembly = this.bytes === this.#assembly;
    if (inAssembly && this.#to + more <= this.#assembly.length) return;
    const frameBytes = waiting >= 4 ? Math.min(this.bytes.readInt32BE(this.#from), maxFrameBytes) + 4 : 0;
    const needed = Math.max(waiting + more, frameBytes);
    if (needed > this.#assembly.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 128 * 1024));
      this.bytes.copy(larger, 0, this.#from, this.#to);
      this.#assembly = larger;
    } else {
      this.bytes.copy(this.#assembly, 0, this.#from, this.#to);
    }
    this.bytes = this.#assembly;
    this.#from = 0;
    this.#to = waiting;
  }

  /** True: one frame stands in `bytes[start, end)`. Throws RangeError where the length is not one of a frame. */
  next(): boolean {
    if (this.#to - this.#from < 4) return false;
    const length = this.bytes.readInt32BE(this.#from);
    if (length < 0 || length > maxFrameBytes) throw new RangeError(`frame of ${length} bytes`);
    if (this.#to - this.#from - 4 < length) return false;
    this.start = this.#from + 4;
    this.end = this.start + length;
    this.#from = this.end;
    return true;
  }
}
