import { Kafka as KafkaJs, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PartitionTable } from '../../source/clients/types.ts';
import { openCluster } from '../../source/cluster/cluster.ts';
import { madeTopicConfig } from '../../source/cluster/made-topic.ts';
import type { Cluster } from '../../source/cluster/types.ts';
import { defaultValues } from '../../source/config/defaults.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { waitUntil } from '../support/wait-until.ts';
import { kafkaAvailable } from './harness/jars.ts';
import { RealKafka } from './harness/kafka.ts';

const tuning = defaultValues('plain');

const tableOf = (topic: string, partitions: number): PartitionTable =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));

describe.runIf(kafkaAvailable())('what is asked of a real Kafka', () => {
  let kafka: RealKafka;
  let cluster: Cluster;

  beforeAll(async () => {
    kafka = await RealKafka.start({ tls: true });
  });

  afterAll(async () => {
    await kafka?.stop();
  });

  beforeEach(() => {
    cluster = openCluster({ brokers: [kafka.bootstrap], clientId: 'loadtui-test', security: plaintext, tuning });
  });

  afterEach(async () => {
    await cluster.close();
  });

  it('who it is', async () => {
    expect(await cluster.connect(10_000)).toMatchObject({
      brokers: [{ id: 1, host: '127.0.0.1', port: Number(kafka.bootstrap.split(':')[1]) }],
      metadataVersion: '4.3-IV0',
    });
  });

  it('topics: made with their settings, described, removed', async () => {
    await cluster.connect(10_000);
    const config = madeTopicConfig({
      messageSizeBytes: 2 ** 20,
      keys: { kind: 'none' },
      headers: [],
      batchSizeBytes: 16_384,
      topicConfig: {},
    });
    await cluster.createTopics([{ name: 'loadtui-made', partitions: 5, replicationFactor: 1, config }]);
    const seen = await kafka.tools.describeTopic('loadtui-made');
    expect(seen).toMatchObject({ partitions: 5, replicationFactor: 1, config });
    expect(await cluster.describeTopic('loadtui-made')).toMatchObject({ partitions: 5, replicationFactor: 1 });
    expect(await cluster.describeTopic('loadtui-mad')).toBeNull();

    await cluster.deleteTopics(['loadtui-made']);
    expect(await kafka.tools.listTopics()).not.toContain('loadtui-made');
  });

  it("offsets, as Java's tool tells them", async () => {
    await kafka.tools.createTopic('offsets', 3);
    await kafka.tools.produce('offsets', 700, 50);
    await cluster.connect(10_000);
    const told = await cluster.offsets(tableOf('offsets', 3), [0, 1, 2]);
    const ends = new Map(told.map((row) => [row.partitionIndex, row.logEndOffset]));
    expect(ends).toEqual(await kafka.tools.logEndOffsets('offsets'));
    expect(told.map((row) => row.logStartOffset)).toEqual([0, 0, 0]);
  });

  it('commits without joining, which ConsumerGroupCommand shows with the lag', async () => {
    await kafka.tools.createTopic('commits', 2);
    await kafka.tools.produce('commits', 100, 50);
    await cluster.connect(10_000);
    const table = tableOf('commits', 2);
    const ends = await kafka.tools.logEndOffsets('commits');
    const positions = new Map([...ends].map(([partition, end]) => [partition, Math.floor(end / 2)]));
    expect(await cluster.commit('not-joined', table, positions)).toBe(true);
    expect(await cluster.committed('not-joined', table)).toEqual(positions);
    const rows = await kafka.tools.describeGroup('not-joined');
    const wanted = [...ends].map(([partition, end]) => ({
      topic: 'commits',
      partition,
      currentOffset: Math.floor(end / 2),
      lag: Math.ceil(end / 2),
    }));
    expect(rows).toHaveLength(2);
    for (const row of wanted) expect(rows).toContainEqual(expect.objectContaining(row));
    expect(rows.reduce((sum, row) => sum + (row.lag ?? 0), 0)).toBeGreaterThan(0);

    const use = await cluster.topicUse('commits', 'our-own', 5000);
    expect(use).toMatchObject({ records: 100, foreignGroups: ['not-joined'] });
    await cluster.deleteGroups(['not-joined']);
    expect(await kafka.tools.listGroups()).not.toContain('not-joined');
  });

  it('a group with live members is told apart', async () => {
    await kafka.tools.createTopic('busy', 1);
    const client = new KafkaJs({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING });
    const consumer = client.consumer({ groupId: 'busy-group' });
    await consumer.connect();
    try {
      await consumer.subscribe({ topic: 'busy' });
      const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
      await consumer.run({ eachMessage: async () => {} });
      await joined;
      await cluster.connect(10_000);
      await expect(cluster.checkGroup('busy-group')).rejects.toMatchObject({ code: 'GROUP_BUSY', fault: 'cluster' });
      await cluster.checkGroup('nobody-there');
    } finally {
      await consumer.disconnect();
    }
  });

  it('so is one of the newer group protocol', async () => {
    await kafka.tools.createTopic('busy-848', 1);
    const consumer = kafka.tools.consumeByNewProtocol('busy-848', 'newer-group');
    try {
      await cluster.connect(10_000);
      const look = (): Promise<unknown> => cluster.checkGroup('newer-group').catch((reason: unknown) => reason);
      const refusal = await waitUntil('a member', look, { timeoutMs: 30_000, everyMs: 200 });
      expect(refusal).toMatchObject({ code: 'GROUP_BUSY', message: expect.stringContaining('console-consumer at') });
      expect(await cluster.listGroups()).toContain('newer-group');
    } finally {
      await consumer.end();
    }
  });

  it('says that a listener speaks TLS', async () => {
    const wrong = openCluster({
      brokers: [kafka.tlsAddress ?? ''],
      clientId: 'loadtui-test',
      security: plaintext,
      tuning,
    });
    try {
      await expect(wrong.connect(5000)).rejects.toMatchObject({ code: 'TLS_LISTENER', exitCode: 3 });
    } finally {
      await wrong.close();
    }
  });
});
