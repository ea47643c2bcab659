/** The way into a session: the cluster, the observer, the load's threads, and the probes that show that consumers read. */
import { stampBytes, stampHeaderName } from '../clients/stamp.ts';
import type { PartitionTable } from '../clients/types.ts';
import type { Plan } from '../config/plan.ts';
import { LoadtuiError, messageOf } from '../errors.ts';
import { pacingText } from '../load/pacer.ts';
import { createAckedOffsets } from '../measure/acked-offsets.ts';
import { hostFacts } from '../measure/host.ts';
import type { SandboxListener } from '../sandbox/types.ts';
import { ClusterSide } from './cluster-side.ts';
import { ClusterWatch, type WatchArrays } from './cluster-watch.ts';
import { LoadSide, pipelineProbeMs } from './load-side.ts';
import type { LoadThreadListener } from './load-thread.ts';
import type { RunState } from './run-state.ts';

export interface ConnectHooks {
  /** Asks the operator; null: nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  /** The cluster and the topics are known. */
  readonly known: () => void;
}

/** Fills `run` until the load can begin. Rejects with LoadtuiError, at once where somebody ends the run meanwhile. */
export async function connect(run: RunState, { ask, known }: ConnectHooks): Promise<void> {
  const { plan, resolved, log, runId } = run;
  const note = (message: string): void => {
    log.add(Date.now(), 'warning', message);
  };
  const unlessStopped = untilEnded(run);
  const cluster = await ClusterSide.open({
    resolved,
    runId,
    ask,
    note,
    unlessStopped,
    made: run.madeTopics,
    sandbox: sandboxListener(run),
  });
  run.cluster = cluster;
  const { observer, load } = openSides(run, cluster);
  known();
  if (plan.mode !== 'consume-only') {
    const { pacing } = load;
    log.add(Date.now(), 'info', pacingText(plan.pacing, pacing), { pacing, asked: plan.pacing });
  }
  // Who only consumes finds a log that is full: what is read before the first phase would count nowhere.
  if (plan.mode === 'consume-only') await load.consumers.pause();
  await unlessStopped(load.open());
  const { sent: probes, seen } = await unlessStopped(load.probe());
  // Lag and offsets are known from the first second on, and no thread loads its library while others measure.
  await unlessStopped(observer.ready).catch((error: unknown) => {
    if (run.endReason !== null) throw error;
    note(`no lag, pings and offsets yet: ${messageOf(error)}`);
  });
  await unlessStopped(load.collectGarbage(note));
  if (probes > 0 && seen === probes)
    log.add(Date.now(), 'info', `consumers read: ${probes} probe messages came through`, { probes });
  else if (probes > 0) note(probesText(run, probes, seen));
}

/** What is known of a pipeline that has not let all probes through: it may be slow, filter, or not run. */
function probesText({ clock, clusterWatch, happenings, plan }: RunState, sent: number, seen: number): string {
  const waited = `within ${pipelineProbeMs / 1000} s`;
  if (seen > 0) return `${seen} of ${sent} probe messages came through the pipeline: the load begins all the same`;
  const noGauges = { lagMessages: null, lagMs: null, pingMs: null, host: null };
  const foreign = happenings.sample(clock.nowNs(), clusterWatch?.gauges() ?? noGauges).total('foreign');
  const what =
    foreign === 0
      ? `is the job running, and does it read from the end of ${plan.topic}?`
      : `${foreign} records came out that carry no stamp of this run: does the job keep ${stampPlace(plan)}?`;
  return `nothing has come through the pipeline ${waited}: ${what} The load begins all the same`;
}

function stampPlace({ stamp }: Plan): string {
  return stamp === 'header' ? `the header ${stampHeaderName}` : `the value's first ${stampBytes} bytes`;
}

/** The observer, and the load with its threads not yet started, over memory that they share. */
function openSides(run: RunState, cluster: ClusterSide) {
  const { plan, log, runId, anchor } = run;
  const { partitions, readPartitions } = cluster;
  const isPipeline = plan.consumeTopic !== null;
  const shared = (): SharedArrayBuffer => new SharedArrayBuffer(Math.max(8, readPartitions.length * 8));
  const arrays = { positions: shared(), logEnds: shared(), committed: shared() };
  for (const buffer of Object.values(arrays)) new Float64Array(buffer).fill(Number.NaN);
  const watched = watchArrays(plan.watchGroups, partitions);
  const clusterWatch = new ClusterWatch(readPartitions, cluster.group, arrays, log, watched);
  run.clusterWatch = clusterWatch;
  const acked = createAckedOffsets(plan.threads, partitions.length);
  const own = plan.mode === 'consume-only' ? null : { anchor, acked };
  const watch = watched === null ? null : { ...watched, partitions: isPipeline ? partitions : null, own };
  // Where our messages lie in what a pipeline writes nobody tells us.
  const observer = cluster.observe(plan, arrays, isPipeline ? null : own, watch, {
    report: (report) => clusterWatch.report(report),
    died: (error) => {
      run.bug ??= error.message;
      clusterWatch.died(error);
    },
  });
  run.observer = observer;
  const load = new LoadSide({
    plan,
    cores: hostFacts().cpus,
    bootstrap: cluster.bootstrap,
    security: cluster.security,
    partitions,
    readPartitions,
    stamp: { runId, epochZeroHigh: anchor.epochZeroHigh, epochZeroLow: anchor.epochZeroLow },
    anchor,
    spans: run.timeline.buffer,
    board: run.board,
    startPositions: cluster.startPositions,
    positions: arrays.positions,
    acked,
    listener: loadListener(run),
    lastTrouble: () => run.loadWatch.lastTrouble,
    published: (thread, figures) => {
      run.book.addThread(thread, figures);
      run.happenings.addThread(thread, figures);
    },
    publishedSkew: (skew) => run.skew.addThread(skew, partitions),
  });
  run.load = load;
  return { observer, load };
}

function watchArrays(groups: readonly string[], partitions: PartitionTable): WatchArrays | null {
  if (groups.length === 0) return null;
  const ends = partitions.length * 8;
  const logEnds = new SharedArrayBuffer(ends);
  const committed = new SharedArrayBuffer(groups.length * ends);
  for (const buffer of [logEnds, committed]) new Float64Array(buffer).fill(Number.NaN);
  return { groups, partitions, logEnds, committed };
}

function loadListener(run: RunState): LoadThreadListener {
  return {
    report: (thread, report) => run.loadWatch.report(thread, report),
    died: (thread, error) => {
      const message = `${thread.name} died: ${error.message}`;
      run.bug ??= message;
      run.log.add(Date.now(), 'thread', message, { thread: thread.name }, true);
      if (run.running && run.load?.threads.every(({ dead }) => dead)) run.end('finished');
    },
  };
}

function sandboxListener(run: RunState): SandboxListener {
  return {
    died: (error) => {
      run.bug ??= error.message;
      run.brokerGone = true;
      run.log.add(Date.now(), 'thread', error.message, { thread: 'sandbox' }, true);
    },
    answers: (again) => {
      run.brokerGone = !again;
      const message = again ? "the sandbox's thread answers again" : "the sandbox's thread does not answer";
      run.log.add(Date.now(), 'thread', message, { thread: 'sandbox' }, !again);
    },
  };
}

/** What it makes of some work rejects as soon as somebody ends the run, whatever becomes of the work. */
function untilEnded(run: RunState): <Value>(work: Promise<Value>) => Promise<Value> {
  return (work) => {
    const stopped = run.ended.promise.then(() => {
      const next = 'Start it again when you are ready.';
      throw new LoadtuiError('stopped while connecting', { code: 'ABORTED', fault: 'cluster', next });
    });
    return Promise.race([stopped, work]);
  };
}
