/**
 * Pictures of a saved session as it stood at a moment of it: made from its document alone. Percentiles are those of the
 * last full second; what only the closing account knows (missing, duplicated …) is the whole run's.
 */

import { offeredToleranceMs } from '../analysis/client-verdict.ts';
import { knobNames } from '../config/knobs.ts';
import type { LatencyTag, Slo } from '../config/plan.ts';
import { tightestLimitMs } from '../config/slo.ts';
import { bestOf, resultsOf } from './automation/sweep-row.ts';
import { withRatio } from './compression-text.ts';
import type { EventRow, IntervalRow, LagSample, Search, SessionDocument } from './document-schema.ts';
import type { Sweep } from './document-sweep-schema.ts';
import { searchesAt } from './replay-searches.ts';
import { SloHistory } from './replay-slos.ts';
import {
  type ChartPoint,
  eventTypes,
  type GaugeSeries,
  type HostView,
  type KnobView,
  type LagView,
  type SessionEvent,
  type SessionView,
  type ShownLatency,
  type Totals,
} from './view.ts';
import { clientHealthOf, mostEvents, mostPoints, seriesLength } from './view-builder.ts';

type Counted = Pick<
  Totals,
  'scheduled' | 'sent' | 'acked' | 'failed' | 'missed' | 'retries' | 'consumed' | 'unknown' | 'foreign'
> &
  Pick<Totals, 'bytesSent' | 'bytesConsumed' | 'bytesForeign' | 'wireBytesSent' | 'compressionRatio'>;

const nothing: Counted = {
  scheduled: 0,
  sent: 0,
  acked: 0,
  failed: 0,
  missed: 0,
  retries: 0,
  consumed: 0,
  unknown: 0,
  foreign: 0,
  bytesSent: 0,
  bytesConsumed: 0,
  bytesForeign: 0,
  wireBytesSent: 0,
  compressionRatio: null,
};

export class ReplayPictures {
  /** From the run's start to its end. */
  readonly lengthMs: number;
  readonly #document: SessionDocument;
  readonly #startedAtMs: number;
  readonly #rows: readonly IntervalRow[];
  readonly #rowEndsMs: readonly number[];
  readonly #points: readonly ChartPoint[];
  /** By row: what the screen's totals are once it is over. */
  readonly #counted: readonly Counted[];
  readonly #events: readonly SessionEvent[];
  readonly #eventTimesMs: readonly number[];
  readonly #slos: readonly SloHistory[];
  readonly #lag: readonly (readonly LagSample[])[];
  readonly #lagTimesMs: readonly number[];

  constructor(document: SessionDocument) {
    const { intervals, run } = document;
    this.#document = document;
    this.#startedAtMs = Date.parse(run.startedAt);
    this.#rows = intervals;
    this.#rowEndsMs = intervals.map(({ timeMs, durationMs }) => timeMs + durationMs);
    this.#events = document.events.map(sessionEvent).sort((a, b) => a.timeMs - b.timeMs);
    this.#eventTimesMs = this.#events.map(({ timeMs }) => timeMs);
    this.#points = chartPoints(intervals, this.#events);
    this.#counted = countedUpTo(intervals);
    const { e2eErrorMs } = document.wholeRun;
    // What a search or a sweep is for is not asked of the seconds in which it tries more.
    const judged = document.plan.task.value === 'run' ? document.plan.slos.value : [];
    this.#slos = judged.map((slo) => new SloHistory(slo, intervals, e2eErrorMs));
    const watched: readonly (string | null)[] = document.plan.watchGroups.value;
    const own = document.lag.filter(({ group }) => !watched.includes(group));
    this.#lag = [...Map.groupBy(own, ({ timeMs }) => timeMs).values()];
    this.#lagTimesMs = this.#lag.map((samples) => samples[0]?.timeMs ?? 0);
    const endMs = run.endedAt === null ? 0 : Date.parse(run.endedAt);
    this.lengthMs = Math.max(0, endMs - this.#startedAtMs, (this.#rowEndsMs.at(-1) ?? 0) - this.#startedAtMs);
  }

  /** The session `positionMs` after its start. */
  at(positionMs: number): SessionView {
    const { plan, cluster, run, wholeRun } = this.#document;
    const nowMs = this.#startedAtMs + positionMs;
    const last = countUpTo(this.#rowEndsMs, nowMs) - 1;
    const row = this.#rows[last];
    const next = this.#rows[last + 1];
    const present = next !== undefined && next.timeMs <= nowMs ? next : row;
    const phase = present?.phase ?? 'connecting';
    const phaseStartMs = this.#rows.find((one) => one.phase === phase)?.timeMs ?? this.#startedAtMs;
    const events = this.#events.slice(0, countUpTo(this.#eventTimesMs, nowMs));
    const topic = cluster.topics[0];
    const consumed = plan.consumeTopic.value;
    const targetRate = row === undefined ? plan.rate.value : row.targetRate;
    const ackedRate = row?.ackedRate ?? 0;
    // What drains is due no more: the figures stay those of the load.
    const loaded = this.#rows.findLastIndex(({ phase: of }, at) => at <= last && of !== 'draining');
    const latency = latencyOf(this.#rows[loaded]);
    return {
      nowMs,
      runId: run.id,
      startedAtMs: this.#startedAtMs,
      elapsedMs: positionMs,
      phase,
      phaseElapsedMs: Math.max(0, nowMs - phaseStartMs),
      phaseLeftMs: null,
      plan: {
        preset: plan.preset.value,
        client: plan.client.value,
        mode: plan.mode.value,
        acks: plan.acks.value,
        slos: plan.slos.value,
        durationMs: plan.durationMs.value,
        fromRate: plan.fromRate.value,
        quick: plan.quick.value,
        maxTimeMs: plan.maxTimeMs.value,
      },
      sandbox: cluster.sandbox,
      cluster: {
        brokers: cluster.brokers.length,
        version: cluster.version.metadataVersion ?? cluster.version.inferredAtLeast,
        address: cluster.brokers.map(({ host, port }) => `${host}:${port}`).join(','),
      },
      topic:
        topic === undefined
          ? null
          : {
              name: topic.name,
              partitions: topic.partitions,
              replicationFactor: topic.replicationFactor,
              count: cluster.topics.length - (consumed === null ? 0 : 1),
              ...(consumed === null ? {} : { consumed }),
            },
      epoch: present?.epoch ?? 0,
      paused: isPaused(events, false),
      consumersPaused: isPaused(events, true),
      banners: [],
      targetRate,
      maxRate: plan.maxRate.value,
      sentRate: row?.sentRate ?? 0,
      ackedRate,
      consumedRate: row?.consumedRate ?? 0,
      failedRate: row?.failedRate ?? 0,
      retryRate: row === undefined || row.durationMs === 0 ? 0 : row.retries / (row.durationMs / 1000),
      ackedBytesRate: ackedRate * bytesOfOne(row?.bytesSent, row?.sent),
      consumedBytesRate: consumedBytesRate(row),
      wireBytesRate: (row?.sentRate ?? 0) * bytesOfOne(row?.wireBytesSent, row?.sent),
      compressionRatio: row?.compressionRatio ?? null,
      achievedFraction: targetRate === null || targetRate === 0 ? null : ackedRate / targetRate,
      inFlight: row?.inFlight ?? 0,
      batchFill: row?.batchFill ?? null,
      recordsPerBatch: row?.recordsPerBatch ?? null,
      queueMs: row?.queueMs ?? null,
      roundTripMs: row?.roundTripMs ?? null,
      pingMs: row?.pingMs ?? null,
      latency,
      totals: this.#totals(last),
      slos: this.#slos.map((slo) => slo.at(loaded)),
      clientHealth: healthOf(latency.slip.p99.valueMs ?? latency.slip.p50.valueMs, plan.slos.value),
      e2eErrorMs: wholeRun.e2eErrorMs,
      points: this.#points.slice(Math.max(0, last + 1 - mostPoints), last + 1),
      knobs: withRatio(this.#knobs(present?.epoch ?? 0), row?.compressionRatio ?? null),
      host: hostOf(this.#rows.slice(Math.max(0, last + 1 - seriesLength), last + 1)),
      lag: this.#lagAt(nowMs, row),
      ...(row?.inPipeline === undefined ? {} : { inPipeline: row.inPipeline }),
      events: events.slice(-mostEvents),
      savedPath: null,
      automation: null,
      searches: this.#searchesAt(nowMs),
      ...this.#sweepsAt(nowMs),
      card: null,
    };
  }

  /** Those that had begun, with the steps that had. */
  #searchesAt(nowMs: number): readonly Search[] {
    return searchesAt(this.#document.searches, nowMs);
  }

  /** Those that had begun, with the runs that were over. */
  #sweepsAt(nowMs: number): Pick<SessionView, 'sweeps'> {
    const begun = (this.#document.sweeps ?? []).filter(({ timeMs }) => timeMs <= nowMs);
    if (begun.length === 0) return {};
    const sweeps = begun.map((sweep): Sweep => {
      if (sweep.timeMs + sweep.durationMs <= nowMs) return sweep;
      const runs = sweep.runs.filter(({ timeMs, durationMs }) => timeMs + durationMs <= nowMs);
      const results = resultsOf({ ...sweep, runs });
      return { ...sweep, runs, results, best: bestOf(results), outcome: 'running' };
    });
    return { sweeps };
  }

  #totals(last: number): Totals {
    const { totals } = this.#document;
    const counted = this.#counted[last] ?? nothing;
    // What these messages lack in the end they lack at any time; the closing account says how much of it is a loss.
    const unread = Math.max(0, counted.acked - counted.consumed);
    return { ...totals, ...counted, missing: totals.missing === null ? null : Math.min(totals.missing, unread) };
  }

  #knobs(epoch: number): readonly KnobView[] {
    const { knobs = {} } = this.#document.epochs.find(({ index }) => index === epoch) ?? {};
    return knobNames.flatMap((name) => {
      const knob = knobs[name];
      return knob === undefined ? [] : [{ name, ...knob, appliedThreads: 1, totalThreads: 1, note: null }];
    });
  }

  #lagAt(nowMs: number, row: IntervalRow | undefined): LagView {
    const samples = this.#lag[countUpTo(this.#lagTimesMs, nowMs) - 1] ?? [];
    const { cluster, plan } = this.#document;
    const consumed = plan.consumeTopic.value;
    const read = cluster.topics.filter(({ name }) => consumed === null || name === consumed);
    return {
      group: samples[0]?.group ?? plan.group.value,
      rows: samples.toSorted((a, b) => (b.lag ?? -1) - (a.lag ?? -1)),
      partitions: read.reduce((sum, { partitions }) => sum + partitions, 0),
      totalMessages: row?.lagMessages ?? null,
      totalMs: row?.lagMs ?? null,
      totalCommittedMessages: null,
      noAnswerSinceMs: null,
      ...watchedOf(row),
    };
  }
}

/** Other people's groups; rows do not keep how many partitions have no commit, nor whether the commit was older. */
function watchedOf(row: IntervalRow | undefined): Pick<LagView, 'watched'> {
  if (row?.watched === undefined) return {};
  const rest = { uncommittedPartitions: 0, commitAgeAtLeast: false };
  return {
    watched: row.watched.map((group) => ({
      ...group,
      ...rest,
      isFresh: group.lagMessages !== null || group.commitAgeMs === null,
    })),
  };
}

/** By slip alone: a p99 beyond what counts as in time means that more than 1 % were offered late. */
function healthOf(slipMs: number | null, slos: readonly Slo[]): SessionView['clientHealth'] {
  if (slipMs === null || slipMs <= offeredToleranceMs(tightestLimitMs(slos))) return clientHealthOf(0, 0, slipMs);
  return { ok: false, text: `client-bound: slip p99 ${slipMs.toFixed(1)} ms` };
}

/** How many of ascending times are not after `timeMs`. */
function countUpTo(timesMs: readonly number[], timeMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sessionEvent({ timeMs, type, message, outcome, mark, ...fields }: EventRow): SessionEvent {
  const known = eventTypes.find((one) => one === type) ?? 'info';
  return { timeMs, type: known, message, outcome, mark, fields };
}

function chartPoints(rows: readonly IntervalRow[], events: readonly SessionEvent[]): readonly ChartPoint[] {
  const startsMs = rows.map(({ timeMs }) => timeMs);
  const marks = rows.map((): number[] => []);
  for (const { timeMs, mark } of events) if (mark !== null) marks[countUpTo(startsMs, timeMs) - 1]?.push(mark);
  return rows.map((row, at) => ({
    timeMs: row.timeMs,
    durationMs: row.durationMs,
    targetRate: row.targetRate,
    sentRate: row.sentRate,
    ackedRate: row.ackedRate,
    consumedRate: row.consumedRate,
    latency: { response: row.response, service: row.service, slip: row.slip, e2e: row.e2e },
    marks: marks[at] ?? [],
  }));
}

/** Messages of the measured phase, or, before it, of the warm-up. */
function countedUpTo(rows: readonly IntervalRow[]): readonly Counted[] {
  let sum = nothing;
  let phase: IntervalRow['phase'] = 'warm-up';
  return rows.map((row) => {
    if (row.phase === 'measuring' && phase !== 'measuring') sum = nothing;
    phase = row.phase;
    if (row.phase !== 'draining') sum = added(sum, row);
    return sum;
  });
}

function added(sum: Counted, row: Counted): Counted {
  const wireBytesSent = sum.wireBytesSent + row.wireBytesSent;
  return {
    scheduled: sum.scheduled + row.scheduled,
    sent: sum.sent + row.sent,
    acked: sum.acked + row.acked,
    failed: sum.failed + row.failed,
    missed: sum.missed + row.missed,
    retries: sum.retries + row.retries,
    consumed: sum.consumed + row.consumed,
    unknown: sum.unknown + row.unknown,
    foreign: sum.foreign + row.foreign,
    bytesSent: sum.bytesSent + row.bytesSent,
    bytesConsumed: sum.bytesConsumed + row.bytesConsumed,
    bytesForeign: sum.bytesForeign + row.bytesForeign,
    wireBytesSent,
    compressionRatio: wireBytesSent === 0 ? null : (plainBytes(sum) + plainBytes(row)) / wireBytesSent,
  };
}

function plainBytes({ wireBytesSent, compressionRatio }: Counted): number {
  return wireBytesSent * (compressionRatio ?? 1);
}

/** By the latest word about it: the load's (a load that was stopped counts as paused), or the consumers'. */
function isPaused(events: readonly SessionEvent[], consumers: boolean): boolean {
  const concerns = ({ type, fields }: SessionEvent): boolean =>
    (type === 'pause' || type === 'resume') && (fields.consumers === true) === consumers;
  return events.findLast(concerns)?.type === 'pause';
}

function bytesOfOne(bytes: number | undefined, messages: number | undefined): number {
  return bytes === undefined || messages === undefined || messages === 0 ? 0 : bytes / messages;
}

function consumedBytesRate(row: IntervalRow | undefined): number {
  if (row === undefined) return 0;
  return row.consumedRate * bytesOfOne(row.bytesConsumed + row.bytesForeign, row.consumed + row.foreign);
}

function latencyOf(row: IntervalRow | undefined): SessionView['latency'] {
  const of = (tag: LatencyTag): ShownLatency => {
    const shown = (valueMs: number | null | undefined) =>
      ({ valueMs: valueMs ?? null, windowS: 1, atLeast: false }) as const;
    const figures = row?.[tag];
    return { p50: shown(figures?.p50Ms), p99: shown(figures?.p99Ms), p999: shown(figures?.p999Ms) };
  };
  return { response: of('response'), service: of('service'), slip: of('slip'), e2e: of('e2e') };
}

function hostOf(rows: readonly IntervalRow[]): HostView {
  const series = (read: (row: IntervalRow) => number | null): GaugeSeries => {
    const values = rows.map(read);
    return { values, current: values.at(-1) ?? null };
  };
  const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
  return {
    cpuPercent: series(({ host }) => host.cpuPercent),
    cpuStolenPercent: series(({ host }) => host.cpuStolenPercent ?? null),
    memoryBytes: series(({ host }) => host.memoryBytes),
    networkBytesRate: series(({ host }) => sum(host.networkRxBytesRate, host.networkTxBytesRate)),
    diskBytesRate: series(({ host }) => sum(host.diskReadBytesRate, host.diskWriteBytesRate)),
    processCpuPercent: series((row) => row.process.cpuPercent),
    processRssBytes: series((row) => row.process.rssBytes),
    gcPauseMs: series((row) => row.process.gcPauseMs),
  };
}
