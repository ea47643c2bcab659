/** Who uses a topic that was there before us: records in it, and groups that hold offsets on it. */
import { LoadtuiError } from '../errors.ts';
import { offsetFetch } from './apis.ts';
import { BrokerUnavailable } from './broker-unavailable.ts';
import { groupsAt } from './groups.ts';
import { isUnauthorised, kafkaError } from './kafka-errors.ts';
import { bothOffsets, chunks } from './offsets.ts';
import type { Roster } from './roster.ts';
import type { PartitionTable, TopicUse } from './types.ts';

/** Offsets asked for in one request: groups × partitions. */
const maxOffsetsPerRequest = 20_000;

interface Search {
  readonly ownGroup: string;
  readonly found: Set<string>;
  incomplete: boolean;
  /** Set when the time is up: what is under way is left alone. */
  over: boolean;
}

export async function topicUse(
  roster: Roster,
  partitions: PartitionTable,
  ownGroup: string,
  timeoutMs: number,
): Promise<TopicUse> {
  const search: Search = { ownGroup, found: new Set(), incomplete: false, over: false };
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<'time-up'>((resolve) => {
    timer = setTimeout(() => resolve('time-up'), timeoutMs);
  });
  const looking = Promise.all(roster.brokers.map(({ id }) => searchBroker(roster, id, partitions, search)));
  const [offsets, ended] = await Promise.all([
    bothOffsets(
      roster,
      partitions,
      partitions.map((_, index) => index),
    ),
    Promise.race([looking, timeUp]),
  ]).finally(() => clearTimeout(timer));
  search.over = true;
  return {
    records: offsets.reduce((sum, { logStartOffset, logEndOffset }) => sum + logEndOffset - logStartOffset, 0),
    foreignGroups: [...search.found].sort(),
    incomplete: search.incomplete || ended === 'time-up',
  };
}

/** Looks through the groups that one broker coordinates, so that nobody needs to be asked who does. Never rejects. */
async function searchBroker(
  roster: Roster,
  brokerId: number,
  partitions: PartitionTable,
  search: Search,
): Promise<void> {
  try {
    const groups = (await groupsAt(roster, brokerId)).filter((group) => group !== search.ownGroup);
    const perRequest = Math.max(1, Math.floor(maxOffsetsPerRequest / Math.max(1, partitions.length)));
    for (const chunk of chunks(groups, perRequest)) {
      if (search.over) return;
      await searchGroups(roster, brokerId, partitions, chunk, search);
    }
  } catch (error) {
    if (!(error instanceof BrokerUnavailable) && !(error instanceof LoadtuiError)) throw error;
    search.incomplete = true;
  }
}

async function searchGroups(
  roster: Roster,
  brokerId: number,
  partitions: PartitionTable,
  groups: readonly string[],
  search: Search,
): Promise<void> {
  const name = partitions[0]?.topic;
  if (name === undefined) return;
  const topics = [{ name, partitionIndexes: partitions.map(({ partition }) => partition) }];
  const requests = groups.map((groupId) => ({ groupId, memberId: null, memberEpoch: -1, topics }));
  const answer = await roster.link(brokerId).call(offsetFetch, requests, false);
  // An older broker takes one group a request and answers without its name.
  if (answer.groups === undefined || answer.groups.length === 0) {
    const [group] = groups;
    if (groups.length > 1) {
      for (const each of groups) await searchGroups(roster, brokerId, partitions, [each], search);
    } else if (group !== undefined) {
      judge(group, answer.errorCode ?? 0, answer.topics ?? [], search);
    }
    return;
  }
  for (const { groupId, errorCode, topics: answered } of answer.groups) judge(groupId, errorCode, answered, search);
}

function judge(
  group: string,
  errorCode: number,
  topics: readonly { readonly partitions: readonly { readonly committedOffset: bigint }[] }[],
  search: Search,
): void {
  if (isUnauthorised(errorCode)) search.incomplete = true;
  if (errorCode !== kafkaError.none) return;
  const holds = topics.some(({ partitions }) => partitions.some(({ committedOffset }) => committedOffset >= 0n));
  if (holds) search.found.add(group);
}
