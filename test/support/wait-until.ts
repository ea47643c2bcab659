import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Between two looks. */
  readonly everyMs?: number;
  /** What is known when time is up; joins the failure's message. */
  readonly describe?: () => string | Promise<string>;
}

/** Thrown by a look: waiting longer is no use. */
export class Hopeless extends Error {}

/**
 * Looks again and again until `look` answers something other than `undefined`, and hands that back. A look that throws
 * counts as "not yet", unless it is `Hopeless`; its error becomes the cause when time is up.
 */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  options: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined) return found;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    const hopeless = lastError instanceof Hopeless ? lastError.message : null;
    if (hopeless !== null || performance.now() >= deadline) {
      const known = options.describe === undefined ? '' : `\n${await options.describe()}`;
      const why = hopeless ?? `${options.timeoutMs} ms are over`;
      throw new Error(`waited in vain: ${what} (${why})${known}`, { cause: lastError });
    }
    await delay(options.everyMs ?? 100);
  }
}
