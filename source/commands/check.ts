/** `loadtui check`: can this machine reach each broker, what may it do there, and what is it able to drive. */
import { openCluster } from '../cluster/cluster.ts';
import { madeTopicConfig, madeTopicName } from '../cluster/made-topic.ts';
import type { Cluster, ClusterInfo } from '../cluster/types.ts';
import { formatAddress } from '../config/address.ts';
import { compressions, type OutputOptions, type ResolvedPlan } from '../config/plan.ts';
import { formatBytes, formatRate } from '../config/units.ts';
import { exitCodes } from '../errors.ts';
import { type HostFacts, hostFacts } from '../measure/host.ts';
import { isSandbox } from '../sandbox/identity.ts';
import { bytesText } from '../session/figures-text.ts';
import { connectWithinMs } from './connect-time.ts';
import { print } from './print.ts';

/** What this host drove against the sandbox. */
export interface DrivenSandbox {
  /** Acknowledged messages per second. */
  readonly ratePerSecond: number;
  readonly messageSizeBytes: number;
}

/** Drives the embedded sandbox for so long and says what came of it. */
export type DriveSandbox = (durationMs: number) => Promise<DrivenSandbox>;

export interface CheckReport {
  readonly cluster: CheckedCluster | null;
  readonly host: HostFacts;
  readonly node: string;
  readonly clients: readonly string[];
  readonly codecs: readonly string[];
  readonly driven: DrivenSandbox | null;
}

export interface CheckedCluster {
  readonly info: ClusterInfo;
  /** Broker id → round trip of an idle request, ms; null: no answer. */
  readonly pings: ReadonlyMap<number, number | null>;
  /** null: topics may be created; else the broker's reason. */
  readonly whyNotCreate: string | null;
}

const driveMs = 2_000;
/** The first round trip warms the path up; the least of the rest is the path's own time. */
const pingRounds = 5;
/** Any run id will do where nothing is created. */
const noRunId = '0000000000000000';

/** `loadtui check`, with a short run on the sandbox. */
export async function checkHost(resolved: ResolvedPlan, output: OutputOptions): Promise<number> {
  const { driveSandbox } = await import('../session/drive-sandbox.ts');
  return checkCommand(resolved, output, driveSandbox);
}

/** Prints a report on standard output. Rejects with CANNOT_REACH and the like; resolves with exit code 0 or 3. */
export async function checkCommand(
  resolved: ResolvedPlan,
  output: OutputOptions,
  drive?: DriveSandbox,
  connectMs = connectWithinMs,
): Promise<number> {
  const { plan } = resolved;
  const cluster = plan.brokers === null ? null : await checkCluster(resolved, plan.brokers, connectMs);
  const report: CheckReport = {
    cluster,
    host: hostFacts(),
    node: process.versions.node,
    clients: ['wire'],
    codecs: compressions,
    driven: drive === undefined ? null : await drive(driveMs),
  };
  await print(output.style === 'json' ? `${JSON.stringify(checkJson(report))}\n` : checkText(report));
  return isFine(cluster) ? exitCodes.done : exitCodes.cluster;
}

function isFine(cluster: CheckedCluster | null): boolean {
  return cluster === null || [...cluster.pings.values()].every((pingMs) => pingMs !== null);
}

async function checkCluster(
  { plan, security }: ResolvedPlan,
  brokers: readonly string[],
  connectMs: number,
): Promise<CheckedCluster> {
  const { tuning } = plan;
  const cluster = openCluster({ brokers, clientId: tuning.clientId, security, tuning });
  try {
    const info = await cluster.connect(connectMs);
    const pings = await bestPings(cluster);
    const replicationFactor = plan.replicationFactor ?? Math.min(3, info.brokers.length);
    const partitions = plan.partitions ?? 3 * info.brokers.length;
    const topic = { name: madeTopicName(noRunId, 0), partitions, replicationFactor, config: madeTopicConfig(plan) };
    return { info, pings, whyNotCreate: await cluster.whyNotCreate(topic) };
  } finally {
    await cluster.close();
  }
}

async function bestPings(cluster: Cluster): Promise<ReadonlyMap<number, number | null>> {
  const best = new Map<number, number | null>();
  for (let round = 0; round < pingRounds; round++) {
    for (const [id, pingMs] of await cluster.ping()) {
      const known = best.get(id) ?? null;
      best.set(id, pingMs === null || known === null ? (pingMs ?? known) : Math.min(pingMs, known));
    }
  }
  return best;
}

export function checkText({ cluster, host, node, clients, codecs, driven }: CheckReport): string {
  const lines =
    cluster === null ? ['cluster   none named: a run would use the embedded sandbox'] : clusterLines(cluster);
  lines.push(
    `host      ${host.cpus} cores, ${bytesText(host.memoryBytes)}, ${host.platform}, kernel ${host.kernel}, Node ${node}`,
    `clients   ${clients.join(' ')}`,
    `codecs    ${codecs.join(' ')} `,
  );
  if (driven !== null) {
    const rate = `${formatRate(Number(driven.ratePerSecond.toPrecision(3)))}/s of ${formatBytes(driven.messageSizeBytes)}`;
    lines.push(`drives    ${rate} against the embedded sandbox, which shares this machine's cores`);
  }
  return `${lines.join('\n')}\n`;
}

function clusterLines({ info, pings, whyNotCreate }: CheckedCluster): string[] {
  const width = Math.max(0, ...info.brokers.map((broker) => formatAddress(broker).length));
  const brokers = info.brokers.map((broker) => {
    const { id, rack } = broker;
    const pingMs = pings.get(id) ?? null;
    const answer = pingMs === null ? 'no answer' : `${pingMs.toFixed(2)} ms`;
    return `broker ${String(id).padEnd(2)} ${formatAddress(broker).padEnd(width)}  ${answer}${rack === null ? '' : `  rack ${rack}`}`;
  });
  return [
    `cluster   ${nameText(info)}`,
    ...brokers,
    `topics    ${whyNotCreate === null ? 'may be created' : `may not be created: ${whyNotCreate}`}`,
  ];
}

function nameText(info: ClusterInfo): string {
  return isSandbox(info.clusterId)
    ? "SANDBOX, loadtui's own broker"
    : `${info.clusterId ?? 'unnamed'}, ${versionText(info)}`;
}

/** e.g. "Kafka 4.3-IV0" or "Kafka 3.7 or newer". */
export function versionText({ metadataVersion, inferredAtLeast }: ClusterInfo): string {
  if (metadataVersion !== null) return `Kafka ${metadataVersion}`;
  return inferredAtLeast === null ? 'version unknown' : `Kafka ${inferredAtLeast} or newer`;
}

function checkJson({ cluster, ...rest }: CheckReport): unknown {
  if (cluster === null) return { type: 'check', cluster: null, ...rest };
  const { info, pings, whyNotCreate } = cluster;
  const brokers = info.brokers.map((broker) => ({ ...broker, pingMs: pings.get(broker.id) ?? null }));
  return {
    type: 'check',
    cluster: {
      sandbox: isSandbox(info.clusterId),
      ...info,
      brokers,
      mayCreateTopics: whyNotCreate === null,
      whyNotCreate,
    },
    ...rest,
  };
}
