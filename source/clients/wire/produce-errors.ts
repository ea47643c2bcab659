/** What a Produce error code asks of us. */
import { isRetriable } from '../../protocol/error-names.ts';

const produceErrors = {
  none: 0,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  storage: 56,
  unknownProducerId: 59,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
} as const;

/** Codes of our own, in `BatchResult.errorCode`. */
export const connectionBroke = -1;
export const timedOut = -2;
/** Given up while it waited to be written. */
export const neverSent = -3;
/** Kafka's code, and ours for a batch that an answer leaves out: nobody knows what became of it. */
export const unknownServerError = -1;

const staleLeader: ReadonlySet<number> = new Set([
  produceErrors.unknownTopicOrPartition,
  produceErrors.leaderNotAvailable,
  produceErrors.notLeader,
  produceErrors.storage,
  produceErrors.fencedLeaderEpoch,
  produceErrors.unknownLeaderEpoch,
]);

const brokenSequence: ReadonlySet<number> = new Set([
  produceErrors.outOfOrderSequence,
  produceErrors.invalidProducerEpoch,
  produceErrors.unknownProducerId,
]);

const requestTimedOut = 7;
const notEnoughReplicasAfterAppend = 20;

/** Whether the broker may have the batch although it answers with an error. */
export function leavesDoubt(errorCode: number): boolean {
  return (
    errorCode === requestTimedOut || errorCode === notEnoughReplicasAfterAppend || errorCode === unknownServerError
  );
}

/**
 * - acked: appended, now or by an earlier attempt
 * - sequence: the broker expects another sequence or producer epoch; only of idempotent batches
 * - refresh: ask who leads, then try again
 * - retry: try again later
 * - fail: trying again would not help
 */
export type Verdict = 'acked' | 'sequence' | 'refresh' | 'retry' | 'fail';

export function verdictOn(errorCode: number, idempotent: boolean): Verdict {
  if (errorCode === produceErrors.none || errorCode === produceErrors.duplicateSequence) return 'acked';
  if (idempotent && brokenSequence.has(errorCode)) return 'sequence';
  if (staleLeader.has(errorCode)) return 'refresh';
  return isRetriable(errorCode) ? 'retry' : 'fail';
}
