import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Cluster, PartitionOffsets, PartitionTable } from '../../source/cluster/types.ts';
import { goingTopics } from '../../source/commands/going-topics.ts';
import { fakeCluster } from '../cluster/fake-cluster.ts';

const [running, ended] = ['loadtui-aaaaaaaaaaaaaaaa', 'loadtui-bbbbbbbbbbbbbbbb'];
const noHistory = join(import.meta.dirname, 'there-is-no-such-folder');

/** Topics of two partitions; at each look the last partition of those that grow holds one record more. */
function growing(names: readonly string[], listed: readonly string[] = []): Cluster {
  let look = 0;
  const shape = { partitions: 2, replicationFactor: 1, minInsyncReplicas: 1, maxMessageBytes: null, created: false };
  return fakeCluster({
    describeTopic: async (name) => ({ name, ...shape }),
    listTopics: async () => listed,
    lastCommitMs: async () => null,
    offsets: async (table: PartitionTable, indexes) => {
      look++;
      return indexes.map((partitionIndex): PartitionOffsets => {
        const place = table[partitionIndex];
        const grows = place !== undefined && place.partition === 1 && names.includes(place.topic);
        return { partitionIndex, logStartOffset: 0, logEndOffset: grows ? 100 + look : 100 };
      });
    },
  });
}

test('a run whose topic gets records is going, with all of its topics', async () => {
  const made = [ended, running, `${running}-1`, `${running}-2`];
  expect(await goingTopics(growing([`${running}-1`], made), made, noHistory, 1)).toEqual(made.slice(1));
});

test('records that are there are no sign of a run, and a topic that goes meanwhile is none', async () => {
  const made = [ended, running];
  expect(await goingTopics(growing([running], [ended]), made, noHistory, 1)).toEqual([]);
});

test('a run that committed moments ago is going, though it sends nothing; one that did so minutes ago is not', async () => {
  const made = [ended, running, `${running}-1`];
  const lastCommitMs = async (group: string) => Date.now() - (group === running ? 12_000 : 120_000);
  const cluster = { ...growing([], made), lastCommitMs };
  expect(await goingTopics(cluster, made, noHistory, 1)).toEqual(made.slice(1));
});

test('nothing is asked where nothing was made', async () => {
  expect(await goingTopics(fakeCluster({}), [], noHistory)).toEqual([]);
});
