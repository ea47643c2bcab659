/** What we may do with a topic or a group, as the broker tells it without our doing it (KIP-430). */
import { metadataWithRightsApi } from '../clients/wire/metadata.ts';
import { describeGroupRightsApi, type GroupAnswer } from './group-apis.ts';
import { isPassing, kafkaError, kafkaErrorText } from './kafka-errors.ts';
import { type Attempt, again, done, retrying } from './retry.ts';
import type { Roster } from './roster.ts';

export type Rights =
  /** Not even looked at. `reason`: as the broker says it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** There is no such topic. */
  | { readonly kind: 'absent' }
  /** null: the broker does not tell. */
  | { readonly kind: 'seen'; readonly mayRead: boolean | null; readonly mayWrite: boolean | null };

/** Kafka's AclOperation, which are the numbers of bits. */
const read = 3;
const write = 4;

export async function topicRights(roster: Roster, name: string): Promise<Rights> {
  return await retrying<Rights>(roster.policy, `look at topic ${name}`, async () => {
    const answer = await roster.any(metadataWithRightsApi, [name]);
    const topic = answer.topics.find((each) => each.name === name);
    if (topic === undefined || topic.errorCode === kafkaError.unknownTopicOrPartition) return done({ kind: 'absent' });
    if (topic.errorCode === kafkaError.none) return done(seen(topic.operations));
    if (isPassing(topic.errorCode)) return again(kafkaErrorText(topic.errorCode));
    return done({ kind: 'refused', reason: kafkaErrorText(topic.errorCode) });
  });
}

export async function groupRights(roster: Roster, group: string): Promise<Rights> {
  const what = `look at group ${group}`;
  const judge = (found: GroupAnswer | null): Attempt<Rights> => {
    if (found === null || found.errorCode === kafkaError.none) return done(seen(found?.operations ?? null));
    if (isPassing(found.errorCode)) return again(kafkaErrorText(found.errorCode));
    return done({ kind: 'refused', reason: kafkaErrorText(found.errorCode) });
  };
  const rights = await roster.atCoordinator(group, what, describeGroupRightsApi, group, judge);
  return rights ?? { kind: 'refused', reason: kafkaErrorText(kafkaError.groupAuthorizationFailed) };
}

function seen(operations: number | null): Rights {
  const may = (operation: number): boolean | null =>
    operations === null ? null : (operations & (1 << operation)) !== 0;
  return { kind: 'seen', mayRead: may(read), mayWrite: may(write) };
}
