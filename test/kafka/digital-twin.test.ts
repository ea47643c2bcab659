import { Kafka as KafkaJs, type KafkaMessage, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeProducerId, stampOffsets } from '../../source/clients/stamp.ts';
import { waitUntil } from '../support/wait-until.ts';
import { kafkaAvailable } from './harness/jars.ts';
import { RealKafka } from './harness/kafka.ts';
import { expectDone, Loadtui } from './harness/loadtui.ts';

const topic = 'readings';
const partitions = 4;

interface Read {
  readonly partition: number;
  readonly message: KafkaMessage;
}

/** The first records of each partition, by a client that is not ours. */
async function readAll(address: string, count: number): Promise<Read[]> {
  const client = new KafkaJs({ brokers: [address], logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: 'another-reader' });
  const read: Read[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        read.push({ partition, message });
      },
    });
    await waitUntil(`${count} records are read`, () => (read.length >= count ? true : undefined), {
      timeoutMs: 60_000,
    });
  } finally {
    await consumer.disconnect();
  }
  return read;
}

describe.runIf(kafkaAvailable())('what another client reads of the digital-twin preset', () => {
  let kafka: RealKafka;
  let loadtui: Loadtui;
  let read: Read[];
  let startedMs: number;

  beforeAll(async () => {
    startedMs = Date.now();
    kafka = await RealKafka.start();
    await kafka.tools.createTopic(topic, partitions);
    loadtui = await Loadtui.start(
      ...['--brokers', kafka.bootstrap, '--topic', topic, '--preset', 'digital-twin', '--rate', '1000', '--plain'],
      ...['--warm-up', '1s', '--duration', '3s', '--no-achieved-gate', '--save', 'run.json'],
    );
    expectDone(await loadtui.finished());
    read = await readAll(kafka.bootstrap, await kafka.tools.logEnd(topic));
  });

  afterAll(async () => {
    await loadtui?.close();
    await kafka?.stop();
  });

  const text = (value: KafkaMessage['value'] | string | undefined): string => value?.toString() ?? '';
  /** Without the probe messages: they go to every partition, so that their key says nothing. */
  const readings = (): Read[] =>
    read.filter(({ message }) => message.value?.readUInt16BE(stampOffsets.producerId) !== probeProducerId);

  it('is every message that was acknowledged, once', async () => {
    const { totals, wholeRun } = await loadtui.document('run.json');
    expect(totals).toMatchObject({ missing: 0, duplicated: 0, reordered: 0, failed: 0 });
    expect(read).toHaveLength(wholeRun.acked + wholeRun.probes);
    expect(new Set(readings().map(({ message }) => message.key?.toString())).size).toBe(1000);
  });

  it("stands in the partition that Java's partitioner chooses for its key", () => {
    const partitionOf = Partitioners.JavaCompatiblePartitioner();
    const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      partitionErrorCode: 0,
      replicas: [1],
      isr: [1],
    }));
    for (const { partition, message } of readings()) {
      const expected = partitionOf({ topic, partitionMetadata, message: { key: message.key, value: message.value } });
      expect(partition, text(message.key)).toBe(expected);
    }
  });

  it('has its headers and its size', () => {
    for (const { message } of readings()) {
      const { headers = {}, key, value } = message;
      expect(text(headers.dt_sensor_id?.toString())).toBe(text(key));
      const sentMs = Number(text(headers.dt_timestamp?.toString()));
      expect(sentMs).toBeGreaterThan(startedMs);
      expect(sentMs).toBeLessThanOrEqual(Date.now());
      expect(text(headers.send_timestamp?.toString())).toBe(String(sentMs));
      expect(value?.length).toBe(512);
    }
  });

  it('is in order for each sensor', () => {
    const last = new Map<string, number>();
    for (const { message } of readings()) {
      const sensor = text(message.key);
      const sentMs = Number(text(message.headers?.dt_timestamp?.toString()));
      expect(sentMs, sensor).toBeGreaterThanOrEqual(last.get(sensor) ?? 0);
      last.set(sensor, sentMs);
    }
  });
});
