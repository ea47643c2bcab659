/** A cluster that is nothing but what a test says of it; anything else that is asked of it fails the test. */
import type { Cluster } from '../../source/cluster/types.ts';

export function fakeCluster(answers: Partial<Cluster>): Cluster {
  const unexpected = (method: string) => () => Promise.reject(new Error(`nobody expected ${method}`));
  return {
    connect: unexpected('connect'),
    inspect: unexpected('inspect'),
    listTopics: unexpected('listTopics'),
    describeTopic: unexpected('describeTopic'),
    createTopics: unexpected('createTopics'),
    whyNotCreate: unexpected('whyNotCreate'),
    topicRights: unexpected('topicRights'),
    deleteTopics: unexpected('deleteTopics'),
    topicUse: unexpected('topicUse'),
    offsets: unexpected('offsets'),
    watchEndOffsets: () => {
      throw new Error('nobody expected watchEndOffsets');
    },
    checkGroup: unexpected('checkGroup'),
    groupRights: unexpected('groupRights'),
    commit: unexpected('commit'),
    committed: unexpected('committed'),
    lastCommitMs: unexpected('lastCommitMs'),
    deleteGroups: unexpected('deleteGroups'),
    listGroups: unexpected('listGroups'),
    ping: unexpected('ping'),
    close: async () => undefined,
    ...answers,
  };
}
