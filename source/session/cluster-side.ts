/** The cluster of a session: the embedded sandbox or the named brokers, the topics of the run, group and observer. */
import { stampedPartitions } from '../clients/stamp.ts';
import type { PartitionTable } from '../clients/types.ts';
import { openCluster } from '../cluster/cluster.ts';
import { Observer, type ObserverListener } from '../cluster/observer.ts';
import type { ObserverSetup } from '../cluster/observer-protocol.ts';
import {
  checkConsumeTopic,
  checkTarget,
  type ReadTarget,
  type Target,
  topicNotEmpty,
  wouldAskAgain,
} from '../cluster/rails.ts';
import type { Cluster, ClusterInfo, PartitionOffsets, TopicInfo } from '../cluster/types.ts';
import { formatAddress } from '../config/address.ts';
import type { Plan, ResolvedPlan } from '../config/plan.ts';
import { plaintext, type SecurityMaterial } from '../config/security/material.ts';
import { type LoadtuiError, messageOf, usageError } from '../errors.ts';
import { isSandbox } from '../sandbox/identity.ts';
import type { Sandbox, SandboxListener } from '../sandbox/types.ts';
import { tidyUp } from './tidy-up.ts';

export interface ClusterSideOptions {
  readonly resolved: ResolvedPlan;
  readonly runId: string;
  /** Asks the operator; false: no. null: nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  /** Tells what the operator should know and no more. */
  readonly note: (message: string) => void;
  /** Waits for the work, and rejects before it is done where the run is ended meanwhile. */
  readonly unlessStopped: <Value>(work: Promise<Value>) => Promise<Value>;
  /** Names of topics that the run made and that are there still; kept here as they come and go. */
  readonly made: Set<string>;
  /** Hears of the embedded broker's thread. */
  readonly sandbox: SandboxListener;
}

/** Of a partition of the embedded broker: seconds of a fast run, and memory that soon stops growing. */
const embeddedRetentionBytes = 32 * 1024 * 1024;
/** Whoever waits for a cluster that is not there is told within ten seconds. */
const connectWithinMs = 9_000;

export class ClusterSide {
  readonly cluster: Cluster;
  /** The embedded one, which ends with the run; null: brokers are named. */
  readonly sandbox: Sandbox | null;
  readonly bootstrap: readonly string[];
  readonly security: SecurityMaterial;
  readonly info: ClusterInfo;
  readonly topics: readonly TopicInfo[];
  /** That are written to. */
  readonly partitions: PartitionTable;
  /** What a pipeline writes to; null: there is none. */
  readonly output: TopicInfo | null;
  /** That are read: of the output, or those that are written to. */
  readonly readPartitions: PartitionTable;
  /** Log ends by partition index, before the run wrote anything. */
  readonly startEnds: readonly number[];
  /** Where consumers begin, by index of the partitions that are read. */
  readonly startPositions: readonly number[];
  /** null: nobody consumes, so nothing is committed. */
  readonly group: string | null;
  /** The operator was asked before anything was written. */
  readonly #asked: boolean;
  readonly #removeAtEnd: readonly string[];
  readonly #made: Set<string>;
  readonly #ownGroup: boolean;

  private constructor(parts: {
    cluster: Cluster;
    sandbox: Sandbox | null;
    bootstrap: readonly string[];
    security: SecurityMaterial;
    info: ClusterInfo;
    topics: readonly TopicInfo[];
    partitions: PartitionTable;
    output: TopicInfo | null;
    readPartitions: PartitionTable;
    startEnds: readonly number[];
    startPositions: readonly number[];
    group: string | null;
    ownGroup: boolean;
    asked: boolean;
    removeAtEnd: boolean;
    made: Set<string>;
  }) {
    this.cluster = parts.cluster;
    this.sandbox = parts.sandbox;
    this.bootstrap = parts.bootstrap;
    this.security = parts.security;
    this.info = parts.info;
    this.topics = parts.topics;
    this.partitions = parts.partitions;
    this.output = parts.output;
    this.readPartitions = parts.readPartitions;
    this.startEnds = parts.startEnds;
    this.startPositions = parts.startPositions;
    this.group = parts.group;
    this.#removeAtEnd = parts.removeAtEnd ? parts.topics.map(({ name }) => name) : [];
    this.#made = parts.made;
    this.#ownGroup = parts.ownGroup;
    this.#asked = parts.asked;
  }

  /** Starts or finds the cluster and makes the topics ready; LoadtuiError where the run must not be. */
  static async open(options: ClusterSideOptions): Promise<ClusterSide> {
    const { runId } = options;
    const { plan } = options.resolved;
    const sandbox = plan.brokers === null ? await startEmbedded(options.sandbox) : null;
    const bootstrap = plan.brokers ?? sandbox?.brokers.map(formatAddress) ?? [];
    // The embedded broker speaks plain text.
    const security = sandbox === null ? options.resolved.security : plaintext;
    const { tuning } = plan;
    const cluster = openCluster({ brokers: bootstrap, clientId: tuning.clientId, security, tuning });
    const { made } = options;
    let making: readonly string[] = [];
    try {
      const info = await options.unlessStopped(cluster.connect(connectWithinMs));
      const group = plan.mode === 'produce-only' ? null : (plan.group ?? `loadtui-${runId}`);
      const ownGroup = plan.group ?? `loadtui-${runId}`;
      const readTarget = await checkConsumeTopic(cluster, plan, info.brokers.length);
      const target = await allowedTarget(cluster, info.brokers.length, options, ownGroup);
      const removeAtEnd = target.kind === 'make' && target.removeAtEnd;
      // Those of the embedded one go with it.
      if (removeAtEnd && sandbox === null) making = target.topics.map(({ name }) => name);
      // One that is lost on the way may be there all the same.
      for (const name of making) made.add(name);
      const topics = target.kind === 'make' ? await cluster.createTopics(target.topics) : [target.topic];
      if (target.kind === 'make' && sandbox === null) for (const { name } of topics) made.add(name);
      const output = await makeReady(cluster, readTarget);
      const partitions = partitionsOf(topics);
      const readPartitions = output === null ? partitions : partitionsOf([output]);
      if (output !== null && partitions.length > stampedPartitions) throw tooManyPartitions(partitions.length);
      const offsets = await cluster.offsets(partitions, [...partitions.keys()]);
      const startEnds = byIndex(offsets, ({ logEndOffset }) => logEndOffset);
      const startPositions =
        plan.mode === 'consume-only'
          ? await readFrom(cluster, plan, partitions, offsets)
          : output === null
            ? startEnds
            : await logEnds(cluster, readPartitions);
      if (group !== null) await commitStart(cluster, group, readPartitions, startPositions, options.note);
      return new ClusterSide({
        cluster,
        sandbox,
        bootstrap,
        security,
        info,
        topics,
        partitions,
        output,
        readPartitions,
        startEnds,
        startPositions,
        group,
        ownGroup: plan.group === null,
        removeAtEnd,
        made,
        asked: target.kind === 'existing' && target.question !== null,
      });
    } catch (error) {
      await tidyUp(cluster, { topics: making, group: null }, made, options.note);
      await sandbox?.close();
      throw error;
    }
  }

  /** It is loadtui's own broker, the embedded one or one that runs alone: its figures say nothing about Kafka. */
  get isSandbox(): boolean {
    return isSandbox(this.info.clusterId);
  }

  /** Those written to, then that of a pipeline's output. */
  get allTopics(): readonly TopicInfo[] {
    return this.output === null ? this.topics : [...this.topics, this.output];
  }

  observe(
    plan: Plan,
    arrays: { positions: SharedArrayBuffer; logEnds: SharedArrayBuffer; committed: SharedArrayBuffer },
    own: ObserverSetup['own'],
    watch: ObserverSetup['watch'],
    listener: ObserverListener,
  ): Observer {
    return new Observer(
      {
        brokers: this.bootstrap,
        clientId: `${plan.tuning.clientId}-observer`,
        security: this.security,
        tuning: plan.tuning,
        partitions: this.readPartitions,
        group: this.group,
        ...arrays,
        own,
        watch,
      },
      listener,
    );
  }

  /** Ends now of the logs that are read, by partition index. */
  endOffsets(): Promise<readonly number[]> {
    return logEnds(this.cluster, this.readPartitions);
  }

  /** By how many records the logs that are written to have grown since before the run wrote anything. */
  async growth(): Promise<number> {
    let growth = 0;
    const ends = await logEnds(this.cluster, this.partitions);
    for (const [index, end] of ends.entries()) growth += end - (this.startEnds[index] ?? 0);
    return growth;
  }

  /** Whether the same command would be asked before it writes, now that the topics hold so many records of this run. */
  asksNextTime(plan: Plan, records: number): boolean {
    return this.sandbox === null && wouldAskAgain(plan, this.#asked, records);
  }

  /** Removes what the run made, unless it is to be kept, and ends the sandbox. Faults are told, not thrown. */
  async close(note: (message: string) => void): Promise<void> {
    const { sandbox } = this;
    const own = { topics: this.#removeAtEnd, group: this.#ownGroup ? this.group : null };
    // The sandbox takes all it holds with it.
    await tidyUp(this.cluster, sandbox === null ? own : { topics: [], group: null }, this.#made, note);
    await sandbox?.close().catch((error: unknown) => note(`ending the sandbox failed: ${messageOf(error)}`));
  }
}

/** Imported only where it is used: a run against a cluster does not load the broker. */
async function startEmbedded(listener: SandboxListener): Promise<Sandbox> {
  const { startSandbox } = await import('../sandbox/start.ts');
  return startSandbox({ retentionBytesPerPartition: embeddedRetentionBytes }, listener);
}

function partitionsOf(topics: readonly TopicInfo[]): PartitionTable {
  return topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })),
  );
}

async function makeReady(cluster: Cluster, target: ReadTarget | null): Promise<TopicInfo | null> {
  if (target === null) return null;
  if (target.kind === 'existing') return target.topic;
  const [made] = await cluster.createTopics(target.topics);
  return made ?? null;
}

/** What comes out tells by its stamp which partition it was sent to. */
function tooManyPartitions(count: number): LoadtuiError {
  return usageError(
    `a pipeline's input of ${count} partitions: messages can tell ${stampedPartitions} apart`,
    'Use an input with fewer partitions.',
  );
}

async function logEnds(cluster: Cluster, partitions: PartitionTable): Promise<number[]> {
  const offsets = await cluster.offsets(partitions, [...partitions.keys()]);
  return byIndex(offsets, ({ logEndOffset }) => logEndOffset);
}

/** Offsets by partition index. */
function byIndex(offsets: readonly PartitionOffsets[], pick: (one: PartitionOffsets) => number): number[] {
  const picked = new Array<number>(offsets.length).fill(0);
  for (const one of offsets) picked[one.partitionIndex] = pick(one);
  return picked;
}

/** A run that only consumes goes on where its named group stands, else it reads what is there from the start. */
async function readFrom(
  cluster: Cluster,
  plan: Plan,
  partitions: PartitionTable,
  offsets: readonly PartitionOffsets[],
): Promise<number[]> {
  const committed = plan.group === null ? new Map<number, number>() : await cluster.committed(plan.group, partitions);
  return byIndex(offsets, ({ partitionIndex, logStartOffset }) => committed.get(partitionIndex) ?? logStartOffset);
}

/** Tools list a group's partition only once it has a committed offset. */
async function commitStart(
  cluster: Cluster,
  group: string,
  partitions: PartitionTable,
  offsets: readonly number[],
  note: (message: string) => void,
): Promise<void> {
  const committed = await cluster.commit(group, partitions, new Map(offsets.entries()));
  if (!committed) note(`no right to commit for group ${group}: lag is shown from positions only`);
}

/** What the run may write to, with the operator's consent where it is needed. */
async function allowedTarget(
  cluster: Cluster,
  brokerCount: number,
  { resolved, runId, ask, note }: ClusterSideOptions,
  ownGroup: string,
): Promise<Target> {
  const target = await checkTarget(cluster, resolved.plan, {
    runId,
    brokerCount,
    ownGroup,
    canAsk: ask !== null,
    sources: resolved.sources,
  });
  for (const warning of target.warnings) note(warning);
  if (target.kind === 'existing' && target.question !== null && !(await ask?.(target.question))) {
    throw topicNotEmpty(target.question);
  }
  return target;
}
