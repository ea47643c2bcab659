/** Asks a broker for a producer id, with which it recognises batches that come twice. */
import { LoadtuiError, messageOf } from '../../errors.ts';
import { errorName, isRetriable } from '../../protocol/error-names.ts';
import { backoffMs } from './backoff.ts';
import type { ProducerState } from './batch.ts';
import { initProducerIdApi } from './control-apis.ts';
import type { ControlLink } from './control-link.ts';

/** Without a transactional id the broker does not look at it. */
const transactionTimeoutMs = 60_000;

export interface ProducerIdOptions {
  readonly link: ControlLink;
  /** How long to go on trying. */
  readonly timeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  /** Stop trying. */
  readonly cancelled: () => boolean;
}

/**
 * A new producer id. A fresh broker answers "coordinator not available" (15) and "load in progress" (14) for a while:
 * these, and broken connections, are tried again. Rejects with PROTOCOL when the time is over or trying does not help.
 */
export async function requestProducerId(options: ProducerIdOptions): Promise<ProducerState> {
  const deadlineMs = performance.now() + options.timeoutMs;
  for (let attempt = 0; ; attempt++) {
    const outcome = await askOnce(options.link);
    if ('state' in outcome) return outcome.state;
    const pauseMs = backoffMs(attempt, options.retryBackoffMs, options.retryBackoffMaxMs);
    if (outcome.hopeless || options.cancelled() || performance.now() + pauseMs > deadlineMs) {
      throw new LoadtuiError(`No producer id: ${outcome.reason}.`, {
        code: 'PROTOCOL',
        fault: 'cluster',
        next: 'Idempotent producing needs the right IDEMPOTENT_WRITE on the cluster; it is off with -X enable.idempotence=false.',
        cause: outcome.cause,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

type Outcome =
  | { readonly state: ProducerState }
  | { readonly reason: string; readonly hopeless: boolean; readonly cause?: unknown };

async function askOnce(link: ControlLink): Promise<Outcome> {
  try {
    const { errorCode, state } = await link.ask(initProducerIdApi, { transactionTimeoutMs });
    if (errorCode === 0) return { state };
    return { reason: `${errorName(errorCode)} (${errorCode})`, hopeless: !isRetriable(errorCode) };
  } catch (cause) {
    link.drop();
    return { reason: messageOf(cause), hopeless: false, cause };
  }
}
