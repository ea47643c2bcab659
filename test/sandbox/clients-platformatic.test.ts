import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { afterEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { startTestSandbox } from './support/start.ts';

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function baseOf(sandbox: Sandbox, clientId: string) {
  return { clientId, bootstrapBrokers: sandbox.brokers.map(({ host, port }) => `${host}:${port}`), retries: 3 };
}

function startAdmin(sandbox: Sandbox): Admin {
  const admin = new Admin(baseOf(sandbox, 'admin'));
  open.push(() => admin.close());
  return admin;
}

function startProducer(sandbox: Sandbox) {
  const producer = new Producer({ ...baseOf(sandbox, 'producer'), serializers: stringSerializers, idempotent: true });
  open.push(() => producer.close());
  return producer;
}

function startConsumer(sandbox: Sandbox, groupId: string) {
  const consumer = new Consumer({
    ...baseOf(sandbox, 'consumer'),
    groupId,
    deserializers: stringDeserializers,
    maxWaitTime: 100,
    sessionTimeout: 6000,
    heartbeatInterval: 200,
    autocommit: false,
  });
  open.push(() => consumer.close(true));
  return consumer;
}

const values = Array.from({ length: 30 }, (_, index) => `value ${index}`);

describe('@platformatic/kafka', () => {
  it('produces idempotently and consumes with a group', async () => {
    const sandbox = await startTestSandbox({ brokers: 3 });
    await startAdmin(sandbox).createTopics({ topics: ['jobs'], partitions: 6, replicas: 3 });
    const producer = startProducer(sandbox);
    const messages = values.map((value) => ({ topic: 'jobs', key: value, value }));
    const { offsets } = await producer.send({ messages });
    expect(offsets?.length).toBeGreaterThan(1);

    const stream = await startConsumer(sandbox, 'readers').consume({ topics: ['jobs'], mode: 'earliest' });
    open.push(() => stream.close());
    const taken: string[] = [];
    for await (const message of stream) {
      taken.push(message.value);
      await message.commit();
      if (taken.length === values.length) break;
    }
    expect(taken.toSorted()).toEqual(values.toSorted());
  });

  it('lists, describes, commits and deletes', async () => {
    const sandbox = await startTestSandbox();
    const admin = startAdmin(sandbox);
    const configs = [{ name: 'max.message.bytes', value: '2000000' }];
    const [made] = await admin.createTopics({ topics: ['jobs'], partitions: 2, replicas: 1, configs });
    expect(made).toMatchObject({ name: 'jobs', partitions: 2, replicas: 1 });
    expect(made?.configuration['max.message.bytes']).toBe('2000000');
    await expect(admin.createTopics({ topics: ['jobs'], partitions: 2, replicas: 1 })).rejects.toThrow();
    expect(await admin.listTopics()).toEqual(['jobs']);
    await admin.createPartitions({ topics: [{ name: 'jobs', count: 3, assignments: [] }], validateOnly: false });
    const described = await admin.describeConfigs({
      resources: [{ resourceType: 2, resourceName: 'jobs', configurationKeys: ['max.message.bytes'] }],
    });
    expect(described[0]?.configs.map(({ value }) => value)).toEqual(['2000000']);

    await startProducer(sandbox).send({ messages: [{ topic: 'jobs', key: 'k', value: 'v', partition: 2 }] });
    const consumer = startConsumer(sandbox, 'readers');
    const latest = await consumer.listOffsets({ topics: ['jobs'] });
    expect(latest.get('jobs')).toEqual([0n, 0n, 1n]);
    await consumer.joinGroup({});
    expect([...(await admin.listGroups()).keys()]).toEqual(['readers']);
    const groups = await admin.describeGroups({ groups: ['readers'] });
    expect(groups.get('readers')?.members.size).toBe(1);
    await expect(admin.deleteGroups({ groups: ['readers'] })).rejects.toThrow();
    await consumer.leaveGroup();
    await admin.deleteGroups({ groups: ['readers'] });
    await admin.deleteTopics({ topics: ['jobs'] });
    expect(await admin.listTopics()).toEqual([]);
  });
});
