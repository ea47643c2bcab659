/**
 * Which of loadtui's topics belong to runs that are going: on this machine by their journals, anywhere by their commits and
 * by what comes in.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { madeRunId } from '../cluster/made-topic.ts';
import type { Cluster, PartitionTable, TopicInfo } from '../cluster/types.ts';
import { runsGoing } from '../output/history.ts';

/** Between two looks at the logs: time for a run of a few messages a second to show. */
const growWithinMs = 2_000;
/** A run that consumes commits at least every ten seconds, paused or not; clocks of two machines differ a little. */
const committedWithinMs = 30_000;

type Asked = Pick<Cluster, 'describeTopic' | 'lastCommitMs' | 'listTopics' | 'offsets'>;

/** Topics, of `made`, of runs that are going. All topics of a run are, where one is. */
export async function goingTopics(
  cluster: Asked,
  made: readonly string[],
  historyFolder: string,
  waitMs = growWithinMs,
): Promise<readonly string[]> {
  if (made.length === 0) return [];
  const going = new Set(await runsGoing(historyFolder));
  const quiet = made.filter((name) => !going.has(madeRunId(name)));
  const described = await Promise.all(quiet.map((name) => cluster.describeTopic(name)));
  const table = described.flatMap((info) => (info === null ? [] : partitionsOf(info)));
  for (const [id, partitions] of Map.groupBy(table, ({ topic }) => madeRunId(topic))) {
    const committedMs = await cluster.lastCommitMs(`loadtui-${id}`, partitions);
    if (committedMs !== null && Date.now() - committedMs < committedWithinMs) going.add(id);
  }
  const silent = table.filter(({ topic }) => !going.has(madeRunId(topic)));
  for (const name of await growing(cluster, silent, waitMs)) going.add(madeRunId(name));
  return made.filter((name) => going.has(madeRunId(name)));
}

function partitionsOf({ name, partitions }: TopicInfo): PartitionTable {
  return Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }));
}

/** Topics that get records within `waitMs`. One that is removed meanwhile does not count: its run is over. */
async function growing(cluster: Asked, table: PartitionTable, waitMs: number): Promise<ReadonlySet<string>> {
  if (table.length === 0) return new Set();
  const before = await logEnds(cluster, table);
  await sleep(waitMs);
  const there = new Set(await cluster.listTopics());
  const left = table.filter(({ topic }) => there.has(topic));
  const after = await logEnds(cluster, left);
  const grown = left.filter((place) => (after.get(keyOf(place)) ?? 0) > (before.get(keyOf(place)) ?? 0));
  return new Set(grown.map(({ topic }) => topic));
}

async function logEnds(cluster: Asked, table: PartitionTable): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  for (const { partitionIndex, logEndOffset } of await cluster.offsets(table, [...table.keys()])) {
    const place = table[partitionIndex];
    if (place !== undefined) ends.set(keyOf(place), logEndOffset);
  }
  return ends;
}

function keyOf({ topic, partition }: PartitionTable[number]): string {
  return `${topic}/${partition}`;
}
