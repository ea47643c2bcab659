import { Socket } from 'node:net';

/** A socket that goes nowhere and keeps what was written. */
export class RecordingSocket extends Socket {
  bytes = Buffer.alloc(0);

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    if (chunk instanceof Uint8Array) this.bytes = Buffer.concat([this.bytes, chunk]);
    const written = rest.at(-1);
    if (typeof written === 'function') written();
    return true;
  }
}
