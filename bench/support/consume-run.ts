/** Reads a partition over and over with the wire client and the books of a consumer thread. */

import type { PartitionTable } from '../../source/clients/types.ts';
import { wireFactory } from '../../source/clients/wire/factory.ts';
import { openCluster } from '../../source/cluster/cluster.ts';
import { madeTopicPrefix } from '../../source/cluster/types.ts';
import { parseCommandLine } from '../../source/config/flags.ts';
import type { ClientTuning } from '../../source/config/plan.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { ConsumerAccounting, consumerTags } from '../../source/load/consumer-accounting.ts';
import { realClock, takeAnchor } from '../../source/measure/clock.ts';
import { totalAt } from '../../source/measure/figures.ts';
import { fillPartition } from './fill-partition.ts';
import { inTurn } from './in-turn.ts';
import { recording } from './recording.ts';
import { stamp } from './shapes.ts';
import { processCpuNs } from './thread-cpu.ts';

export interface ConsumeRound {
  readonly consumedPerSecond: number;
  /** CPU time of the whole process a message; the sandbox is in it where it runs here. */
  readonly cpuNsPerMessage: number;
  /** The same of the consumer's thread alone. */
  readonly consumerCpuNsPerMessage: number;
}

export interface ReadOptions {
  readonly brokers: string;
  /** In the partition, from offset 0 on. */
  readonly messages: number;
  readonly warmUpMs: number;
  readonly rounds: number;
  readonly roundMs: number;
}

export interface ConsumeOptions extends Omit<ReadOptions, 'warmUpMs'> {
  readonly messageSizeBytes: number;
}

const lookEveryMs = 2;

/** Makes a topic, fills it, reads it for some rounds, removes it. */
export async function consumeRounds(options: ConsumeOptions): Promise<readonly ConsumeRound[]> {
  const { plan } = resolvePlan({ given: parseCommandLine([]).given, planPath: null, style: 'plain' });
  const topic = `${madeTopicPrefix}bench-${process.pid}-${options.messageSizeBytes}`;
  const partitions: PartitionTable = [{ topic, partition: 0 }];
  const cluster = openCluster({
    brokers: [options.brokers],
    clientId: 'loadtui-bench',
    security: plaintext,
    tuning: plan.tuning,
  });
  await cluster.connect(10_000);
  await cluster.createTopics([{ name: topic, partitions: 1, replicationFactor: 1, config: {} }]);
  try {
    await fillPartition({ ...options, partitions, tuning: plan.tuning });
    return await readOverAndOver({ ...options, warmUpMs: options.roundMs / 2 }, partitions, plan.tuning);
  } finally {
    await cluster.deleteTopics([topic]);
    await cluster.close();
  }
}

/** Of one partition that holds what `fillPartition` wrote. Rejects where a record was not as it should be. */
export async function readOverAndOver(
  { brokers, messages, warmUpMs, rounds, roundMs }: ReadOptions,
  partitions: PartitionTable,
  tuning: ClientTuning,
): Promise<readonly ConsumeRound[]> {
  const { nowNs } = realClock(takeAnchor());
  const { figures, recorder } = recording(consumerTags);
  const positions = new Float64Array(1);
  const sink = new ConsumerAccounting({
    figures,
    recorder,
    stamp,
    stampIn: 'value',
    throughPipeline: false,
    positions,
    highWatermarks: new Float64Array(1),
    nowNs,
    probeSeen: () => undefined,
    read: () => undefined,
    event: () => undefined,
  });
  const factory = wireFactory({
    bootstrap: [brokers],
    clientId: 'loadtui-bench',
    security: plaintext,
    tuning,
    partitions,
  });
  // A fetch that waits at the end holds up the next one on its connection.
  const knobs = { ...tuning, fetchMaxWaitMs: 1 };
  const consumer = factory.consumer({ clientId: 'loadtui-bench', tuning, partitions, knobs, sink, nowNs });
  await consumer.connect();
  const consumed = (): number => figures.totals[totalAt.consumed] ?? 0;
  consumer.assign([{ partitionIndex: 0, position: 0 }]);
  const timer = setInterval(() => {
    consumer.poll(nowNs());
    if ((positions[0] ?? 0) < messages) return;
    // At the end: once more from the start. What was seen is forgotten, else all would be duplicates.
    consumer.revoke([0]);
    sink.release([0]);
    positions[0] = 0;
    consumer.assign([{ partitionIndex: 0, position: 0 }]);
  }, lookEveryMs);
  let results: readonly ConsumeRound[];
  try {
    await passed(warmUpMs);
    results = await inTurn(rounds, () => oneRound(roundMs, consumed));
  } finally {
    clearInterval(timer);
    await consumer.close();
    await factory.close();
  }
  const strays = (['foreign', 'corrupt', 'duplicated', 'reordered', 'expired'] as const).filter(
    (field) => (figures.totals[totalAt[field]] ?? 0) > 0,
  );
  if (strays.length > 0) throw new Error(`records were ${strays.join(' and ')}`);
  return results;
}

async function oneRound(roundMs: number, consumed: () => number): Promise<ConsumeRound> {
  const before = { atMs: performance.now(), consumed: consumed(), cpuNs: processCpuNs(), threadNs: threadNs() };
  await passed(roundMs);
  const messages = consumed() - before.consumed;
  if (messages === 0) throw new Error('nothing was read');
  return {
    consumedPerSecond: (messages / (performance.now() - before.atMs)) * 1000,
    cpuNsPerMessage: (processCpuNs() - before.cpuNs) / messages,
    consumerCpuNsPerMessage: (threadNs() - before.threadNs) / messages,
  };
}

function threadNs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
