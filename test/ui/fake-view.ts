/** Pictures of a session that never ran: the same for the same arguments. */
import { type KnobName, type KnobValue, knobNames } from '../../source/config/knobs.ts';
import type { LatencyTag, Plan } from '../../source/config/plan.ts';
import type {
  ChartPoint,
  ControlAnswer,
  GaugeSeries,
  KnobView,
  LagRow,
  Playback,
  SessionControl,
  SessionEvent,
  SessionView,
  ShownLatency,
} from '../../source/session/view.ts';
import { defaultPlan } from '../support/default-plan.ts';

/** 12:04:31 local time of some day. */
export const fakeNowMs = new Date(2026, 10, 21, 12, 4, 31).getTime();

export const fakePlan: Plan = {
  ...defaultPlan,
  preset: 'latency',
  tuning: { ...defaultPlan.tuning, idempotent: false },
  partitions: 16,
  replicationFactor: 1,
  rate: 50_000,
  messageSizeBytes: 100,
  batchSizeBytes: 65_536,
  producers: 4,
  consumers: 2,
  acks: 1,
  threads: 4,
  durationMs: null,
  maxRate: 200_000,
  abortOn: [],
  slos: [{ kind: 'latency', tag: 'response', percentile: 99, limitMs: 10, text: 'response.p99<10ms' }],
};

const knobValues: Readonly<Record<KnobName, KnobValue>> = {
  rate: 50_000,
  batchSize: 65_536,
  lingerMs: 5,
  producers: 4,
  consumers: 2,
  acks: 1,
  compression: 'none',
  messageSize: 100,
  inFlight: 5,
  fetchMinBytes: 1,
  fetchMaxWaitMs: 500,
  maxPartitionFetch: 2 ** 20,
};

/** A number in [0, 1) that looks random and is not. */
function noise(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
}

function fakePoint(index: number, count: number, nowMs: number): ChartPoint {
  const age = count - 1 - index;
  const target = age > 60 ? 10_000 : age > 27 ? 30_000 : 50_000;
  const wobble = 1 + (noise(index) - 0.5) * 0.02;
  const spike = age === 10 ? 4 : 1;
  const base = age > 27 ? 1 : 1.5;
  const figures = (factor: number) => ({
    meanMs: 1.2 * factor * base * wobble,
    p50Ms: 0.99 * factor * wobble,
    p99Ms: (age > 27 ? 2.1 : 3.97) * factor * base * spike * wobble,
    p999Ms: 9 * factor * spike * (1 + noise(index + 7) * 0.4),
  });
  const latency: Record<LatencyTag, ReturnType<typeof figures>> = {
    response: figures(1),
    service: figures(0.9),
    slip: figures(0.05),
    e2e: figures(1.3),
  };
  return {
    timeMs: nowMs - (age + 1) * 1000,
    durationMs: 1000,
    targetRate: target,
    sentRate: target * wobble,
    ackedRate: target * wobble * 0.998,
    consumedRate: target * wobble * 0.995,
    latency,
    marks: age === 60 ? [1] : age === 27 ? [2] : age === 3 ? [3] : [],
  };
}

function fakeLatency(factor: number): ShownLatency {
  return {
    p50: { valueMs: 0.99 * factor, windowS: 1, atLeast: false },
    p99: { valueMs: 3.97 * factor, windowS: 1, atLeast: false },
    p999: { valueMs: 12.7 * factor, windowS: 10, atLeast: false },
  };
}

function gauge(seed: number, middle: number, spread: number): GaugeSeries {
  const values = Array.from({ length: 120 }, (_, index) =>
    Math.max(0, middle + Math.sin((index + seed) / 9) * spread + (noise(index * seed) - 0.5) * spread * 0.4),
  );
  return { values, current: values.at(-1) ?? null };
}

export function fakeKnobs(changes: Readonly<Partial<Record<KnobName, Partial<KnobView>>>> = {}): readonly KnobView[] {
  return knobNames.map((name) => ({
    name,
    requested: knobValues[name],
    applied: knobValues[name],
    appliedThreads: 4,
    totalThreads: 4,
    note: null,
    ...changes[name],
  }));
}

function fakeLagRows(count: number): readonly LagRow[] {
  return Array.from({ length: count }, (_, index) => ({
    topic: 'loadtui-7f3a',
    partition: (index * 7 + 7) % count,
    logEndOffset: 1_204_881 - index * 331,
    position: 1_204_785 - index * 331 + index * 5,
    committedOffset: 1_204_000 - index * 331,
    lag: Math.max(0, 96 - index * 8),
    committedLag: 881,
  }));
}

export function fakeEvent(changes: Partial<SessionEvent>): SessionEvent {
  return {
    timeMs: fakeNowMs - 3000,
    type: 'knob',
    message: 'linger 0 ms → 5 ms',
    outcome: null,
    mark: null,
    fields: {},
    ...changes,
  };
}

const fakeEvents: readonly SessionEvent[] = [
  fakeEvent({ timeMs: fakeNowMs - 102_000, type: 'phase', message: 'measuring begins' }),
  fakeEvent({
    timeMs: fakeNowMs - 60_000,
    message: 'rate 10.0 k/s → 30.0 k/s',
    outcome: 'steady after 2 s',
    mark: 1,
  }),
  fakeEvent({
    timeMs: fakeNowMs - 45_000,
    type: 'error',
    message: 'NOT_LEADER (6) for loadtui-7f3a-3',
    fields: { code: 6, count: 2 },
  }),
  fakeEvent({
    timeMs: fakeNowMs - 44_000,
    type: 'error',
    message: 'NOT_LEADER (6) for loadtui-7f3a-3',
    fields: { code: 6, count: 3 },
  }),
  fakeEvent({
    timeMs: fakeNowMs - 27_000,
    message: 'rate 30.0 k/s → 50.0 k/s',
    outcome: 'steady after 3 s',
    mark: 2,
  }),
  fakeEvent({
    timeMs: fakeNowMs - 3000,
    message: 'linger 0 ms → 5 ms',
    outcome: 'p99 2.1 → 3.97 ms, batches 6.2 × larger',
    mark: 3,
  }),
];

/** A run of some minutes; `changes` replace whole fields. */
export function fakeView(changes: Partial<SessionView> = {}): SessionView {
  const nowMs = changes.nowMs ?? fakeNowMs;
  const points = Array.from({ length: 300 }, (_, index) => fakePoint(index, 300, nowMs));
  return {
    nowMs,
    runId: '7f3a0c0ffee01234',
    startedAtMs: nowMs - 300_000,
    elapsedMs: 300_000,
    phase: 'measuring',
    phaseElapsedMs: 102_000,
    phaseLeftMs: null,
    plan: fakePlan,
    sandbox: true,
    cluster: { brokers: 1, version: null, address: '127.0.0.1:40123' },
    topic: { name: 'loadtui-7f3a', partitions: 16, replicationFactor: 1, count: 1 },
    epoch: 3,
    paused: false,
    consumersPaused: false,
    banners: [{ kind: 'sandbox', text: 'SANDBOX: these numbers say nothing about Kafka' }],
    targetRate: 50_000,
    maxRate: 200_000,
    sentRate: 50_000,
    ackedRate: 49_980,
    consumedRate: 49_700,
    failedRate: 0,
    retryRate: 0,
    ackedBytesRate: 5_001_000,
    consumedBytesRate: 0,
    wireBytesRate: 5_500_000,
    compressionRatio: 1,
    achievedFraction: 0.9996,
    inFlight: 212,
    batchFill: 0.62,
    recordsPerBatch: 340,
    queueMs: 2.4,
    roundTripMs: 0.81,
    pingMs: 0.12,
    latency: { response: fakeLatency(1), service: fakeLatency(0.9), slip: fakeLatency(0.05), e2e: fakeLatency(1.3) },
    totals: {
      scheduled: 4_000_000,
      sent: 4_000_000,
      acked: 3_999_800,
      failed: 0,
      missed: 0,
      retries: 0,
      consumed: 3_999_000,
      missing: 0,
      unread: 0,
      duplicated: 0,
      reordered: 0,
      foreign: 0,
      unknown: 0,
      failedButConsumed: 0,
      corrupt: 0,
      expired: 0,
      bytesSent: 4e8,
      bytesConsumed: 4e8,
      bytesForeign: 0,
      wireBytesSent: 4.4e8,
      compressionRatio: 1,
      givenUpAfterMs: null,
      missedAfterMs: null,
    },
    slos: [{ text: 'response.p99<10ms', held: true, heldForS: 61, actual: '3.97 ms' }],
    e2eErrorMs: 0,
    clientHealth: { ok: true, text: 'client ok: slip p99 0.2 ms' },
    points,
    knobs: fakeKnobs({ lingerMs: { applied: 0, appliedThreads: 2 } }),
    host: {
      cpuPercent: gauge(3, 70, 20),
      cpuStolenPercent: gauge(23, 1, 0.5),
      memoryBytes: gauge(5, 9.1 * 2 ** 30, 2 ** 29),
      networkBytesRate: gauge(7, 12e6, 4e6),
      diskBytesRate: gauge(11, 2e6, 1e6),
      processCpuPercent: gauge(13, 31, 8),
      processRssBytes: gauge(17, 180e6, 1e7),
      gcPauseMs: gauge(19, 1.1, 0.3),
    },
    lag: {
      group: 'loadtui-7f3a',
      rows: fakeLagRows(16),
      partitions: 16,
      totalMessages: 412,
      totalMs: 8,
      totalCommittedMessages: 14_000,
      noAnswerSinceMs: null,
    },
    skew: {
      windowS: 10,
      partitions: Array.from({ length: 16 }, (_, index) => ({
        topic: 'loadtui-7f3a',
        partition: (index * 5 + 3) % 16,
        messageRate: 3_240 - index * 16,
        bytesRate: 324_000 - index * 1_600,
        roundTripMs: 0.81,
      })),
      brokers: [{ brokerId: 1, messageRate: 49_980, bytesRate: 5_001_000, roundTripMs: 0.81 }],
      maxOverMean: 1.04,
      slowestOverMedian: null,
    },
    events: fakeEvents,
    savedPath: null,
    automation: null,
    searches: [],
    card: null,
    ...changes,
  };
}

export interface FakeControl extends SessionControl {
  /** What was asked, in order: `setKnob rate 55000`, `stop quit` … Key presses (`attend`) are counted apart. */
  readonly calls: string[];
  attended: number;
  /** Answers of the next calls, first come first served; then `done`. */
  readonly answers: ControlAnswer[];
}

/** Remembers every call; answers `done` unless told otherwise. */
export function fakeControl(): FakeControl {
  const calls: string[] = [];
  const answers: ControlAnswer[] = [];
  const note = (...words: readonly unknown[]): ControlAnswer => {
    calls.push(words.map(String).join(' '));
    return answers.shift() ?? { kind: 'done', message: `did ${words.map(String).join(' ')}` };
  };
  const control: FakeControl = {
    calls,
    answers,
    attended: 0,
    setKnob: (name, value, confirmed) => note('setKnob', name, value, ...(confirmed === true ? ['confirmed'] : [])),
    pauseLoad: () => note('pauseLoad'),
    resumeLoad: () => note('resumeLoad'),
    pauseConsumers: () => note('pauseConsumers'),
    resumeConsumers: () => note('resumeConsumers'),
    freshFigures: () => note('freshFigures'),
    backOff: () => note('backOff'),
    undo: () => note('undo'),
    automate: (request, confirmed) => note('automate', request.kind, ...(confirmed === true ? ['confirmed'] : [])),
    stopAutomation: () => note('stopAutomation'),
    reverse: () => note('reverse'),
    save: (path, force) => Promise.resolve(note('save', path, force)),
    note: (message) => void note('note', message),
    attend: () => {
      control.attended++;
    },
    stop: (reason) => {
      note('stop', reason);
    },
  };
  return control;
}

/** Remembers what was asked of a replay, in order: `seekBy -5000`, `toggle` … */
export function fakePlayback(): Playback & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    toggle: () => void calls.push('toggle'),
    seekBy: (ms) => void calls.push(`seekBy ${ms}`),
    seekTo: (end) => void calls.push(`seekTo ${end}`),
    changeSpeed: (delta) => void calls.push(`changeSpeed ${delta}`),
  };
}
