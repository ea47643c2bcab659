/** Trying again with back-off until a deadline: the low-level calls to a broker never do so themselves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../clients/wire/backoff.ts';
import { LoadtuiError } from '../errors.ts';
import { BrokerUnavailable } from './broker-unavailable.ts';

export interface RetryPolicy {
  /** From the first try, or the last that got further, to the last answer. */
  readonly withinMs: number;
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** Ends the waiting when the cluster is closed. */
  readonly signal: AbortSignal;
}

export interface Again {
  readonly kind: 'again';
  readonly because: string;
  /** Part of the work is done: the time begins anew. */
  readonly gotFurther: boolean;
}

/** What came of one try: a value, or the reason to try again. */
export type Attempt<T> = { readonly kind: 'done'; readonly value: T } | Again;

export function done<T>(value: T): Attempt<T> {
  return { kind: 'done', value };
}

export function again(because: string, gotFurther = false): Again {
  return { kind: 'again', because, gotFurther };
}

/**
 * Calls `attempt` until it is done, or the time is up and it gets no further. A broker that cannot be reached counts as a
 * reason to try again; every other rejection passes through. Rejects with CANNOT_REACH or PROTOCOL naming `what` and the last reason.
 */
export async function retrying<T>(
  policy: RetryPolicy,
  what: string,
  attempt: (attempt: number) => Promise<Attempt<T>>,
): Promise<T> {
  const startMs = performance.now();
  let sinceMs = startMs;
  let triesSince = 0;
  for (let tries = 1; ; tries++) {
    let because: string;
    let unreachable = false;
    try {
      const outcome = await attempt(tries);
      if (outcome.kind === 'done') return outcome.value;
      because = outcome.because;
      if (outcome.gotFurther) {
        sinceMs = performance.now();
        triesSince = 0;
      }
    } catch (error) {
      if (!(error instanceof BrokerUnavailable)) throw error;
      because = error.message;
      unreachable = true;
    }
    const waitMs = backoffMs(triesSince++, policy.backoffMs, policy.backoffMaxMs);
    const nowMs = performance.now();
    if (policy.signal.aborted || nowMs - sinceMs + waitMs > policy.withinMs) {
      throw new LoadtuiError(`Cannot ${what}: ${because}`, {
        code: unreachable ? 'CANNOT_REACH' : 'PROTOCOL',
        fault: 'cluster',
        next: unreachable
          ? 'Check that the broker is up and that this machine reaches its advertised address.'
          : `Tried ${tries} times in ${((nowMs - startMs) / 1000).toFixed(1)} s. Look at the brokers' logs, then try again.`,
      });
    }
    try {
      await sleep(waitMs, undefined, { signal: policy.signal });
    } catch (error) {
      throw new LoadtuiError(`Cannot ${what}: the connection to the cluster was closed meanwhile`, {
        code: 'PROTOCOL',
        fault: 'cluster',
        cause: error,
      });
    }
  }
}
