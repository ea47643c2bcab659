/** The errors of a run by Kafka's name, as its threads tell them: bounded, since there are only so many names. */
import type { ErrorTally } from '../load/protocol.ts';
import { errorName } from '../protocol/error-names.ts';
import type { ErrorCount } from './document-schema.ts';

export class ErrorBook {
  readonly #byThread = new Map<string, readonly ErrorTally[]>();

  /** Each thread tells all of its errors each time. What a dead one told stays. */
  take(thread: string, tallies: readonly ErrorTally[]): void {
    this.#byThread.set(thread, tallies);
  }

  /** Messages that an error struck, so far: for the last time, or to be sent again. */
  messages(name: string, kind: 'count' | 'retried'): number {
    return this.rows().find(({ code }) => code === name)?.[kind] ?? 0;
  }

  rows(): ErrorCount[] {
    const byName = new Map<string, ErrorCount>();
    for (const tally of [...this.#byThread.values()].flat()) {
      const { code, givenUp, retried, firstMs, lastMs } = tally;
      const name = errorName(code);
      const known = byName.get(name);
      if (known === undefined) byName.set(name, { code: name, count: givenUp, retried, firstMs, lastMs });
      else {
        known.count += givenUp;
        known.retried += retried;
        known.firstMs = Math.min(known.firstMs, firstMs);
        known.lastMs = Math.max(known.lastMs, lastMs);
      }
    }
    return [...byName.values()];
  }
}
