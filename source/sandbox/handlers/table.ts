import { type ApiName, apiVersionRanges } from '../protocol/api-versions.ts';
import { apiVersions } from './api-versions.ts';
import { describeCluster, describeConfigs } from './describe.ts';
import { fetch } from './fetch.ts';
import { findCoordinator } from './find-coordinator.ts';
import { deleteGroups, describeGroups, listGroups } from './group-admin.ts';
import { heartbeat, joinGroup, leaveGroup, syncGroup } from './group-membership.ts';
import { offsetCommit, offsetFetch } from './group-offsets.ts';
import type { Handler } from './handler.ts';
import { offsetForLeaderEpoch } from './leader-epochs.ts';
import { listOffsets } from './list-offsets.ts';
import { metadata } from './metadata.ts';
import { produce } from './produce.ts';
import { initProducerId } from './producer-id.ts';
import { saslAuthenticate, saslHandshake } from './sasl.ts';
import { createPartitions, createTopics, deleteTopics } from './topic-admin.ts';

/** Who answers what: one entry for each request of the versions table. */
export const handlers: Readonly<Record<ApiName, Handler>> = {
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  initProducerId,
  offsetForLeaderEpoch,
  describeConfigs,
  saslAuthenticate,
  createPartitions,
  deleteGroups,
  describeCluster,
};

/** Requests that have no place for the injected error. */
const withoutForcedError: readonly ApiName[] = [
  'apiVersions',
  'listGroups',
  'offsetForLeaderEpoch',
  'saslHandshake',
  'saslAuthenticate',
];

export function takesForcedError(key: number): boolean {
  return apiVersionRanges.some((range) => range.key === key && !withoutForcedError.includes(range.name));
}
