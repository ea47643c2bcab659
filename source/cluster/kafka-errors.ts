/** Kafka's error codes in words, and which of them are worth another try. */
import { errorName } from '../protocol/error-names.ts';

export const kafkaError = {
  none: 0,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  replicaNotAvailable: 9,
  networkException: 13,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopic: 17,
  illegalGeneration: 22,
  unknownMemberId: 25,
  rebalanceInProgress: 27,
  topicAuthorizationFailed: 29,
  groupAuthorizationFailed: 30,
  clusterAuthorizationFailed: 31,
  topicAlreadyExists: 36,
  invalidPartitions: 37,
  invalidReplicationFactor: 38,
  notController: 41,
  nonEmptyGroup: 68,
  groupIdNotFound: 69,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  offsetNotAvailable: 78,
  unstableOffsetCommit: 88,
  throttlingQuotaExceeded: 89,
} as const;

const passing: ReadonlySet<number> = new Set([
  kafkaError.unknownTopicOrPartition,
  kafkaError.leaderNotAvailable,
  kafkaError.notLeaderOrFollower,
  kafkaError.requestTimedOut,
  kafkaError.replicaNotAvailable,
  kafkaError.networkException,
  kafkaError.coordinatorLoadInProgress,
  kafkaError.coordinatorNotAvailable,
  kafkaError.notCoordinator,
  kafkaError.notController,
  kafkaError.fencedLeaderEpoch,
  kafkaError.unknownLeaderEpoch,
  kafkaError.offsetNotAvailable,
  kafkaError.unstableOffsetCommit,
  kafkaError.throttlingQuotaExceeded,
]);

/** True for errors that pass by themselves: elections, a coordinator that is still loading, a busy controller. */
export function isPassing(code: number): boolean {
  return passing.has(code);
}

export function isUnauthorised(code: number): boolean {
  return (
    code === kafkaError.topicAuthorizationFailed ||
    code === kafkaError.groupAuthorizationFailed ||
    code === kafkaError.clusterAuthorizationFailed
  );
}

/** Kafka's name for a code, and what the broker says besides: `INVALID_PARTITIONS (37): there are 6 already`. */
export function kafkaErrorText(code: number, brokerMessage?: string | null | undefined): string {
  // Only what brokers answered comes here: their -1 is not a lost connection.
  const name = `${code === -1 ? 'UNKNOWN_SERVER_ERROR' : errorName(code)} (${code})`;
  return brokerMessage === undefined || brokerMessage === null || brokerMessage === ''
    ? name
    : `${name}: ${brokerMessage}`;
}
