import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCluster } from '../../source/cluster/cluster.ts';
import type { Cluster, PartitionTable } from '../../source/cluster/types.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { testTuning } from './fakes.ts';
import { joinGroup, produce } from './produce.ts';

let sandbox: Sandbox;
let cluster: Cluster;
let port = 0;
let topicNumber = 0;
/** A name that no other test uses. */
let topic = '';

beforeAll(async () => {
  sandbox = await startSandboxHere({ brokers: 2 });
  port = sandbox.brokers[0]?.port ?? 0;
});
afterAll(async () => {
  await sandbox.close();
});
beforeEach(async () => {
  topic = `topic-${++topicNumber}`;
  cluster = openCluster({ brokers: [`127.0.0.1:${port}`], clientId: 'test', security: plaintext, tuning: testTuning });
  await cluster.connect(5_000);
});
afterEach(async () => {
  await cluster.close();
});

const newTopic = (name: string, partitions: number) => ({ name, partitions, replicationFactor: 1, config: {} });
const tableOf = (name: string, partitions: number): PartitionTable =>
  Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }));
const all = (table: PartitionTable) => table.map((_, index) => index);

test('connecting finds all brokers by the addresses they advertise', async () => {
  const info = await cluster.connect(5_000);
  expect(info.brokers.map(({ id, port: at }) => ({ id, port: at }))).toEqual(
    sandbox.brokers.map(({ id, port: at }) => ({ id, port: at })),
  );
  expect(info.clusterId).not.toBeNull();
});

test('a topic is made with its settings, described, listed and removed', async () => {
  const wanted = { ...newTopic(topic, 6), config: { 'max.message.bytes': '2000000' } };
  expect(await cluster.createTopics([wanted])).toMatchObject([
    { name: topic, partitions: 6, replicationFactor: 1, maxMessageBytes: 2_000_000, created: true },
  ]);
  expect(await cluster.describeTopic(topic)).toMatchObject({ partitions: 6, created: false });
  expect(await cluster.listTopics()).toContain(topic);
  await cluster.deleteTopics([topic, 'never-was']);
  expect(await cluster.describeTopic(topic)).toBeNull();
  expect(await cluster.listTopics()).not.toContain(topic);
});

test('describing never makes a topic', async () => {
  expect(await cluster.describeTopic(topic)).toBeNull();
  expect(await cluster.listTopics()).not.toContain(topic);
});

test('a topic that is there is refused, and stays as it is', async () => {
  await cluster.createTopics([newTopic(topic, 2)]);
  await expect(cluster.createTopics([newTopic(topic, 3)])).rejects.toMatchObject({
    code: 'TOPIC_REFUSED',
    exitCode: 3,
    message: expect.stringContaining('TOPIC_ALREADY_EXISTS'),
  });
  expect(await cluster.describeTopic(topic)).toMatchObject({ partitions: 2 });
});

test('when one of several topics is refused, the others are removed again', async () => {
  await cluster.createTopics([newTopic(topic, 1)]);
  const sibling = `${topic}-sibling`;
  await expect(cluster.createTopics([newTopic(sibling, 1), newTopic(topic, 1)])).rejects.toMatchObject({
    code: 'TOPIC_REFUSED',
  });
  expect(await cluster.describeTopic(sibling)).toBeNull();
  expect(await cluster.describeTopic(topic)).not.toBeNull();
});

test('a name that Kafka does not take is wrong usage', async () => {
  await expect(cluster.createTopics([newTopic('no topic', 1)])).rejects.toMatchObject({ code: 'USAGE', exitCode: 2 });
});

test('more partitions than one request carries', async () => {
  await cluster.createTopics([newTopic(topic, 5_001)]);
  const table = tableOf(topic, 5_001);
  expect(await cluster.offsets(table, all(table))).toHaveLength(5_001);
  await cluster.deleteTopics([topic]);
});

test('whether a topic may be made is asked without making it', async () => {
  expect(await cluster.whyNotCreate(newTopic(topic, 1))).toBeNull();
  expect(await cluster.describeTopic(topic)).toBeNull();
  await cluster.createTopics([newTopic(topic, 1)]);
  expect(await cluster.whyNotCreate(newTopic(topic, 1))).toContain('TOPIC_ALREADY_EXISTS');
});

test('offsets come from each leader, in the order asked', async () => {
  await cluster.createTopics([newTopic(topic, 4)]);
  await produce(port, topic, 1, 3);
  await produce(port, topic, 2, 5);
  expect(await cluster.offsets(tableOf(topic, 4), [2, 0, 1])).toEqual([
    { partitionIndex: 2, logStartOffset: 0, logEndOffset: 5 },
    { partitionIndex: 0, logStartOffset: 0, logEndOffset: 0 },
    { partitionIndex: 1, logStartOffset: 0, logEndOffset: 3 },
  ]);
});

test('a leader that moved is found again', async () => {
  await cluster.createTopics([newTopic(topic, 2)]);
  await produce(port, topic, 0, 4);
  const table = tableOf(topic, 2);
  await cluster.offsets(table, [0, 1]);
  for (const to of [2, 1, 2]) {
    await sandbox.inject({ kind: 'move-leader', topic, partition: 0, to });
    await sandbox.inject({ kind: 'move-leader', topic, partition: 1, to: 3 - to });
    expect((await cluster.offsets(table, [0]))[0]?.logEndOffset).toBe(4);
  }
});

test('a connection that broke is opened again', async () => {
  await cluster.createTopics([newTopic(topic, 2)]);
  const table = tableOf(topic, 2);
  await cluster.offsets(table, [0, 1]);
  await sandbox.inject({ kind: 'disconnect' });
  expect(await cluster.offsets(table, [0, 1])).toHaveLength(2);
  await sandbox.inject({ kind: 'disconnect' });
  expect(await cluster.describeTopic(topic)).not.toBeNull();
});

test.each([
  ['FindCoordinator', 10, 15],
  ['OffsetCommit', 8, 14],
  ['OffsetCommit', 8, 16],
  ['OffsetFetch', 9, 14],
])('%s is tried again after error %#: %i, %i', async (_, apiKey, errorCode) => {
  await cluster.createTopics([newTopic(topic, 2)]);
  const table = tableOf(topic, 2);
  const before = (await sandbox.stats()).faultsApplied.error ?? 0;
  await sandbox.inject({ kind: 'error', errorCode, when: 'before-append', count: 2, apiKey });
  const group = `group-${topic}`;
  expect(await cluster.commit(group, table, new Map([[1, 7]]))).toBe(true);
  expect(await cluster.committed(group, table)).toEqual(new Map([[1, 7]]));
  expect(Math.abs(((await cluster.lastCommitMs(group, table)) ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(await cluster.lastCommitMs(`${group}-of-nobody`, table)).toBeNull();
  expect((await sandbox.stats()).faultsApplied.error).toBe(before + 2);
});

test('without the right to commit the answer is false', async () => {
  await cluster.createTopics([newTopic(topic, 1)]);
  await sandbox.inject({ kind: 'error', errorCode: 30, when: 'before-append', count: 1, apiKey: 8 });
  expect(await cluster.commit(`group-${topic}`, tableOf(topic, 1), new Map([[0, 0]]))).toBe(false);
});

test('a group that was committed to without joining is listed, empty and removable', async () => {
  await cluster.createTopics([newTopic(topic, 3)]);
  const table = tableOf(topic, 3);
  const group = `group-${topic}`;
  await cluster.checkGroup(group);
  await cluster.commit(
    group,
    table,
    new Map([
      [0, 10],
      [2, 0],
    ]),
  );
  expect(await cluster.listGroups()).toContain(group);
  expect(await cluster.committed(group, table)).toEqual(
    new Map([
      [0, 10],
      [2, 0],
    ]),
  );
  await cluster.checkGroup(group);
  await cluster.deleteGroups([group, 'never-was']);
  expect(await cluster.listGroups()).not.toContain(group);
});

test('a group with live members is busy, and its members are named', async () => {
  await cluster.createTopics([newTopic(topic, 1)]);
  const group = `group-${topic}`;
  const leave = await joinGroup(port, group, topic);
  try {
    await expect(cluster.checkGroup(group)).rejects.toMatchObject({
      code: 'GROUP_BUSY',
      exitCode: 3,
      message: expect.stringContaining('somebody'),
    });
    await expect(cluster.commit(group, tableOf(topic, 1), new Map([[0, 1]]))).rejects.toMatchObject({
      code: 'GROUP_BUSY',
    });
    await expect(cluster.deleteGroups([group])).rejects.toMatchObject({ code: 'GROUP_BUSY' });
  } finally {
    await leave();
  }
});

test('who uses a topic: its records, and groups that are not ours', async () => {
  const other = `${topic}-other`;
  await cluster.createTopics([newTopic(topic, 2), newTopic(other, 1)]);
  await produce(port, topic, 0, 4);
  await produce(port, topic, 1, 6);
  await cluster.commit(`${topic}-foreign`, tableOf(topic, 2), new Map([[1, 0]]));
  await cluster.commit(`${topic}-ours`, tableOf(topic, 2), new Map([[0, 0]]));
  await cluster.commit(`${topic}-elsewhere`, tableOf(other, 1), new Map([[0, 0]]));
  expect(await cluster.topicUse(topic, `${topic}-ours`, 2_000)).toEqual({
    records: 10,
    foreignGroups: [`${topic}-foreign`],
    incomplete: false,
  });
});

test('settings that may not be read are unknown, the rest is told', async () => {
  await cluster.createTopics([newTopic(topic, 2)]);
  await sandbox.inject({ kind: 'error', errorCode: 29, when: 'before-append', count: 1, apiKey: 32 });
  expect(await cluster.describeTopic(topic)).toMatchObject({
    partitions: 2,
    minInsyncReplicas: null,
    maxMessageBytes: null,
  });
});

test('groups that may not be looked at make the look incomplete', async () => {
  await cluster.createTopics([newTopic(topic, 1)]);
  await cluster.commit(`group-${topic}`, tableOf(topic, 1), new Map([[0, 0]]));
  await sandbox.inject({ kind: 'error', errorCode: 30, when: 'before-append', count: 1, apiKey: 9 });
  expect(await cluster.topicUse(topic, 'ours', 2_000)).toMatchObject({ incomplete: true });
});

test('every broker is pinged', async () => {
  const pings = await cluster.ping();
  expect([...pings.keys()]).toEqual([1, 2]);
  for (const pingMs of pings.values()) expect(pingMs).toBeGreaterThan(0);
});

test('closing ends what is under way', async () => {
  await sandbox.inject({ kind: 'stall', durationMs: 300 });
  const waiting = cluster.listTopics();
  await cluster.close();
  await expect(waiting).rejects.toMatchObject({ fault: 'cluster' });
});
