/** Makes the picture of a session that screens and lines draw. Pure over what the session knows. */

import type { LatencyTag } from '../config/plan.ts';
import { driftLimitNs } from '../measure/clock.ts';
import { withRatio } from './compression-text.ts';
import { totalsOf } from './figures-of.ts';
import { percentText } from './figures-text.ts';
import type { Happenings } from './happenings.ts';
import type { Tally } from './interval-book.ts';
import type { IntervalRows } from './interval-rows.ts';
import { shownLatencies, windowsS } from './shown-latency.ts';
import type { GaugeSeries, HostView, SessionView } from './view.ts';

/** Points of a chart that a view carries: enough for half an hour at one a second. */
export const mostPoints = 1_800;
export const seriesLength = 120;
export const mostEvents = 500;
const rateWindowNs = 1e9;
const lateWindowMs = 10_000;

/** Fields that a view shows as the session has them. */
type AsTheyAre =
  | 'runId'
  | 'startedAtMs'
  | 'phase'
  | 'phaseElapsedMs'
  | 'phaseLeftMs'
  | 'plan'
  | 'sandbox'
  | 'cluster'
  | 'topic'
  | 'epoch'
  | 'paused'
  | 'consumersPaused'
  | 'banners'
  | 'targetRate'
  | 'maxRate'
  | 'knobs'
  | 'lag'
  | 'skew'
  | 'slos'
  | 'hints'
  | 'events'
  | 'savedPath'
  | 'automation'
  | 'searches'
  | 'sweeps'
  | 'card';

export interface ViewState extends Pick<SessionView, AsTheyAre> {
  readonly nowNs: number;
  readonly startedNs: number;
  readonly happenings: Happenings;
  readonly rows: IntervalRows;
  /** Figures shown begin here: the start, or the last "fresh figures". */
  readonly freshNs: number;
  /** Messages of the measured phase, or of the warm-up before it. */
  readonly tally: Tally;
  readonly consumes: boolean;
  /** Inside the pipeline, null: nobody can tell; undefined: there is none. */
  readonly inPipeline?: number | null;
  /** It drops messages on purpose. */
  readonly filters?: boolean;
  /** How far the clock of a thread is off, of the worst one. */
  readonly clockDeviationNs: number;
  readonly e2eErrorMs: number;
  /** Run-relative ns; null: it is not, or it is too early to say. */
  readonly steadySinceNs: number | null;
}

export function buildView(state: ViewState): SessionView {
  const { happenings, nowNs, rows, tally, plan } = state;
  const last = happenings.last;
  const fromNs = Math.max(state.startedNs, nowNs - rateWindowNs);
  const toNs = last?.timeNs ?? nowNs;
  const rate = (field: Parameters<Happenings['rate']>[0]): number => happenings.rate(field, fromNs, toNs);
  const grew = (field: Parameters<Happenings['growth']>[0]): number => happenings.growth(field, fromNs, toNs);
  const batches = grew('batches');
  const perBatch = (sum: number): number | null => (batches >= 1 ? sum / batches : null);
  const answered = grew('batchesAcked');
  const targetRate = state.paused ? 0 : state.targetRate;
  const ackedRate = rate('acked');
  const wireBytesRate = rate('wireBytesSent');
  const compressionRatio = wireBytesRate === 0 ? null : rate('plainBytesSent') / wireBytesRate;
  const recent = rows.recent(state.freshNs, (windowsS.at(-1) ?? 60) * 1000);
  // Some of the newest second's messages are on their way at any time: they are given one more second to come.
  const settled = recent.length > 1 && (recent[0]?.tally.open ?? 0) > 0 ? recent.slice(1) : recent;
  const latency = shownLatencies(settled, (tag) => openAgeMs(state, tag), state.consumes, state.filters);
  const totals = totalsOf(tally, state.consumes && state.inPipeline === undefined ? liveMissing(state) : null);
  const slipP99 = latency.slip.p99.valueMs ?? latency.slip.p50.valueMs;
  const lateFraction = lateFractionOf(settled);
  return {
    // By the run's clock, as points and events: the wall clock may be set meanwhile.
    nowMs: state.startedAtMs + nowNs / 1e6,
    runId: state.runId,
    startedAtMs: state.startedAtMs,
    elapsedMs: Math.max(0, (nowNs - state.startedNs) / 1e6),
    phase: state.phase,
    phaseElapsedMs: state.phaseElapsedMs,
    phaseLeftMs: state.phaseLeftMs,
    plan,
    sandbox: state.sandbox,
    cluster: state.cluster,
    topic: state.topic,
    epoch: state.epoch,
    paused: state.paused,
    consumersPaused: state.consumersPaused,
    banners: state.banners,
    targetRate,
    maxRate: state.maxRate,
    sentRate: rate('sent'),
    ackedRate,
    consumedRate: rate('consumed') + rate('foreign'),
    failedRate: rate('failed') + rate('unknown'),
    retryRate: rate('retries'),
    ackedBytesRate: rate('bytesAcked'),
    consumedBytesRate: rate('bytesConsumed') + rate('bytesForeign'),
    wireBytesRate,
    compressionRatio,
    achievedFraction: targetRate === null || targetRate === 0 ? null : ackedRate / targetRate,
    inFlight: Math.max(0, last?.total('inFlight') ?? 0),
    batchFill: perBatch(grew('batchFill')),
    recordsPerBatch: perBatch(grew('batchRecords')),
    queueMs: msOrNull(perBatch(grew('queueNs'))),
    roundTripMs: answered >= 1 ? grew('roundTripNs') / answered / 1e6 : null,
    pingMs: last?.gauges.pingMs ?? null,
    latency,
    totals,
    slos: state.slos,
    e2eErrorMs: state.e2eErrorMs,
    clientHealth: clientHealthOf(lateFraction, state.clockDeviationNs, slipP99),
    steadyForS: state.steadySinceNs === null ? null : (nowNs - state.steadySinceNs) / 1e9,
    points: rows.points.slice(-mostPoints),
    knobs: withRatio(state.knobs, compressionRatio),
    host: hostView(state),
    lag: state.lag,
    ...(state.skew === undefined ? {} : { skew: state.skew }),
    ...(state.hints === undefined ? {} : { hints: state.hints }),
    ...(state.inPipeline === undefined ? {} : { inPipeline: state.inPipeline }),
    events: state.events.slice(-mostEvents),
    savedPath: state.savedPath,
    automation: state.automation,
    searches: state.searches,
    ...(state.sweeps === undefined || state.sweeps.length === 0 ? {} : { sweeps: state.sweeps }),
    card: state.card,
  };
}

/** One short verdict on the load generator: the weightiest of what is wrong with it. */
export function clientHealthOf(lateFraction: number, clockDeviationNs: number, slipP99: number | null) {
  if (lateFraction > 0.01) return { ok: false, text: `client-bound: ${percentText(lateFraction)} offered late` };
  if (clockDeviationNs > driftLimitNs) {
    return { ok: false, text: `clocks differ: ${(clockDeviationNs / 1e6).toFixed(2)} ms` };
  }
  return { ok: true, text: slipP99 === null ? 'client ok' : `client ok: slip p99 ${slipP99.toFixed(1)} ms` };
}

/** Offered late of what was due in the last seconds: an overload that is over is not held against the run for ever. */
function lateFractionOf(newestFirst: ReturnType<IntervalRows['recent']>): number {
  let scheduled = 0;
  let late = 0;
  let coveredMs = 0;
  for (const { tally, durationMs } of newestFirst) {
    if (coveredMs >= lateWindowMs) break;
    coveredMs += durationMs;
    scheduled += tally.counts.scheduled;
    late += tally.counts.offeredLate;
  }
  return scheduled === 0 ? 0 : late / scheduled;
}

/** How old the oldest message is, at least, that is due and has not come to a tag's figure, ms. */
function openAgeMs({ happenings, nowNs, rows }: ViewState, tag: LatencyTag): number {
  const due = happenings.last?.total('oldestDueNs') ?? Number.POSITIVE_INFINITY;
  const oldestNs = Math.min(nowNs, due, rows.oldestOpenNs(tag) ?? nowNs);
  return (nowNs - oldestNs) / 1e6;
}

/** Gaps that consumers see now, less what was given up: an estimate until the closing account. */
function liveMissing({ happenings }: ViewState): number {
  const { last } = happenings;
  if (last === undefined) return 0;
  return Math.max(0, last.total('gapMessages') - last.total('failed') - last.total('unknown'));
}

function hostView({ happenings, nowNs }: ViewState): HostView {
  const samples = happenings.since(nowNs - seriesLength * 1e9);
  const bySecond = new Map<number, (typeof samples)[number]>();
  for (const sample of samples) bySecond.set(Math.floor(sample.timeNs / 1e9), sample);
  const seconds = [...bySecond.values()];
  const series = (pick: (sample: (typeof samples)[number]) => number | null): GaugeSeries => {
    const values = seconds.map(pick);
    return { values, current: values.at(-1) ?? null };
  };
  const sum = (a: number | null | undefined, b: number | null | undefined): number | null =>
    a === null || a === undefined || b === null || b === undefined ? null : a + b;
  return {
    cpuPercent: series(({ gauges }) => gauges.host?.cpuPercent ?? null),
    cpuStolenPercent: series(({ gauges }) => gauges.host?.cpuStolenPercent ?? null),
    memoryBytes: series(({ gauges }) => gauges.host?.memoryBytes ?? null),
    networkBytesRate: series(({ gauges }) => sum(gauges.host?.networkRxBytesRate, gauges.host?.networkTxBytesRate)),
    diskBytesRate: series(({ gauges }) => sum(gauges.host?.diskReadBytesRate, gauges.host?.diskWriteBytesRate)),
    processCpuPercent: series(({ gauges }) => gauges.host?.processCpuPercent ?? null),
    processRssBytes: series(({ gauges }) => gauges.host?.processRssBytes ?? null),
    gcPauseMs: {
      values: seconds.slice(1).map((sample, at) => {
        const before = seconds[at]?.total('gcPauseNs') ?? 0;
        return Math.max(0, sample.total('gcPauseNs') - before) / 1e6;
      }),
      current:
        seconds.length < 2
          ? null
          : Math.max(0, ((seconds.at(-1)?.total('gcPauseNs') ?? 0) - (seconds.at(-2)?.total('gcPauseNs') ?? 0)) / 1e6),
    },
  };
}

function msOrNull(ns: number | null): number | null {
  return ns === null ? null : ns / 1e6;
}
