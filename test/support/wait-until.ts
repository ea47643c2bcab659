import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Between two looks. */
  readonly everyMs?: number;
  /** What is known when time is up; joins the failure's message. */
  readonly describe?: () => string | Promise<string>;
}

/**
 * Looks again and again until `look` answers something other than `undefined`, and hands that back. A look that throws
 * counts as "not yet"; its error becomes the cause when time is up.
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
    if (performance.now() >= deadline) {
      const known = options.describe === undefined ? '' : `\n${await options.describe()}`;
      throw new Error(`waited ${options.timeoutMs} ms in vain: ${what}${known}`, { cause: lastError });
    }
    await delay(options.everyMs ?? 100);
  }
}
