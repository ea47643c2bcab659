/** Writes what a command answers to standard output. */
import { LoadtuiError, messageOf } from '../errors.ts';

/**
 * Resolves when the text is gone, or when its reader is (`| head`), which is no fault. Rejects with LoadtuiError FILE where
 * it cannot be written, as on a full disk.
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: (Error & { code?: string }) | null | undefined): void => {
      if (error === null || error === undefined || error.code === 'EPIPE') resolve();
      else reject(lost(error));
    };
    // The event of an error comes after the callback: its listener must stay where there was one.
    process.stdout.once('error', settle);
    try {
      process.stdout.write(text, (error) => {
        if (error === null || error === undefined) process.stdout.off('error', settle);
        settle(error);
      });
    } catch (error) {
      reject(lost(error));
    }
  });
}

function lost(cause: unknown): LoadtuiError {
  const message = `standard output could not be written: ${messageOf(cause)}`;
  return new LoadtuiError(message, { code: 'FILE', fault: 'usage', next: 'Make room where it goes to.', cause });
}
