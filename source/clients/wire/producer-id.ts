/** Asks a broker for a producer id, with which it recognises batches that come twice. */
import { type Connection, initProducerIdV3, initProducerIdV4, ResponseError } from '@platformatic/kafka';
import { LoadtuiError, messageOf } from '../../errors.ts';
import { backoffMs } from './backoff.ts';
import type { ProducerState } from './batch.ts';
import type { ApiVersions, ControlLink } from './control-link.ts';

const initProducerIdKey = 22;
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
    try {
      const answer = await options.link.call(ask);
      return {
        idHigh: Number(answer.producerId >> 32n),
        idLow: Number(answer.producerId & 0xffffffffn),
        epoch: answer.producerEpoch,
      };
    } catch (error) {
      const hopeless = error instanceof ResponseError && !error.errors.some(canRetry);
      if (!(error instanceof ResponseError)) options.link.drop();
      const pauseMs = backoffMs(attempt, options.retryBackoffMs, options.retryBackoffMaxMs);
      if (hopeless || options.cancelled() || performance.now() + pauseMs > deadlineMs) {
        throw new LoadtuiError(`No producer id: ${reasonOf(error)}.`, {
          code: 'PROTOCOL',
          fault: 'cluster',
          next: 'Idempotent producing needs the right IDEMPOTENT_WRITE on the cluster; it is off with -X enable.idempotence=false.',
          cause: error,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function ask(connection: Connection, versions: ApiVersions) {
  const api = (versions.get(initProducerIdKey) ?? 0) >= 4 ? initProducerIdV4.api : initProducerIdV3.api;
  return api.async(connection, null, transactionTimeoutMs, -1n, -1);
}

function canRetry(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'canRetry' in error && error.canRetry === true;
}

function reasonOf(error: unknown): string {
  return error instanceof ResponseError ? error.errors.map(messageOf).join('; ') : messageOf(error);
}
