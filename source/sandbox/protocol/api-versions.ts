/** Which requests the sandbox speaks, from which version to which, and from where on in the flexible encoding. */

export const apiKey = {
  produce: 0,
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  offsetCommit: 8,
  offsetFetch: 9,
  findCoordinator: 10,
  joinGroup: 11,
  heartbeat: 12,
  leaveGroup: 13,
  syncGroup: 14,
  describeGroups: 15,
  listGroups: 16,
  saslHandshake: 17,
  apiVersions: 18,
  createTopics: 19,
  deleteTopics: 20,
  initProducerId: 22,
  offsetForLeaderEpoch: 23,
  describeConfigs: 32,
  saslAuthenticate: 36,
  createPartitions: 37,
  deleteGroups: 42,
  describeCluster: 60,
} as const;

export type ApiName = keyof typeof apiKey;

export interface ApiVersionRange {
  readonly name: ApiName;
  readonly key: number;
  readonly min: number;
  readonly max: number;
  /** First version in the flexible encoding. */
  readonly firstFlexible: number;
}

function range(name: ApiName, min: number, max: number, firstFlexible: number): ApiVersionRange {
  return { name, key: apiKey[name], min, max, firstFlexible };
}

/**
 * Produce ends at 9 and Fetch at 12: later ones name topics by id, or ask for transactions of the second kind.
 * The others end where later versions add only what the sandbox has not (new group protocol, share groups, several directories).
 */
export const apiVersionRanges: readonly ApiVersionRange[] = [
  range('produce', 3, 9, 9),
  range('fetch', 4, 12, 12),
  range('listOffsets', 1, 7, 6),
  range('metadata', 0, 12, 9),
  range('offsetCommit', 2, 8, 8),
  range('offsetFetch', 1, 8, 6),
  range('findCoordinator', 0, 4, 3),
  range('joinGroup', 0, 9, 6),
  range('heartbeat', 0, 4, 4),
  range('leaveGroup', 0, 5, 4),
  range('syncGroup', 0, 5, 4),
  range('describeGroups', 0, 5, 5),
  range('listGroups', 0, 4, 3),
  range('saslHandshake', 0, 1, 2),
  range('apiVersions', 0, 4, 3),
  range('createTopics', 2, 7, 5),
  range('deleteTopics', 1, 6, 4),
  range('initProducerId', 0, 4, 2),
  range('offsetForLeaderEpoch', 2, 4, 4),
  range('describeConfigs', 1, 4, 4),
  range('saslAuthenticate', 0, 2, 2),
  range('createPartitions', 0, 3, 2),
  range('deleteGroups', 0, 2, 2),
  range('describeCluster', 0, 1, 0),
];

const rangeByKey = new Map(apiVersionRanges.map((each) => [each.key, each]));

/** undefined: the sandbox does not know this request. */
export function versionsOf(key: number): ApiVersionRange | undefined {
  return rangeByKey.get(key);
}
