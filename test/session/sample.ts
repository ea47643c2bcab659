/** A small run, as state and as document, for the tests of everything that reads documents. */
import { createLatencyHistogram, encodeHistogram, recordLatency } from '../../source/analysis/latency-summary.ts';
import type { LatencyTag, Plan } from '../../source/config/plan.ts';
import { buildDocument, type DocumentState, type LatencyStates } from '../../source/session/document.ts';
import type { IntervalLatency, IntervalRow, SessionDocument } from '../../source/session/document-schema.ts';
import type { Totals } from '../../source/session/view.ts';
import { defaultPlan } from '../support/default-plan.ts';

/** 2026-11-21 12:00:00 UTC. */
export const startMs = Date.UTC(2026, 10, 21, 12);

export const samplePlan: Plan = {
  ...defaultPlan,
  preset: 'latency',
  brokers: ['b1:9092'],
  topic: 'orders-load',
  topicConfig: { 'some.plugin.password': 'hunter2' },
  rate: 1000,
  messageSizeBytes: 100,
  batchSizeBytes: 65_536,
  producers: 4,
  consumers: 2,
  keys: { kind: 'pool', prefix: 'key-', count: 100, order: 'round-robin' },
  headers: [
    { name: 'auth-token', kind: 'text', value: 'hunter2' },
    { name: 'sent', kind: 'sendTimeMs' },
  ],
  threads: 1,
  warmUpMs: 1000,
  durationMs: 3000,
  maxRate: 200_000,
  abortOn: [{ kind: 'errors', overFraction: 0.1, forMs: 10_000, text: 'errors>10% for 10s' }],
  slos: [{ kind: 'latency', tag: 'response', percentile: 99, limitMs: 10, text: 'response.p99<10ms' }],
  yes: true,
};

/** 3,000 messages, all well. */
export const sampleTotals: Totals = {
  scheduled: 3000,
  sent: 3000,
  acked: 3000,
  failed: 0,
  missed: 0,
  retries: 0,
  consumed: 3000,
  missing: 0,
  unread: 0,
  duplicated: 0,
  reordered: 0,
  foreign: 0,
  unknown: 0,
  failedButConsumed: 0,
  corrupt: 0,
  expired: 0,
  bytesSent: 300_000,
  bytesConsumed: 300_000,
  bytesForeign: 0,
  wireBytesSent: 330_000,
  compressionRatio: 1,
  givenUpAfterMs: null,
  missedAfterMs: null,
};

/** `count` messages from `fromMs` upward, 1 µs apart. */
function latencyState(fromMs: number, count: number): LatencyStates[LatencyTag] {
  const histogram = createLatencyHistogram();
  for (let i = 0; i < count; i++) recordLatency(histogram, fromMs * 1e6 + i * 1000);
  return { histogram };
}

export function sampleLatency(count = 3000): LatencyStates {
  return {
    response: latencyState(2, count),
    service: latencyState(1.5, count),
    slip: latencyState(0.1, count),
    e2e: latencyState(3, count),
  };
}

const figures: IntervalLatency = {
  count: 1000,
  meanMs: 2.5,
  p50Ms: 2.5,
  p90Ms: 2.9,
  p95Ms: 2.95,
  p99Ms: 2.99,
  p999Ms: 3,
  maxMs: 3,
};

export function sampleInterval(second: number, changes: Partial<IntervalRow> = {}): IntervalRow {
  return {
    timeMs: startMs + second * 1000,
    elapsedMs: second * 1000,
    durationMs: 1000,
    epoch: 0,
    phase: second === 0 ? 'warm-up' : 'measuring',
    targetRate: 1000,
    scheduled: 1000,
    sent: 1000,
    acked: 1000,
    failed: 0,
    missed: 0,
    retries: 0,
    consumed: 1000,
    unknown: 0,
    foreign: 0,
    batches: 80,
    bytesSent: 100_000,
    bytesConsumed: 100_000,
    bytesForeign: 0,
    wireBytesSent: 110_000,
    compressionRatio: 1,
    sentRate: 1000,
    ackedRate: 1000,
    consumedRate: 1000,
    failedRate: 0,
    response: figures,
    service: figures,
    slip: figures,
    e2e: figures,
    lagMessages: 3,
    lagMs: 2.4,
    inFlight: 2,
    batchFill: 0.02,
    recordsPerBatch: 12.5,
    queueMs: 1.2,
    roundTripMs: 0.9,
    throttleMs: 0,
    pingMs: 0.4,
    host: {
      cpuPercent: 31.5,
      cpuStolenPercent: 0.2,
      memoryBytes: 8_000_000_000,
      networkRxBytesRate: 120_000,
      networkTxBytesRate: 240_000,
      diskReadBytesRate: null,
      diskWriteBytesRate: 4096,
    },
    process: { cpuPercent: 12.5, rssBytes: 150_000_000, eventLoopDelayP99Ms: 1.1, gcPauseMs: 0 },
    ...changes,
  };
}

export function sampleState(changes: Partial<DocumentState> = {}): DocumentState {
  const latency = sampleLatency();
  return {
    tool: { name: 'loadtui', version: '0.1.0', node: '24.21.0', client: 'wire' },
    run: {
      id: '0123456789abcdef',
      startedAtMs: startMs,
      endedAtMs: startMs + 4200,
      commandLine: ['loadtui', '-b', 'b1:9092', '-X', 'sasl.jaas.config=secret words', '--slo', 'p99<10ms'],
      verdict: { exitCode: 0, label: 'done', reasons: [] },
    },
    plan: { plan: samplePlan, sources: { rate: 'flag', 'tuning.clientId': 'config' } },
    pacing: 'timer',
    cluster: {
      sandbox: false,
      clusterId: 'abc',
      brokers: [{ id: 1, host: 'b1', port: 9092, rack: null }],
      version: { metadataVersion: '4.3-IV0', inferredAtLeast: '4.0' },
      topics: [{ name: 'orders-load', partitions: 12, replicationFactor: 3, minInsyncReplicas: 2, created: false }],
    },
    host: { cpus: 8, memoryBytes: 16_000_000_000, platform: 'linux', kernel: '6.1.0' },
    totals: sampleTotals,
    wholeRun: {
      acked: 4000,
      failed: 0,
      unknown: 0,
      consumed: 4000,
      probes: 12,
      negativeE2e: 0,
      lowestE2eMs: null,
      e2eErrorMs: 0,
      logEndGrowth: 4012,
    },
    latency,
    slos: [{ expr: 'response.p99<10ms', held: true, actual: 4.97, violations: 0, worstMs: 5 }],
    epochs: [
      {
        index: 0,
        timeMs: startMs,
        knobs: {
          rate: { requested: 1000, applied: 1000 },
          acks: { requested: 'all', applied: 'all' },
          compression: { requested: 'none', applied: 'none' },
        },
        totals: sampleTotals,
        latency,
      },
    ],
    intervals: [0, 1, 2, 3].map((second) => sampleInterval(second)),
    hdrWindows: [
      { timeMs: startMs, durationMs: 4000, response: encodeHistogram(latency.response.histogram), e2e: null },
    ],
    lag: [
      {
        timeMs: startMs,
        topic: 'orders-load',
        group: 'loadtui-0123456789abcdef',
        partition: 7,
        logEndOffset: 1_204_881,
        position: 1_204_785,
        committedOffset: null,
        lag: 96,
        committedLag: null,
        asOfMs: startMs - 3.5,
      },
    ],
    events: [
      {
        timeMs: startMs + 1000,
        type: 'knob',
        message: 'linger 0 ms → 5 ms',
        outcome: null,
        mark: 1,
        fields: { knob: 'lingerMs', from: 0, to: 5 },
      },
    ],
    errors: [{ code: 'NOT_LEADER_OR_FOLLOWER', count: 3, retried: 120, firstMs: startMs, lastMs: startMs + 1 }],
    ...changes,
  };
}

export function sampleDocument(changes: Partial<DocumentState> = {}): SessionDocument {
  return buildDocument(sampleState(changes));
}
