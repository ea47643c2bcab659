import type { Socket } from 'node:net';
import { ProtocolWriter } from '../../protocol/protocol-writer.ts';

/** Bytes that stay where they are until the socket has them: `hold` before, `release` after the write. */
export interface HeldBytes {
  readonly bytes: Uint8Array;
  hold(): void;
  release(): void;
}

/** Smaller record sets are copied: one write of one piece costs less than three pieces. */
const copyBelowBytes = 4096;

/** Writes one answer. Large record sets are kept as references and sent without a copy. */
export class AnswerWriter extends ProtocolWriter {
  #held: { readonly at: number; readonly chunk: HeldBytes }[] | null = null;
  #heldBytes = 0;

  get length(): number {
    return this.position + this.#heldBytes;
  }

  /** A bytes field made of stored chunks, `totalBytes` together. */
  records(chunks: readonly HeldBytes[], totalBytes: number): this {
    if (this.flexible) this.unsignedVarint(totalBytes + 1);
    else this.int32(totalBytes);
    for (const chunk of chunks) {
      if (totalBytes < copyBelowBytes) {
        const at = this.reserve(chunk.bytes.length);
        this.bytes.set(chunk.bytes, at);
      } else {
        chunk.hold();
        this.#held ??= [];
        this.#held.push({ at: this.position, chunk });
        this.#heldBytes += chunk.bytes.length;
      }
    }
    return this;
  }

  /** Gives back what was held; for an answer that is never sent. */
  discard(): void {
    for (const { chunk } of this.#held ?? []) chunk.release();
    this.#held = null;
  }

  /** Fills in the frame's length and hands everything to the socket. The writer is used up. */
  send(socket: Socket): void {
    this.bytes.writeInt32BE(this.length - 4, 0);
    if (this.#held === null) {
      socket.write(this.bytes.subarray(0, this.position));
      return;
    }
    socket.cork();
    let from = 0;
    for (const { at, chunk } of this.#held) {
      if (at > from) socket.write(this.bytes.subarray(from, at));
      from = at;
      socket.write(chunk.bytes, () => chunk.release());
    }
    if (from < this.position) socket.write(this.bytes.subarray(from, this.position));
    socket.uncork();
  }
}
