/** Consumer groups: offsets committed and read without joining, live members, listing and removal. */
import { byTopic } from '../clients/by-topic.ts';
import { type PartitionPlaces, placesOf } from '../clients/partition-places.ts';
import { LoadtuiError } from '../errors.ts';
import {
  type CommitTopic,
  deleteGroupsApi,
  describeConsumerGroupsApi,
  describeGroupsApi,
  type FetchedOffset,
  type GroupMember,
  listGroupsApi,
  offsetCommitApi,
  offsetFetchApi,
} from './group-apis.ts';
import { isPassing, isUnauthorised, kafkaError, kafkaErrorText } from './kafka-errors.ts';
import { again, done, retrying } from './retry.ts';
import type { Roster } from './roster.ts';
import type { PartitionTable } from './types.ts';

/** A commit is one record a partition in one batch of the offsets topic, which takes about a megabyte. */
const maxPartitionsPerCommit = 2_000;

/** Rejects with GROUP_BUSY, naming members, when anybody has joined the group. Without the right to look it passes. */
export async function checkGroup(roster: Roster, group: string): Promise<void> {
  const classic = await roster.atCoordinator(group, `look at group ${group}`, describeGroupsApi, group, (found) => {
    if (found !== null && isPassing(found.errorCode)) return again(kafkaErrorText(found.errorCode));
    return done(found?.members ?? []);
  });
  const members = classic === null || classic.length > 0 ? classic : await newerMembers(roster, group);
  if (members === null || members.length === 0) return;
  throw groupBusy(group, members);
}

/** Members of a group of the newer protocol, which the classic request does not see. */
async function newerMembers(roster: Roster, group: string): Promise<readonly GroupMember[] | null> {
  const [broker] = roster.brokers;
  const known = broker !== undefined && (await roster.link(broker.id).knows(describeConsumerGroupsApi));
  if (!known) return [];
  const what = `look at group ${group}`;
  return await roster.atCoordinator(group, what, describeConsumerGroupsApi, group, (found) => {
    if (found !== null && isPassing(found.errorCode)) return again(kafkaErrorText(found.errorCode));
    return done(found?.errorCode === kafkaError.none ? found.members : []);
  });
}

function groupBusy(group: string, members: readonly GroupMember[]): LoadtuiError {
  const shown = members
    .slice(0, 3)
    .map(({ clientId, clientHost }) => `${clientId} at ${clientHost.replace(/^\//, '')}`);
  const more = members.length > shown.length ? ` and ${members.length - shown.length} more` : '';
  const names = shown.length === 0 ? '' : `: ${shown.join(', ')}${more}`;
  return new LoadtuiError(`Group ${group} is in use by live members${names}`, {
    code: 'GROUP_BUSY',
    fault: 'cluster',
    next: 'Stop them, or name another group with --group (without it loadtui makes its own).',
  });
}

/**
 * Commits positions (by partition index) for a group without joining it. Answers false without the right to.
 * Rejects with GROUP_BUSY when the group has members, whose offsets these are.
 */
export async function commit(
  roster: Roster,
  group: string,
  partitions: PartitionTable,
  positions: ReadonlyMap<number, number>,
): Promise<boolean> {
  const all = [...positions];
  for (let start = 0; start < all.length; start += maxPartitionsPerCommit) {
    const topics = commitTopics(partitions, all.slice(start, start + maxPartitionsPerCommit));
    if (!(await commitSome(roster, group, topics))) return false;
  }
  return true;
}

async function commitSome(roster: Roster, group: string, topics: readonly CommitTopic[]): Promise<boolean> {
  const what = `commit offsets for group ${group}`;
  const allowed = await roster.atCoordinator(group, what, offsetCommitApi, { group, topics }, (answers) => {
    for (const { topic, partition, errorCode } of answers) {
      if (errorCode === kafkaError.none) continue;
      if (isPassing(errorCode)) return again(kafkaErrorText(errorCode));
      if (isUnauthorised(errorCode)) return done(false);
      if (isMembersOnly(errorCode)) throw groupBusy(group, []);
      throw protocolError(`commit an offset of ${topic}-${partition} for group ${group}`, errorCode);
    }
    return done(true);
  });
  return allowed ?? false;
}

/** The coordinator takes commits from members only: somebody has joined. */
function isMembersOnly(code: number): boolean {
  return (
    code === kafkaError.unknownMemberId ||
    code === kafkaError.illegalGeneration ||
    code === kafkaError.rebalanceInProgress
  );
}

function commitTopics(partitions: PartitionTable, positions: readonly (readonly [number, number])[]): CommitTopic[] {
  const named = positions.flatMap(([index, position]) => {
    const at = partitions[index];
    return at === undefined ? [] : [{ ...at, position }];
  });
  return byTopic(named, ({ partition, position }) => ({
    partition,
    offset: position,
    // When that was: whoever looks in from elsewhere sees by it that a run is going.
    metadata: String(Date.now()),
  }));
}

/** Committed offsets by partition index; partitions without one are absent. Empty without the right to read them. */
export async function committed(
  roster: Roster,
  group: string,
  partitions: PartitionTable,
): Promise<ReadonlyMap<number, number>> {
  return collectOffsets(await fetchOffsets(roster, group, partitions), placesOf(partitions));
}

/** When loadtui last committed an offset for a group, by its own clock, Unix ms; null: it is not known to have. */
export async function lastCommitMs(roster: Roster, group: string, partitions: PartitionTable): Promise<number | null> {
  const offsets = await fetchOffsets(roster, group, partitions);
  const times = offsets.map(({ metadata }) => Number(metadata ?? ''));
  const last = Math.max(0, ...times.filter((time) => Number.isFinite(time)));
  return last > 0 ? last : null;
}

async function fetchOffsets(
  roster: Roster,
  group: string,
  partitions: PartitionTable,
): Promise<readonly FetchedOffset[]> {
  const question = { groups: [group], topics: byTopic(partitions, ({ partition }) => partition) };
  const what = `read the offsets of group ${group}`;
  const offsets = await roster.atCoordinator(group, what, offsetFetchApi, question, (answers) => {
    const [answer] = answers.values();
    if (answer === undefined) return done([]);
    if (isPassing(answer.errorCode)) return again(kafkaErrorText(answer.errorCode));
    if (isUnauthorised(answer.errorCode)) return done([]);
    if (answer.errorCode !== kafkaError.none && answer.errorCode !== kafkaError.groupIdNotFound) {
      throw protocolError(what, answer.errorCode);
    }
    return done(answer.offsets);
  });
  return offsets ?? [];
}

function collectOffsets(fetched: readonly FetchedOffset[], places: PartitionPlaces): Map<number, number> {
  const offsets = new Map<number, number>();
  for (const { topic, partition, offset, errorCode } of fetched) {
    const index = places.get(topic)?.[partition];
    if (index !== undefined && errorCode === kafkaError.none && offset >= 0) offsets.set(index, offset);
  }
  return offsets;
}

/** A group that is already gone counts as removed; without the right to remove one it stays and the call rejects. */
export async function removeGroups(roster: Roster, groups: readonly string[]): Promise<void> {
  for (const group of groups) {
    await roster.atCoordinator(group, `delete group ${group}`, deleteGroupsApi, [group], (codes) => {
      const [code = kafkaError.none] = codes;
      if (code === kafkaError.none || code === kafkaError.groupIdNotFound) return done(undefined);
      if (isPassing(code)) return again(kafkaErrorText(code));
      if (code === kafkaError.nonEmptyGroup) throw groupBusy(group, []);
      throw protocolError(`delete group ${group}`, code);
    });
  }
}

export async function allGroups(roster: Roster): Promise<readonly string[]> {
  const lists = await Promise.all(roster.brokers.map(({ id }) => groupsAt(roster, id)));
  return [...new Set(lists.flat())].sort();
}

/** Groups that this broker coordinates. */
export async function groupsAt(roster: Roster, brokerId: number): Promise<readonly string[]> {
  return await retrying(roster.policy, 'list consumer groups', async () => {
    const { errorCode, groups } = await roster.link(brokerId).call(listGroupsApi, null);
    if (errorCode === kafkaError.coordinatorLoadInProgress) return again(kafkaErrorText(errorCode));
    if (errorCode !== kafkaError.none && errorCode !== kafkaError.coordinatorNotAvailable) {
      throw protocolError('list consumer groups', errorCode);
    }
    return done(groups);
  });
}

function protocolError(what: string, code: number): LoadtuiError {
  return new LoadtuiError(`Cannot ${what}: ${kafkaErrorText(code)}`, {
    code: 'PROTOCOL',
    fault: 'cluster',
    next: isUnauthorised(code) ? 'Ask for the right to do so.' : 'The broker’s log may say more.',
  });
}
