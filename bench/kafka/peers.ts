/**
 * What other tools reach on the same Kafka, where they are here: librdkafka's rdkafka_performance, kcat, and Java's own
 * (of the jars that the tests fetched). One round each, start included: they say where loadtui stands, no more.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { openCluster } from '../../source/cluster/cluster.ts';
import { madeTopicPrefix } from '../../source/cluster/types.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { kafkaClassPath, kafkaVersion } from '../../test/kafka/harness/jars.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { type Bench, brokersOf, type Pace } from '../bench.ts';
import { type Figure, rate } from '../figures.ts';
import { fillPartition } from '../support/fill-partition.ts';
import { messageSizes } from '../support/shapes.ts';
import { type Peer, peersFor } from './peer-tools.ts';

const fullBytes = 512 * 1024 * 1024;
const quickBytes = 16 * 1024 * 1024;
const timeoutMs = 60_000;

export const kafkaPeersBench: Bench = {
  name: 'kafka.peers',
  needs: 'kafka',
  timeoutMs: 240_000,
  run: async (context) => {
    const brokers = brokersOf(context);
    const classPath = await javaClassPath();
    const figures: Figure[] = [];
    for (const { label, bytes } of messageSizes) {
      const messages = messagesFor(context.pace, bytes);
      const topic = `${madeTopicPrefix}bench-peers-${process.pid}-${bytes}`;
      await onTopic(brokers, topic, bytes, messages, async () => {
        const peers = peersFor({ brokers, topic, bytes, messages, classPath });
        for (const peer of peers.filter(({ program }) => isInstalled(program))) {
          const perSecond = await measure(peer, messages);
          figures.push(rate(`${peer.name} ${label}`, 'msg/s', [perSecond], { tolerance: 0.5 }));
        }
      });
    }
    return figures;
  },
};

function messagesFor(pace: Pace, bytes: number): number {
  return Math.floor((pace.rounds === 1 ? quickBytes : fullBytes) / bytes);
}

/** Messages a second as the tool reports them; by the clock where it reports nothing. */
async function measure(peer: Peer, messages: number): Promise<number> {
  const startMs = performance.now();
  const { exitCode, stdout, stderr } = await runCommand(peer.program, peer.args, { timeoutMs });
  const elapsedMs = performance.now() - startMs;
  if (exitCode !== 0) throw new Error(`${peer.name} ended with ${exitCode}: ${stderr.slice(-500)}`);
  return peer.perSecond(`${stdout}\n${stderr}`) ?? (messages / elapsedMs) * 1000;
}

/** Makes the topic, with the messages in it that consumers read, and removes it. */
async function onTopic(
  brokers: string,
  topic: string,
  messageSizeBytes: number,
  messages: number,
  act: () => Promise<void>,
): Promise<void> {
  const { tuning } = resolvePlan({ given: [], planPath: null, style: 'plain' }).plan;
  const cluster = openCluster({ brokers: [brokers], clientId: 'loadtui-bench', tuning });
  await cluster.connect(10_000);
  await cluster.createTopics([{ name: topic, partitions: 1, replicationFactor: 1, config: {} }]);
  try {
    await fillPartition({ brokers, partitions: [{ topic, partition: 0 }], tuning, messageSizeBytes, messages });
    await act();
  } finally {
    await cluster.deleteTopics([topic]);
    await cluster.close();
  }
}

function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

/** Kafka's jars where the tests have fetched them; null: not yet. */
async function javaClassPath(): Promise<string | null> {
  const folder = new URL(`../../.cache/kafka-${await kafkaVersion()}`, import.meta.url);
  return existsSync(folder) ? kafkaClassPath() : null;
}
