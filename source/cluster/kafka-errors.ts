/** Kafka's error codes in words, and which of them are worth another try. */
import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka';

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

/** The request went to a broker that is no longer (or not yet) the group's coordinator. */
export function isCoordinatorMoved(code: number): boolean {
  return (
    code === kafkaError.coordinatorLoadInProgress ||
    code === kafkaError.coordinatorNotAvailable ||
    code === kafkaError.notCoordinator
  );
}

export function isUnauthorised(code: number): boolean {
  return (
    code === kafkaError.topicAuthorizationFailed ||
    code === kafkaError.groupAuthorizationFailed ||
    code === kafkaError.clusterAuthorizationFailed
  );
}

/** Kafka's name and sentence for a code, e.g. `NOT_CONTROLLER (41): This is not the correct controller.` */
export function kafkaErrorText(code: number, brokerMessage?: string | null | undefined): string {
  const id = protocolErrorsCodesById[code];
  const known = id === undefined ? undefined : protocolErrors[id];
  const words = brokerMessage ?? known?.message;
  const name = `${known?.id ?? 'error'} (${code})`;
  return words === undefined || words === '' ? name : `${name}: ${words}`;
}
