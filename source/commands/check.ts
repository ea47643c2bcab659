/** `loadtui check`: can this machine reach each broker, what may it do there, and what is it able to drive. */
import { openCluster } from '../cluster/cluster.ts';
import { longestKnockMs } from '../cluster/connect.ts';
import { madeTopicConfig, madeTopicName } from '../cluster/made-topic.ts';
import type { Cluster } from '../cluster/types.ts';
import { compressions, type OutputOptions, type Plan, type ResolvedPlan } from '../config/plan.ts';
import { securityFacts } from '../config/security/material.ts';
import { exitCodes } from '../errors.ts';
import { hostFacts } from '../measure/host.ts';
import { checkJson } from './check-json.ts';
import { problemsOf } from './check-problems.ts';
import type { Allowed, CheckedCluster, CheckReport, DrivenSandbox } from './check-report.ts';
import { checkText } from './check-text.ts';
import { print } from './print.ts';

/** Drives the embedded sandbox for so long and says what came of it. */
export type DriveSandbox = (durationMs: number) => Promise<DrivenSandbox>;

const driveMs = 2_000;
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
  knockMs = longestKnockMs,
): Promise<number> {
  const { plan } = resolved;
  const cluster = plan.brokers === null ? null : await checkCluster(resolved, plan.brokers, knockMs);
  const isUsable = cluster === null || cluster.problems.length === 0;
  const report: CheckReport = {
    cluster,
    host: hostFacts(),
    node: process.versions.node,
    clients: ['wire'],
    codecs: compressions,
    // Whoever has a problem to solve is not kept waiting.
    driven: drive === undefined || !isUsable ? null : await drive(driveMs),
  };
  await print(
    output.style === 'json' ? `${JSON.stringify(checkJson(report))}\n` : checkText(report, Date.now(), output.ascii),
  );
  return isUsable ? exitCodes.done : exitCodes.cluster;
}

async function checkCluster(
  resolved: ResolvedPlan,
  brokers: readonly string[],
  knockMs: number,
): Promise<CheckedCluster> {
  const { plan } = resolved;
  const { tuning } = plan;
  const cluster = openCluster({ brokers, clientId: tuning.clientId, security: resolved.security, tuning });
  try {
    const inspection = await cluster.inspect(knockMs);
    const allReached = inspection.brokers.every(({ found }) => found.kind === 'reached');
    const allowed = allReached ? await ask(cluster, plan, inspection.brokers.length) : null;
    const security = securityFacts(resolved.security);
    return { inspection, security, allowed, problems: problemsOf(inspection, allowed, plan, security) };
  } finally {
    await cluster.close();
  }
}

async function ask(cluster: Cluster, plan: Plan, brokers: number): Promise<Allowed> {
  const replicationFactor = plan.replicationFactor ?? Math.min(3, brokers);
  const partitions = plan.partitions ?? 3 * brokers;
  const topic = { name: madeTopicName(noRunId, 0), partitions, replicationFactor, config: madeTopicConfig(plan) };
  const names = [plan.topic, plan.consumeTopic].filter((name) => name !== null);
  return {
    whyNotCreate: await cluster.whyNotCreate(topic),
    topics: await Promise.all(names.map(async (name) => ({ name, rights: await cluster.topicRights(name) }))),
    group: plan.group === null ? null : { name: plan.group, rights: await cluster.groupRights(plan.group) },
  };
}
