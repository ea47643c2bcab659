/** Consumer groups: offsets committed and read without joining, live members, listing and removal. */
import { byTopic } from '../clients/by-topic.ts';
import { type PartitionPlaces, placesOf } from '../clients/partition-places.ts';
import { LoadtuiError } from '../errors.ts';
import {
  type CommitTopic,
  deleteGroups,
  describeConsumerGroups,
  describeGroups,
  type FetchedOffsets,
  type GroupMember,
  listGroups,
  offsetCommit,
  offsetFetch,
} from './apis.ts';
import { isPassing, isUnauthorised, kafkaError, kafkaErrorText } from './kafka-errors.ts';
import { again, done, retrying } from './retry.ts';
import type { Roster } from './roster.ts';
import type { PartitionTable } from './types.ts';

/** A commit is one record a partition in one batch of the offsets topic, which takes about a megabyte. */
const maxPartitionsPerCommit = 2_000;
/** Generation and member id of a commit from outside the group. */
const noGeneration = -1;
const noMember = '';

/** Rejects with GROUP_BUSY, naming members, when anybody has joined the group. Without the right to look it passes. */
export async function checkGroup(roster: Roster, group: string): Promise<void> {
  const classic = await roster.atCoordinator(
    group,
    `look at group ${group}`,
    describeGroups,
    [[group], false],
    (answer) => {
      const found = answer.groups[0];
      if (found !== undefined && isPassing(found.errorCode)) return again(kafkaErrorText(found.errorCode));
      return done(found?.members ?? []);
    },
  );
  const members = classic === null || classic.length > 0 ? classic : await newerMembers(roster, group);
  if (members === null || members.length === 0) return;
  throw groupBusy(group, members);
}

/** Members of a group of the newer protocol, which the classic request does not see. */
async function newerMembers(roster: Roster, group: string): Promise<readonly GroupMember[] | null> {
  const [broker] = roster.brokers;
  const known = broker !== undefined && (await roster.link(broker.id).knows(describeConsumerGroups));
  if (!known) return [];
  const what = `look at group ${group}`;
  return await roster.atCoordinator(group, what, describeConsumerGroups, [[group], false], (answer) => {
    const found = answer.groups[0];
    if (found !== undefined && isPassing(found.errorCode)) return again(kafkaErrorText(found.errorCode));
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

async function commitSome(roster: Roster, group: string, topics: CommitTopic[]): Promise<boolean> {
  const allowed = await roster.atCoordinator(
    group,
    `commit offsets for group ${group}`,
    offsetCommit,
    [group, noGeneration, noMember, null, topics],
    (answer) => {
      for (const { name, partitions } of answer.topics) {
        for (const { errorCode, partitionIndex } of partitions) {
          if (errorCode === kafkaError.none) continue;
          if (isPassing(errorCode)) return again(kafkaErrorText(errorCode));
          if (isUnauthorised(errorCode)) return done(false);
          if (isMembersOnly(errorCode)) throw groupBusy(group, []);
          throw protocolError(`commit an offset of ${name}-${partitionIndex} for group ${group}`, errorCode);
        }
      }
      return done(true);
    },
  );
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
    partitionIndex: partition,
    committedOffset: BigInt(position),
    committedLeaderEpoch: -1,
    // When that was: whoever looks in from elsewhere sees by it that a run is going.
    committedMetadata: String(Date.now()),
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
  const topics = await fetchOffsets(roster, group, partitions);
  const times = topics.flatMap((topic) => topic.partitions.map(({ metadata }) => Number(metadata ?? '')));
  const last = Math.max(0, ...times.filter((time) => Number.isFinite(time)));
  return last > 0 ? last : null;
}

async function fetchOffsets(
  roster: Roster,
  group: string,
  partitions: PartitionTable,
): Promise<readonly FetchedOffsets[]> {
  const topics = byTopic(partitions, ({ partition }) => partition).map(({ name, partitions: partitionIndexes }) => ({
    name,
    partitionIndexes,
  }));
  const request = [{ groupId: group, memberId: null, memberEpoch: -1, topics }];
  const offsets = await roster.atCoordinator(
    group,
    `read the offsets of group ${group}`,
    offsetFetch,
    [request, false],
    (answer) => {
      const entry = answer.groups?.[0] ?? { errorCode: answer.errorCode ?? 0, topics: answer.topics ?? [] };
      if (isPassing(entry.errorCode)) return again(kafkaErrorText(entry.errorCode));
      if (isUnauthorised(entry.errorCode)) return done([]);
      if (entry.errorCode !== kafkaError.none && entry.errorCode !== kafkaError.groupIdNotFound) {
        throw protocolError(`read the offsets of group ${group}`, entry.errorCode);
      }
      return done(entry.topics);
    },
  );
  return offsets ?? [];
}

function collectOffsets(topics: readonly FetchedOffsets[], places: PartitionPlaces): Map<number, number> {
  const offsets = new Map<number, number>();
  for (const topic of topics) {
    for (const { partitionIndex, committedOffset, errorCode } of topic.partitions) {
      const index = places.get(topic.name)?.[partitionIndex];
      if (index !== undefined && errorCode === kafkaError.none && committedOffset >= 0n) {
        offsets.set(index, Number(committedOffset));
      }
    }
  }
  return offsets;
}

/** A group that is already gone counts as removed; without the right to remove one it stays and the call rejects. */
export async function removeGroups(roster: Roster, groups: readonly string[]): Promise<void> {
  for (const group of groups) {
    await roster.atCoordinator(group, `delete group ${group}`, deleteGroups, [[group]], (answer) => {
      const code = answer.results[0]?.errorCode ?? kafkaError.none;
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
    const { errorCode, groups } = await roster.link(brokerId).call(listGroups, [], []);
    if (errorCode === kafkaError.coordinatorLoadInProgress) return again(kafkaErrorText(errorCode));
    if (errorCode !== kafkaError.none && errorCode !== kafkaError.coordinatorNotAvailable) {
      throw protocolError('list consumer groups', errorCode);
    }
    return done(groups.map(({ groupId }) => groupId));
  });
}

function protocolError(what: string, code: number): LoadtuiError {
  return new LoadtuiError(`Cannot ${what}: ${kafkaErrorText(code)}`, {
    code: 'PROTOCOL',
    fault: 'cluster',
    next: isUnauthorised(code) ? 'Ask for the right to do so.' : 'The broker’s log may say more.',
  });
}
