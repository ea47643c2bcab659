import type { BrokerState } from '../context.ts';
import { errorCode } from '../protocol/error-codes.ts';
import type { Partition } from '../topics.ts';

/**
 * Whether this broker may serve the partition to somebody who believes in `leaderEpoch` (−1: says nothing).
 * An older epoch is fenced, one from the future is unknown.
 */
export function checkLeadership(broker: BrokerState, partition: Partition | undefined, leaderEpoch: number): number {
  if (partition === undefined || partition.deleted) return errorCode.unknownTopicOrPartition;
  if (leaderEpoch >= 0 && leaderEpoch < partition.leaderEpoch) return errorCode.fencedLeaderEpoch;
  if (leaderEpoch > partition.leaderEpoch) return errorCode.unknownLeaderEpoch;
  if (partition.leaderId !== broker.id) return errorCode.notLeaderOrFollower;
  return errorCode.none;
}
