/** Gathers what hints are found in: the figures of the last seconds, all of one epoch. */
import type { HintReading, SecondReading } from '../analysis/hint-reading.ts';
import { type LagSample, lagSampleEveryMs } from '../analysis/lag-verdict.ts';
import { median } from '../analysis/trend.ts';
import type { Happenings, Sample } from './happenings.ts';
import { Tally } from './interval-book.ts';
import { percentileMs } from './latency-percentiles.ts';
import type { RunState } from './run-state.ts';

/** The stretch that is read, and the least that says anything. */
const windowNs = 10e9;
const leastNs = 5e9;
/** What follows a change at once says as much of before. */
const settleNs = 1e9;
/** Of skew: fewer messages are a matter of chance. */
const fewestMessages = 1_000;
const mostSeconds = 60;
/** Rows whose messages may still be on their way. */
const freshRows = 2;
const shortestRowMs = 900;

type Source = Pick<
  RunState,
  'board' | 'cluster' | 'happenings' | 'load' | 'plan' | 'rails' | 'rateHz' | 'rows' | 'skew' | 'slos' | 'timeline'
>;

/** What only somebody who looks again and again knows. */
export type Remembered = Pick<HintReading, 'quietPingMs' | 'quietRoundTripMs' | 'acksCompared' | 'pipeline'>;

/** null: too early after the start or a change. */
export function hintReading(run: Source, nowNs: number, remembered: Remembered): HintReading | null {
  const { happenings, board, cluster, load, slos } = run;
  const fromNs = Math.max(nowNs - windowNs, run.timeline.changedNs(nowNs) + settleNs);
  if (!(nowNs - fromNs >= leastNs)) return null;
  const samples = happenings.since(fromNs);
  const grew = (field: Parameters<Happenings['growth']>[0]): number => happenings.growth(field, fromNs, nowNs);
  const per = (sum: number, count: number): number | null => (count >= 1 ? sum / count : null);
  const pings = samples.flatMap(({ gauges }) => gauges.pingMs ?? []);
  const tally = recentTally(run, fromNs);
  const acked = grew('acked');
  const batches = grew('batches');
  const wireBytes = grew('wireBytesSent');
  const bySecond = secondsOf(happenings, fromNs, nowNs);
  const roundTripNs = board.acks === 0 ? null : per(grew('roundTripNs'), grew('batchesAcked'));
  const threads = Math.max(1, load?.threads.length ?? 1);
  return {
    windowS: Math.round((nowNs - fromNs) / 1e9),
    knobs: board.values(),
    targetRate: run.rateHz,
    ackedRate: (acked / (nowNs - fromNs)) * 1e9,
    queueMs: msOf(per(grew('queueNs'), batches)),
    roundTripMs: msOf(roundTripNs),
    batchFill: per(grew('batchFill'), batches),
    recordsPerBatch: per(grew('batchRecords'), batches),
    payloadEntropy: run.plan.payloadEntropy,
    compressionRatio: wireBytes < 1 ? null : grew('plainBytesSent') / wireBytes,
    blockedFraction: shareOf(samples, (sample) => sample.total('blocked') > 0),
    bufferedBytes: bySecond.map(({ sample }) => sample.total('buffered')),
    isLocal: !run.rails,
    pingMs: pings.length === 0 ? null : median(pings),
    sendWaitMs: (per(grew('sendQueueByteNs'), grew('bytesAcked')) ?? 0) / 1e6,
    throttleMs: grew('throttleMs'),
    brokers: board.acks === 0 ? [] : run.skew.view().brokers,
    lateFraction: tally.counts.scheduled === 0 ? 0 : tally.counts.offeredLate / tally.counts.scheduled,
    brokenByClient: slos.heldByServiceAlone[0] ?? null,
    loopBusy: meanOf(bySecond.map(({ sample }) => sample.total('loopBusy'))),
    loopDelayP99Ms: median(bySecond.map(({ sample }) => sample.total('loopDelayP99Ns'))) / 1e6,
    gcLongestMs: Math.max(0, ...samples.map((sample) => sample.total('gcLongestNs'))) / 1e6,
    gcFraction: grew('gcPauseNs') / (nowNs - fromNs) / threads,
    stolenFraction: meanOf(samples.flatMap(({ gauges }) => gauges.host?.cpuStolenPercent ?? [])) / 100,
    consumers: board.number('consumers'),
    consumersPaused: load?.consumers.paused ?? false,
    partitions: cluster?.readPartitions.length ?? 0,
    lag: lagOf(happenings, fromNs, nowNs),
    serviceMs: bySecond.flatMap(({ serviceMs }) => serviceMs ?? []),
    e2eP50Ms: tally.latencies.e2e.count === 0 ? null : percentileMs(tally.latencies.e2e, 50, 0),
    partitionSkew: acked < fewestMessages ? null : run.skew.partitionSkew,
    seconds: rowsOf(run),
    ...remembered,
  };
}

function recentTally({ rows }: Source, fromNs: number): Tally {
  const sum = new Tally();
  for (const { tally } of rows.recent(fromNs, windowNs / 1e6)) sum.add(tally);
  return sum;
}

/** By full seconds back from now, oldest first. */
function secondsOf(happenings: Happenings, fromNs: number, nowNs: number) {
  const seconds: { readonly sample: Sample; readonly serviceMs: number | null }[] = [];
  for (let endNs = nowNs; endNs - 1e9 >= fromNs; endNs -= 1e9) {
    const sample = happenings.sampleAt(endNs);
    if (sample === undefined) break;
    const answers = happenings.growth('responses', endNs - 1e9, endNs);
    const serviceNs = happenings.growth('serviceNs', endNs - 1e9, endNs);
    seconds.unshift({ sample, serviceMs: answers < 1 ? null : serviceNs / answers / 1e6 });
  }
  return seconds;
}

/** Empty where lag was not known all the time. */
function lagOf(happenings: Happenings, fromNs: number, nowNs: number): readonly LagSample[] {
  const samples: LagSample[] = [];
  for (let atNs = nowNs; atNs >= fromNs; atNs -= lagSampleEveryMs * 1e6) {
    const gauges = happenings.sampleAt(atNs)?.gauges;
    if (gauges === undefined || gauges.lagMessages === null) return [];
    samples.unshift({ lagMessages: gauges.lagMessages, lagMs: gauges.lagMs });
  }
  return samples;
}

/** Of the present epoch. */
function rowsOf({ rows, timeline }: Source): readonly SecondReading[] {
  return rows.rows
    .slice(-mostSeconds - freshRows, -freshRows)
    .filter(({ epoch, phase, durationMs }) => {
      return epoch === timeline.epoch.index && phase !== 'draining' && durationMs >= shortestRowMs;
    })
    .map(({ response, process }) => ({
      p50Ms: response.p50Ms,
      p999Ms: response.p999Ms,
      gcPauseMs: process.gcPauseMs ?? 0,
    }));
}

function shareOf(samples: readonly Sample[], holds: (sample: Sample) => boolean): number {
  return samples.length === 0 ? 0 : samples.filter(holds).length / samples.length;
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function msOf(ns: number | null): number | null {
  return ns === null ? null : ns / 1e6;
}
