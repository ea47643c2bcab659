/** A stream that keeps what is written to it, and can break. */
import { Writable } from 'node:stream';

export interface Capture {
  readonly stream: Writable;
  /** Complete lines so far. */
  lines(): string[];
  /** From now on every write fails, as on a pipe whose reader is gone. */
  break(): void;
}

export function capture(): Capture {
  let text = '';
  let broken = false;
  const stream = new Writable({
    write(chunk, _encoding, done) {
      if (broken) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        return;
      }
      text += String(chunk);
      done();
    },
  });
  return {
    stream,
    lines: () => text.split('\n').slice(0, -1),
    break: () => {
      broken = true;
    },
  };
}
