/** Gathers a document's state from the parts of a session. */

import { e2eErrorMs } from '../analysis/clock-error.ts';
import { type LatencyTag, latencyTags, type Pacing, type ResolvedPlan } from '../config/plan.ts';
import { securityFacts } from '../config/security/material.ts';
import type { GivenUp } from '../load/protocol.ts';
import type { Clock } from '../measure/clock.ts';
import type { LatencyCounts } from '../measure/latency-counts.ts';
import type { ClusterSide } from './cluster-side.ts';
import type {
  ErrorCount,
  HostInfo,
  LagSample,
  Search,
  SkewDocument,
  SloRow,
  ToolInfo,
  Verdict,
  WholeRun,
} from './document-schema.ts';
import type { DocumentState, LatencyState, LatencyStates } from './document-state.ts';
import type { Sweep } from './document-sweep-schema.ts';
import { totalsOf } from './figures-of.ts';
import type { RunningTotals } from './happenings.ts';
import type { IntervalBook, Tally } from './interval-book.ts';
import type { IntervalRows } from './interval-rows.ts';
import type { Timeline } from './timeline.ts';
import type { SessionEvent, Totals } from './view.ts';
import { toHistogram, type WindowBook } from './window-book.ts';

export interface Account {
  /** Of the whole run. */
  readonly missing: number;
  readonly unread: number;
  readonly givenUp: readonly GivenUp[];
  readonly consumedOfGivenUp: readonly number[];
}

export interface DocumentSource {
  readonly tool: ToolInfo;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly commandLine: readonly string[];
  readonly resolved: ResolvedPlan;
  readonly pacing: Exclude<Pacing, 'auto'>;
  readonly cluster: Pick<ClusterSide, 'isSandbox' | 'info' | 'security' | 'topics'>;
  readonly host: HostInfo;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly book: IntervalBook;
  readonly rows: IntervalRows;
  readonly windows: WindowBook;
  readonly measured: Tally;
  readonly running: RunningTotals | null;
  /** null: the run is not closed yet. */
  readonly account: Account | null;
  readonly logEndGrowth: number | null;
  /** The most that a thread's clock was ever off, ns. */
  readonly clockDeviationNs: number;
  readonly consumes: boolean;
  readonly lagSamples: readonly LagSample[];
  /** null: nobody produces. */
  readonly skew: SkewDocument | null;
  readonly events: readonly SessionEvent[];
  readonly slos: readonly SloRow[];
  readonly errors: readonly ErrorCount[];
  readonly searches: readonly Search[];
  readonly sweeps?: readonly Sweep[];
  verdict(totals: Totals): Verdict;
}

export function documentState(source: DocumentSource): DocumentState {
  const { timeline, clock, book, cluster, measured } = source;
  const { missing, unread } = source.account ?? { missing: 0, unread: 0 };
  const totals = measuredTotals(source, measured, null, { missing, unread });
  const left = { missing, unread };
  return {
    tool: source.tool,
    run: {
      id: source.runId,
      startedAtMs: source.startedAtMs,
      endedAtMs: source.endedAtMs,
      commandLine: source.commandLine,
      verdict: source.verdict(totals),
    },
    plan: source.resolved,
    pacing: source.pacing,
    cluster: {
      sandbox: cluster.isSandbox,
      clusterId: cluster.info.clusterId,
      security: securityFacts(cluster.security),
      brokers: cluster.info.brokers.map(({ id, host, port, rack }) => ({ id, host, port, rack })),
      version: { metadataVersion: cluster.info.metadataVersion, inferredAtLeast: cluster.info.inferredAtLeast },
      topics: cluster.topics.map(({ name, partitions, replicationFactor, minInsyncReplicas, created }) => ({
        name,
        partitions,
        replicationFactor,
        minInsyncReplicas,
        created,
      })),
    },
    host: source.host,
    totals,
    wholeRun: wholeRun(source),
    latency: latencyStates(measured),
    slos: source.slos,
    // The newest first: what nobody had read at the end was due last.
    epochs: [...timeline.epochs]
      .reverse()
      .map(({ index, startNs, knobs }) => {
        const tally = book.epoch(index, 'measuring');
        const epochTotals = measuredTotals(source, tally, index, left);
        left.missing -= epochTotals.missing ?? 0;
        left.unread -= epochTotals.unread;
        return {
          index,
          timeMs: roundMs(clock.toUnixMs(startNs)),
          knobs,
          totals: epochTotals,
          latency: latencyStates(tally),
        };
      })
      .reverse(),
    intervals: source.rows.rows,
    hdrWindows: source.windows.windows(clock, openIntervals(source)),
    lag: source.lagSamples,
    ...(source.skew === null ? {} : { skew: source.skew }),
    events: source.events,
    errors: source.errors,
    searches: source.searches,
    sweeps: source.sweeps ?? [],
  };
}

/**
 * Totals of a part of the measured phase. `missing`: acknowledged there and not read for the first time; what was given
 * up and came through all the same is no substitute for it; what retention removed and what is unread are not among the
 * run's missing. `most`: of the whole run, as far as no other part of it has them.
 * What consumers found while draining they found among the measured. `epoch` null: all of them.
 */
function measuredTotals(
  source: DocumentSource,
  tally: Tally,
  epoch: number | null,
  most: Pick<Account, 'missing' | 'unread'>,
): Totals {
  const { account, consumes, timeline } = source;
  let failedButConsumed = 0;
  let givenUpButConsumed = 0;
  for (const [at, range] of (account?.givenUp ?? []).entries()) {
    const span = timeline.spans.spans.findLast(({ startNs }) => startNs <= range.intendedNs);
    if (span === undefined || span.phase !== 'measuring' || (epoch !== null && span.epoch !== epoch)) continue;
    const came = account?.consumedOfGivenUp[at] ?? 0;
    givenUpButConsumed += came;
    if (range.fate === 'failed') failedButConsumed += came;
  }
  const { acked, consumed, duplicated } = tally.counts;
  const notRead = Math.max(0, acked - (consumed - duplicated - givenUpButConsumed));
  // Until the books are closed, messages on their way would count as missing.
  const missing = account === null ? 0 : Math.min(notRead, most.missing);
  const unread = account === null || !consumes ? 0 : Math.min(notRead - missing, most.unread);
  const { book } = source;
  const draining = epoch === null ? book.phase('draining', 0, timeline.epochs.length) : book.epoch(epoch, 'draining');
  return { ...totalsWithDrained(tally, draining, consumes ? missing : null), unread, failedButConsumed };
}

/** Totals with what consumers found among the messages while draining. `missing` null: not checked. */
export function totalsWithDrained(measured: Tally, draining: Tally, missing: number | null): Totals {
  const totals = totalsOf(measured, missing);
  const { corrupt, expired } = draining.counts;
  return { ...totals, corrupt: totals.corrupt + corrupt, expired: totals.expired + expired };
}

/** What has happened since connecting. */
export function wholeRun({
  running,
  logEndGrowth,
  clockDeviationNs,
}: Pick<DocumentSource, 'running' | 'logEndGrowth' | 'clockDeviationNs'>): WholeRun {
  const negativeE2e = running?.negativeE2e ?? 0;
  const lowestE2eMs = negativeE2e === 0 ? null : lowestMs(running?.lowestE2eNs ?? 0);
  return {
    acked: running?.acked ?? 0,
    failed: running?.failed ?? 0,
    unknown: running?.unknown ?? 0,
    consumed: running?.consumed ?? 0,
    probes: running?.probesAcked ?? 0,
    negativeE2e,
    lowestE2eMs,
    e2eErrorMs: roundMs(e2eErrorMs({ deviationNs: clockDeviationNs, lowestE2eMs })),
    logEndGrowth: logEndGrowth === null ? null : Math.max(0, logEndGrowth),
  };
}

/** +Infinity where none was below 0. */
function lowestMs(lowestNs: number): number {
  return Number.isFinite(lowestNs) ? roundMs(lowestNs / 1e6) : 0;
}

export function latencyStates(tally: Tally): LatencyStates {
  const of = (tag: LatencyTag): LatencyState => latencyState(tally.latencies[tag]);
  const [response, service, slip, e2e] = latencyTags;
  return { response: of(response), service: of(service), slip: of(slip), e2e: of(e2e) };
}

function latencyState(counts: LatencyCounts): LatencyState {
  const histogram = toHistogram(counts);
  if (counts.count === 0) return { histogram };
  return { histogram, exact: { minNs: counts.minNs, maxNs: counts.maxNs, sumNs: counts.sumNs } };
}

function* openIntervals({ rows, timeline }: DocumentSource) {
  const open: { readonly startNs: number; readonly tally: Tally | undefined }[] = [];
  rows.forEachOpen((number, tally) => open.push({ startNs: timeline.spans.describe(number).startNs, tally }));
  yield* open;
}

export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
