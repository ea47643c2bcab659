/** Log offsets of many partitions: one ListOffsets request a leader, leaders looked up again where they moved. */
import { byTopic } from '../clients/by-topic.ts';
import { placesOf } from '../clients/partition-places.ts';
import { listOffsetsApi } from '../clients/wire/control-apis.ts';
import { LoadtuiError } from '../errors.ts';
import { BrokerUnavailable } from './broker-unavailable.ts';
import { isPassing, isUnauthorised, kafkaError, kafkaErrorText } from './kafka-errors.ts';
import { again, done, retrying } from './retry.ts';
import type { Roster } from './roster.ts';
import type { PartitionOffsets, PartitionTable } from './types.ts';

/** Special timestamps of ListOffsets. The latest offset for a reader of uncommitted records is the high watermark. */
export const offsetSpec = { latest: -1, earliest: -2 } as const;
export type OffsetSpec = (typeof offsetSpec)[keyof typeof offsetSpec];

const noLeaderEpoch = -1;
const maxPartitionsPerRequest = 5_000;

/** First offset kept and high watermark of each partition asked for, in the order of `indexes`. */
export async function bothOffsets(
  roster: Roster,
  partitions: PartitionTable,
  indexes: readonly number[],
): Promise<readonly PartitionOffsets[]> {
  const [starts, ends] = await Promise.all([
    specOffsets(roster, partitions, indexes, offsetSpec.earliest),
    specOffsets(roster, partitions, indexes, offsetSpec.latest),
  ]);
  return indexes.map((partitionIndex) => ({
    partitionIndex,
    logStartOffset: starts.get(partitionIndex) ?? 0,
    logEndOffset: ends.get(partitionIndex) ?? 0,
  }));
}

/**
 * One kind of offset by partition index. Rejects when no further partition can be asked within the retry policy's time: a
 * broker that has been given thousands takes them up one by one, in more than the time of one request.
 */
export async function specOffsets(
  roster: Roster,
  partitions: PartitionTable,
  indexes: readonly number[],
  spec: OffsetSpec,
): Promise<ReadonlyMap<number, number>> {
  const offsets = new Map<number, number>();
  let left = indexes;
  return await retrying(roster.policy, 'read log offsets', async () => {
    const before = left.length;
    const asked = await askLeaders(roster, partitions, left, spec, offsets);
    left = asked.left;
    return left.length === 0 ? done(offsets) : again(asked.because, left.length < before);
  });
}

export interface Asked {
  /** Partitions that gave no offset yet. */
  readonly left: readonly number[];
  readonly because: string;
}

async function askLeaders(
  roster: Roster,
  partitions: PartitionTable,
  indexes: readonly number[],
  spec: OffsetSpec,
  offsets: Map<number, number>,
): Promise<Asked> {
  await knowLeaders(roster, partitions, indexes);
  const left: number[] = [];
  let because = '';
  const byLeader = groupByLeader(roster, partitions, indexes);
  const orphans = byLeader.get(nobody) ?? [];
  byLeader.delete(nobody);
  if (orphans.length > 0) {
    because = whyNoLeader(roster, partitions, orphans);
    left.push(...orphans);
  }
  await Promise.all(
    [...byLeader].flatMap(([leader, theirs]) =>
      chunks(theirs, maxPartitionsPerRequest).map(async (chunk) => {
        try {
          const missed = await askLeader(roster, leader, partitions, chunk, spec, offsets);
          left.push(...missed.left);
          if (missed.left.length > 0) because = missed.because;
        } catch (error) {
          if (!(error instanceof BrokerUnavailable)) throw error;
          because = error.message;
          left.push(...chunk);
        }
      }),
    ),
  );
  if (left.length > 0) roster.forgetLeaders(topicsOf(partitions, left));
  return { left, because };
}

/** One leader, once. Rejects with BrokerUnavailable where it does not answer. */
export async function askLeader(
  roster: Roster,
  leader: number,
  partitions: PartitionTable,
  indexes: readonly number[],
  spec: OffsetSpec,
  offsets: Map<number, number>,
): Promise<Asked> {
  const places = placesOf(partitions);
  const asked = indexes.map((index) => partitions[index]).filter((at) => at !== undefined);
  const topics = byTopic(asked, ({ partition }) => ({ partition, leaderEpoch: noLeaderEpoch }));
  const answers = await roster.link(leader).call(listOffsetsApi, { timestamp: spec, topics });
  const left: number[] = [];
  let because = '';
  for (const { topic, partition, errorCode, offset } of answers) {
    const index = places.get(topic)?.[partition];
    if (index === undefined) continue;
    if (errorCode === kafkaError.none) {
      offsets.set(index, offset);
    } else if (isPassing(errorCode)) {
      because = `${topic}-${partition}: ${kafkaErrorText(errorCode)}`;
      left.push(index);
    } else {
      throw cannotRead(`${topic}-${partition}`, errorCode);
    }
  }
  return { left, because };
}

/** Stands for a leader where there is none. */
export const nobody = -1;

/** Partition indexes by leader as last heard. */
export function groupByLeader(
  roster: Roster,
  partitions: PartitionTable,
  indexes: Iterable<number>,
): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const index of indexes) {
    const at = partitions[index];
    if (at === undefined) continue;
    const leader = roster.leadersOf(at.topic)?.[at.partition] ?? nobody;
    const theirs = groups.get(leader);
    if (theirs === undefined) groups.set(leader, [index]);
    else theirs.push(index);
  }
  return groups;
}

export function whyNoLeader(roster: Roster, partitions: PartitionTable, indexes: readonly number[]): string {
  const at = partitions[indexes[0] ?? nobody];
  if (at === undefined) return 'no such partition';
  const known = roster.leadersOf(at.topic) !== undefined;
  return known ? `nobody leads ${at.topic}-${at.partition}` : `no broker knows topic ${at.topic}`;
}

async function knowLeaders(roster: Roster, partitions: PartitionTable, indexes: readonly number[]): Promise<void> {
  const unknown = [...topicsOf(partitions, indexes)].filter((topic) => roster.leadersOf(topic) === undefined);
  if (unknown.length > 0) await roster.metadata(unknown);
}

export function topicsOf(partitions: PartitionTable, indexes: readonly number[]): ReadonlySet<string> {
  const topics = new Set<string>();
  for (const index of indexes) {
    const at = partitions[index];
    if (at !== undefined) topics.add(at.topic);
  }
  return topics;
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}

function cannotRead(partition: string, code: number): LoadtuiError {
  return new LoadtuiError(`Cannot read the log offsets of ${partition}: ${kafkaErrorText(code)}`, {
    code: 'PROTOCOL',
    fault: 'cluster',
    next: isUnauthorised(code) ? 'Ask for the right to describe the topic.' : 'The broker’s log may say more.',
  });
}
