/** Who uses a topic that was there before us: records in it, and groups that hold offsets on it. */
import { LoadtuiError } from '../errors.ts';
import { BrokerUnavailable } from './broker-unavailable.ts';
import { type FetchedOffsets, offsetFetchApi, unnamedGroup } from './group-apis.ts';
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
  const topics = [{ name, partitions: partitions.map(({ partition }) => partition) }];
  const answers = await roster.link(brokerId).call(offsetFetchApi, { groups, topics });
  const first = answers.get(unnamedGroup);
  if (first === undefined) {
    for (const [group, answer] of answers) judge(group, answer, search);
    return;
  }
  // An older broker takes one group a request.
  const [group = unnamedGroup, ...others] = groups;
  judge(group, first, search);
  for (const each of others) await searchGroups(roster, brokerId, partitions, [each], search);
}

function judge(group: string, { errorCode, offsets }: FetchedOffsets, search: Search): void {
  if (isUnauthorised(errorCode)) search.incomplete = true;
  if (errorCode !== kafkaError.none) return;
  if (offsets.some(({ offset }) => offset >= 0)) search.found.add(group);
}
