/** Writes lines to a stream that may be closed from the other side, as `loadtui | head` does. */
import type { Writable } from 'node:stream';

export interface LineWriter {
  /** Writes one line; does nothing once the other side is gone. */
  line(text: string): void;
  /** Resolves when all lines are out, or nobody reads them any more. */
  flush(): Promise<void>;
}

/**
 * `onClosed` is called once, when the stream breaks (EPIPE where a reader went away, ENOSPC where a disk is full …),
 * with what it broke of. Nothing is thrown.
 */
export function createLineWriter(stream: Writable, onClosed: (error: Error) => void): LineWriter {
  let closed = false;
  const waiting = new Set<() => void>();
  const close = (error: Error): void => {
    if (closed) return;
    closed = true;
    for (const resolve of waiting) resolve();
    waiting.clear();
    onClosed(error);
  };
  stream.on('error', close);
  stream.on('close', () => close(new Error('the stream was closed')));
  return {
    line(text) {
      if (!closed) stream.write(`${text}\n`);
    },
    flush() {
      if (closed || stream.writableLength === 0) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.add(resolve);
        stream.write('', () => {
          waiting.delete(resolve);
          resolve();
        });
      });
    },
  };
}
