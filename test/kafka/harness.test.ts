import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCluster } from '../../source/cluster/cluster.ts';
import { defaultValues } from '../../source/config/defaults.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { kafkaAvailable } from './harness/jars.ts';
import { RealKafka } from './harness/kafka.ts';

describe.runIf(kafkaAvailable())('a real Kafka', () => {
  let kafka: RealKafka;

  beforeAll(async () => {
    kafka = await RealKafka.start({ shortSession: true });
  });

  afterAll(async () => {
    await kafka?.stop();
  });

  it("makes a topic with Java's tool and reads its offsets", async () => {
    await kafka.tools.createTopic('harness', 3, { 'retention.ms': '600000' });
    expect(await kafka.tools.listTopics()).toContain('harness');
    expect(await kafka.tools.describeTopic('harness')).toMatchObject({
      name: 'harness',
      partitions: 3,
      replicationFactor: 1,
      config: { 'retention.ms': '600000' },
    });

    await kafka.tools.produce('harness', 1000, 100);
    const offsets = await kafka.tools.logEndOffsets('harness');
    expect([...offsets.keys()].sort()).toEqual([0, 1, 2]);
    expect(await kafka.tools.logEnd('harness')).toBe(1000);
  });

  it('answers again after a kill, with what it had written', async () => {
    const before = kafka.pid;
    await kafka.kill();
    await kafka.restart();
    expect(kafka.pid).not.toBe(before);
    expect(await kafka.tools.logEnd('harness')).toBe(1000);
  });

  it('forms a cluster of three', async () => {
    const nodes = await RealKafka.startCluster(3);
    const brokers = nodes.map(({ bootstrap }) => bootstrap);
    const cluster = openCluster({
      brokers,
      clientId: 'loadtui-test',
      security: plaintext,
      tuning: defaultValues('plain'),
    });
    try {
      const [first] = nodes;
      await cluster.connect(10_000);
      await cluster.createTopics([{ name: 'everywhere', partitions: 1, replicationFactor: 3, config: {} }]);
      expect(await first?.tools.describeTopic('everywhere')).toMatchObject({ replicationFactor: 3 });
    } finally {
      await cluster.close();
      await Promise.all(nodes.map((node) => node.discard()));
    }
  });
});
