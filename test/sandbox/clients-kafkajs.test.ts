import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { startTestSandbox } from './support/start.ts';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function kafkaOf(sandbox: Sandbox): Kafka {
  const brokers = sandbox.brokers.map(({ host, port }) => `${host}:${port}`);
  return new Kafka({ clientId: 'kafkajs', brokers, logLevel: logLevel.NOTHING });
}

async function startAdmin(kafka: Kafka) {
  const admin = kafka.admin();
  await admin.connect();
  open.push(() => admin.disconnect());
  return admin;
}

async function startConsumer(kafka: Kafka, groupId: string, topic: string, took: (value: string) => void) {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, sessionTimeout: 6000, heartbeatInterval: 200 });
  open.push(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => took(message.value?.toString() ?? '') });
  return consumer;
}

const values = Array.from({ length: 50 }, (_, index) => `value ${index}`);

describe('kafkajs', () => {
  it('produces idempotently and consumes with two members of a group', async () => {
    const kafka = kafkaOf(await startTestSandbox({ brokers: 2 }));
    const admin = await startAdmin(kafka);
    await admin.createTopics({ topics: [{ topic: 'jobs', numPartitions: 4 }], waitForLeaders: true });
    const taken: string[][] = [[], []];
    await startConsumer(kafka, 'workers', 'jobs', (value) => taken[0]?.push(value));
    await startConsumer(kafka, 'workers', 'jobs', (value) => taken[1]?.push(value));
    await expect.poll(async () => (await admin.describeGroups(['workers'])).groups[0]?.members.length).toBe(2);
    await expect.poll(async () => (await admin.describeGroups(['workers'])).groups[0]?.state).toBe('Stable');

    const producer = kafka.producer({ idempotent: true });
    open.push(() => producer.disconnect());
    await producer.connect();
    const messages = values.map((value) => ({ key: value, value }));
    const sent = await producer.send({ topic: 'jobs', messages });
    expect(sent.every(({ errorCode }) => errorCode === 0)).toBe(true);

    await expect.poll(() => taken.flat().length, { timeout: 10_000 }).toBe(values.length);
    expect(taken.flat().toSorted()).toEqual(values.toSorted());
    expect(taken.map((each) => each.length > 0)).toEqual([true, true]);
  });

  it('lists, describes, commits and deletes', async () => {
    const kafka = kafkaOf(await startTestSandbox());
    const admin = await startAdmin(kafka);
    await admin.createTopics({
      topics: [{ topic: 'jobs', configEntries: [{ name: 'retention.bytes', value: '5000' }] }],
    });
    await expect(
      admin.createTopics({ topics: [{ topic: 'jobs', numPartitions: 1, replicationFactor: 1 }] }),
    ).resolves.toBe(false);
    expect(await admin.listTopics()).toEqual(['jobs']);
    await admin.createPartitions({ topicPartitions: [{ topic: 'jobs', count: 3 }] });
    const metadata = await admin.fetchTopicMetadata({ topics: ['jobs'] });
    expect(metadata.topics[0]?.partitions).toHaveLength(3);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'jobs', configNames: ['retention.bytes', 'cleanup.policy'] }],
    });
    expect(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue])).toEqual([
      ['cleanup.policy', 'delete'],
      ['retention.bytes', '5000'],
    ]);

    const producer = kafka.producer();
    open.push(() => producer.disconnect());
    await producer.connect();
    await producer.send({ topic: 'jobs', messages: values.map((value) => ({ value, partition: 1 })) });
    const offsets = await admin.fetchTopicOffsets('jobs');
    expect(offsets.find(({ partition }) => partition === 1)).toMatchObject({ low: '0', high: '50' });

    const taken: string[] = [];
    const consumer = await startConsumer(kafka, 'readers', 'jobs', (value) => taken.push(value));
    await expect.poll(() => taken.length, { timeout: 10_000 }).toBe(50);
    await expect(admin.deleteGroups(['readers'])).rejects.toThrow();
    await consumer.disconnect();
    const [committed] = await admin.fetchOffsets({ groupId: 'readers', topics: ['jobs'] });
    expect(committed?.partitions.find(({ partition }) => partition === 1)?.offset).toBe('50');
    expect((await admin.listGroups()).groups).toEqual([{ groupId: 'readers', protocolType: 'consumer' }]);
    await admin.deleteGroups(['readers']);
    await admin.deleteTopics({ topics: ['jobs'] });
    expect(await admin.listTopics()).toEqual([]);
    expect((await admin.listGroups()).groups).toEqual([]);
  });

  it('follows a leader that moves', async () => {
    const sandbox = await startTestSandbox({ brokers: 2 });
    const kafka = kafkaOf(sandbox);
    const admin = await startAdmin(kafka);
    await admin.createTopics({ topics: [{ topic: 'jobs', numPartitions: 1 }], waitForLeaders: true });
    const producer = kafka.producer();
    open.push(() => producer.disconnect());
    await producer.connect();
    await producer.send({ topic: 'jobs', messages: [{ value: 'before' }] });
    await sandbox.inject({ kind: 'move-leader', topic: 'jobs', partition: 0, to: 2 });
    await producer.send({ topic: 'jobs', messages: [{ value: 'after' }] });
    const taken: string[] = [];
    await startConsumer(kafka, 'readers', 'jobs', (value) => taken.push(value));
    await expect.poll(() => taken, { timeout: 10_000 }).toEqual(['before', 'after']);
  });
});
