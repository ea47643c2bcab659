/**
 * The stream ink draws to. Two things are mended on the way:
 *
 * - ink ends every changed line with "erase to the end of the line". After a line that fills the terminal the cursor
 *   waits on the last cell, and xterm then erases that cell; such an erase is left out.
 * - Once the terminal is given back (restore-terminal.ts), what ink still wants to draw is dropped, so that nothing is
 *   written over the messages of a crash handler.
 */
import { widthOf } from './cells.ts';
import { isScreenOpen, noteAlternateScreenLeft } from './restore-terminal.ts';

const eraseToEnd = '\u001B[K';
const toLineStart = '\u001B[1G';
const leaveAlternateScreen = '\u001B[?1049l';

/** `chunk` without the erases that follow a line of `columns` cells or more. */
export function withoutNeedlessErases(chunk: string, columns: number): string {
  const parts = chunk.split(eraseToEnd);
  return parts
    .map((part, index) => {
      if (index === parts.length - 1) {
        return part;
      }
      const start = part.lastIndexOf(toLineStart);
      const isFull = start >= 0 && widthOf(part.slice(start + toLineStart.length)) >= columns;
      return isFull ? part : part + eraseToEnd;
    })
    .join('');
}

type Callback = (error?: Error | null) => void;

export function guardStdout(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Callback, callback?: Callback): boolean => {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (!isScreenOpen()) {
      if (done !== undefined) {
        setImmediate(done);
      }
      return true;
    }
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    if (text.includes(leaveAlternateScreen)) {
      noteAlternateScreenLeft();
    }
    return stdout.write(withoutNeedlessErases(text, stdout.columns), done);
  };
  return new Proxy(stdout, {
    get(target, key) {
      if (key === 'write') {
        return write;
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
