/** One turn of a producer, measured by what the broker's log says and the kernel: alike for every tool. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, PartitionTable } from '../../source/cluster/types.ts';
import { type IntervalRow, sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { Hopeless, waitUntil } from '../../test/support/wait-until.ts';
import type { Command } from './commands.ts';
import { rollingTopicConfig } from './log-place.ts';
import type { BesidePace } from './pace.ts';
import { ToolProcess } from './tool-process.ts';

/** A Java has to start before it writes. */
const firstMessageWithinMs = 30_000;

export interface ProduceTurn {
  readonly cluster: Cluster;
  readonly topic: string;
  readonly partitions: number;
  readonly command: Command;
  /** CPU time of all brokers so far, ns. */
  readonly brokerCpuNs: () => number;
  readonly pace: BesidePace;
  /** Where the tool saves its session; null: it saves none. */
  readonly session: string | null;
}

export interface TurnResult {
  readonly perSecond: number;
  readonly cpuNsPerMessage: number;
  /** Cores that the brokers used meanwhile. */
  readonly brokerCores: number;
  /** What the tool itself says, over what the broker does; null: nothing is known. */
  readonly ownOverBroker: number | null;
}

interface Mark {
  readonly atMs: number;
  readonly written: number;
  readonly cpuNs: number;
  readonly brokerCpuNs: number;
}

export async function produceTurn(turn: ProduceTurn): Promise<TurnResult> {
  const { cluster, topic, partitions, pace, session } = turn;
  const config = rollingTopicConfig(partitions);
  await cluster.createTopics([{ name: topic, partitions, replicationFactor: 1, config }]);
  try {
    const { from, to } = await runBetween(turn);
    const messages = to.written - from.written;
    if (messages <= 0) throw new Error(`nothing was written within ${pace.produceMeasureMs} ms`);
    const perSecond = (messages / (to.atMs - from.atMs)) * 1000;
    const own = session === null ? null : await ownPerSecond(session, from.atMs, to.atMs);
    return {
      perSecond,
      cpuNsPerMessage: (to.cpuNs - from.cpuNs) / messages,
      brokerCores: (to.brokerCpuNs - from.brokerCpuNs) / 1e6 / (to.atMs - from.atMs),
      ownOverBroker: own === null ? null : own / perSecond,
    };
  } finally {
    await cluster.deleteTopics([topic]);
  }
}

async function runBetween({
  cluster,
  topic,
  partitions,
  command,
  brokerCpuNs,
  pace,
}: ProduceTurn): Promise<{ from: Mark; to: Mark }> {
  const table: PartitionTable = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  const tool = new ToolProcess(command);
  const mark = async (): Promise<Mark> => ({
    ...(await takeMark(cluster, table, tool)),
    brokerCpuNs: brokerCpuNs(),
  });
  try {
    await waitUntil(
      `${command.program} writes`,
      async () => {
        try {
          tool.mustRun();
        } catch (error) {
          throw new Hopeless(error instanceof Error ? error.message : String(error));
        }
        return (await mark()).written > 0 ? true : undefined;
      },
      { timeoutMs: firstMessageWithinMs, everyMs: 50 },
    );
    await delay(pace.produceWarmUpMs);
    const from = await mark();
    await delay(pace.produceMeasureMs);
    return { from, to: await mark() };
  } finally {
    await tool.end();
  }
}

async function takeMark(
  cluster: Cluster,
  table: PartitionTable,
  tool: ToolProcess,
): Promise<Omit<Mark, 'brokerCpuNs'>> {
  const askedMs = unixMs();
  const offsets = await cluster.offsets(
    table,
    table.map((_, index) => index),
  );
  return {
    atMs: (askedMs + unixMs()) / 2,
    written: offsets.reduce((sum, { logEndOffset }) => sum + logEndOffset, 0),
    cpuNs: tool.cpuNs(),
  };
}

/** Milliseconds since 1970, with their fractions. */
function unixMs(): number {
  return performance.timeOrigin + performance.now();
}

/** null where no session was saved: loadtui was too slow to end. */
async function ownPerSecond(path: string, fromMs: number, toMs: number): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  return ackedPerSecond(sessionDocumentSchema.parse(JSON.parse(text)).intervals, fromMs, toMs);
}

/** Messages acknowledged a second between two times; of an interval that is only partly between them, its share. null: none is. */
export function ackedPerSecond(
  intervals: readonly Pick<IntervalRow, 'timeMs' | 'durationMs' | 'ackedRate'>[],
  fromMs: number,
  toMs: number,
): number | null {
  let acked = 0;
  let coveredMs = 0;
  for (const { timeMs, durationMs, ackedRate } of intervals) {
    const withinMs = Math.min(toMs, timeMs + durationMs) - Math.max(fromMs, timeMs);
    if (withinMs <= 0) continue;
    coveredMs += withinMs;
    acked += (ackedRate * withinMs) / 1000;
  }
  return coveredMs === 0 ? null : (acked / coveredMs) * 1000;
}
