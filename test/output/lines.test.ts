import { describe, expect, test, vi } from 'vitest';
import {
  closingLines,
  createLinesSink,
  eventLines,
  headerLines,
  nextLineAfter,
  viewLine,
} from '../../source/output/lines.ts';
import { buildStart } from '../../source/session/document.ts';
import type { SessionEvent, SessionSink, SessionView, ShownPercentile } from '../../source/session/view.ts';
import { sampleDocument, samplePlan, sampleState, sampleTotals, startMs } from '../session/sample.ts';
import { capture } from './capture.ts';

const shown = (valueMs: number | null, atLeast = false): ShownPercentile => ({ valueMs, windowS: 1, atLeast });
const latency = { p50: shown(0.99), p99: shown(3.97), p999: shown(12.7) };
const gauge = { values: [], current: null };

function tick(sink: SessionSink, view: SessionView): void {
  sink.tick?.(view.nowMs, () => view);
}

function viewAt(elapsedMs: number, changes: Partial<SessionView> = {}): SessionView {
  return {
    nowMs: startMs + elapsedMs,
    runId: '0123456789abcdef',
    startedAtMs: startMs,
    elapsedMs,
    e2eErrorMs: 0,
    phase: 'measuring',
    phaseElapsedMs: elapsedMs,
    phaseLeftMs: 62_000,
    plan: samplePlan,
    sandbox: false,
    cluster: null,
    topic: null,
    epoch: 0,
    paused: false,
    consumersPaused: false,
    banners: [],
    targetRate: 50_000,
    maxRate: null,
    sentRate: 50_000,
    ackedRate: 50_000,
    consumedRate: 50_000,
    failedRate: 0,
    retryRate: 0,
    ackedBytesRate: 5_000_000,
    consumedBytesRate: 0,
    wireBytesRate: 5_500_000,
    compressionRatio: 1,
    achievedFraction: 1,
    inFlight: 2,
    batchFill: null,
    recordsPerBatch: null,
    queueMs: null,
    roundTripMs: null,
    pingMs: null,
    latency: { response: latency, service: latency, slip: latency, e2e: latency },
    totals: sampleTotals,
    slos: [],
    clientHealth: { ok: true, text: 'client ok' },
    points: [],
    knobs: [],
    host: {
      cpuPercent: gauge,
      cpuStolenPercent: gauge,
      memoryBytes: gauge,
      networkBytesRate: gauge,
      diskBytesRate: gauge,
      processCpuPercent: gauge,
      processRssBytes: gauge,
      gcPauseMs: gauge,
    },
    lag: {
      group: null,
      rows: [],
      partitions: 16,
      totalMessages: 412,
      totalMs: 8,
      totalCommittedMessages: null,
      noAnswerSinceMs: null,
    },
    events: [],
    savedPath: null,
    automation: null,
    searches: [],
    card: null,
    ...changes,
  };
}

const event: SessionEvent = {
  timeMs: startMs + 12_000,
  type: 'knob',
  message: 'linger 0 ms → 5 ms',
  outcome: null,
  mark: 1,
  fields: {},
};

const sandboxState = { ...sampleState(), cluster: { ...sampleState().cluster, sandbox: true } };

const job = {
  group: 'flink-job',
  lagMessages: 12_345,
  lagMs: 3210,
  uncommittedPartitions: 0,
  commitAgeMs: 4_900,
  commitAgeAtLeast: false,
  isFresh: true,
};

test("others' groups have a line every ten seconds", async () => {
  const { lines, stream } = capture();
  const sink = createLinesSink(stream, { ascii: false, onClosed: vi.fn() });
  sink.start?.(buildStart(sampleState()));
  const lag = { ...viewAt(0).lag, watched: [job, { ...job, group: 'audit', lagMessages: null, commitAgeMs: null }] };
  for (let second = 1; second <= 12; second++) {
    sink.tick?.(startMs + second * 1000, () => viewAt(second * 1000, { lag, inPipeline: 1234 }));
  }
  await sink.close();
  const asides = lines().filter((line) => /flink-job|audit|pipeline/.test(line));
  expect(asides).toEqual([
    '           1.23k in the pipeline',
    '           flink-job 12.3k = 3.21 s behind, commit 4 s ago',
    '           audit lag unknown, no commit yet',
    '           1.23k in the pipeline',
    '           flink-job 12.3k = 3.21 s behind, commit 4 s ago',
    '           audit lag unknown, no commit yet',
  ]);
});

describe('a line', () => {
  test('has its figures below the headings', () => {
    const heading = headerLines(buildStart(sampleState())).at(-1) ?? '';
    const line = viewLine(viewAt(12_000), 12_000);
    expect(line).toBe('   00:12 measure 50.0 k/s 50.0 k/s   4.77    0.99    3.97    12.7    412   01:02');
    for (const [name, figure] of [
      ['p50', '0.99'],
      ['p99.9', '12.7'],
      ['lag', '412'],
      ['left', '01:02'],
    ] as const) {
      expect(heading.indexOf(name) + name.length).toBe(line.indexOf(figure) + figure.length);
    }
    expect(heading).toHaveLength(line.length);
  });

  test.each<[string, Partial<SessionView>, RegExp]>([
    ['warm-up and what follows it are left', { phase: 'warm-up', phaseLeftMs: 5000 }, /warm-up .* 00:08$/],
    ['no end', { phaseLeftMs: null }, / -$/],
    ['draining', { phase: 'draining' }, /drain .* -$/],
    ['paused', { paused: true }, / PAUSED /],
    ['unthrottled', { targetRate: null }, / max /],
    [
      'acks=0',
      { latency: { ...viewAt(0).latency, response: { p50: shown(null), p99: shown(null), p999: shown(null) } } },
      / - +- +- /,
    ],
    [
      'more than known',
      { latency: { ...viewAt(0).latency, response: { ...latency, p99: shown(4810, true) } } },
      / >4,810 /,
    ],
    ['no lag', { lag: { ...viewAt(0).lag, totalMessages: null } }, / - +01:02$/],
    ['a great lag', { lag: { ...viewAt(0).lag, totalMessages: 123_456_789 } }, / 123M /],
    [
      'a run that only consumes: what was read',
      { plan: { ...viewAt(0).plan, mode: 'consume-only' }, targetRate: 0, ackedRate: 0, consumedRate: 1_230_000 },
      / 0\/s 1\.23 M\/s /,
    ],
  ])('%s', (_what, changes, expected) => {
    expect(viewLine(viewAt(12_000, changes), 12_000)).toMatch(expected);
  });

  test('calls it read where nothing is sent', () => {
    const state = sampleState();
    const plan = { ...state.plan, plan: { ...state.plan.plan, mode: 'consume-only' as const } };
    expect(headerLines(buildStart({ ...state, plan })).at(-1)).toContain('  read ');
    const closing = closingLines(sampleDocument({ plan }));
    expect(closing.some((line) => line.startsWith('read '))).toBe(true);
    expect(closing.some((line) => line.startsWith('acked '))).toBe(false);
  });

  test('never exceeds 80 columns', () => {
    const huge = shown(3_599_999, true);
    const line = viewLine(
      viewAt(99 * 3_600_000, {
        phaseLeftMs: 200 * 3_600_000,
        targetRate: 99_949,
        ackedRate: 1.2e9,
        ackedBytesRate: 99_999 * 1_048_576,
        latency: { ...viewAt(0).latency, response: { p50: huge, p99: huge, p999: huge } },
        lag: { ...viewAt(0).lag, totalMessages: 99_999_000 },
      }),
      99 * 3_600_000,
    );
    expect(line.length).toBeLessThanOrEqual(80);
  });
});

test.each([
  [0, 1000],
  [999, 1000],
  [1000, 2000],
  [59_990, 60_000],
  [60_000, 70_000],
  [61_000, 70_000],
])('after %d ms the next line comes at %d ms', (elapsedMs, expected) => {
  expect(nextLineAfter(elapsedMs)).toBe(expected);
});

test('one line a second for a minute, then one in ten', async () => {
  const { lines, stream } = capture();
  const sink = createLinesSink(stream, { ascii: false, onClosed: () => undefined });
  sink.start?.(buildStart(sampleState()));
  const header = lines().length;
  for (let elapsedMs = 0; elapsedMs < 120_000; elapsedMs += 250) tick(sink, viewAt(elapsedMs));
  await sink.close();
  expect(lines().length - header).toBe(60 + 6);
});

test('connecting and done views give no line', () => {
  const { lines, stream } = capture();
  const sink = createLinesSink(stream, { ascii: false, onClosed: () => undefined });
  tick(sink, viewAt(100));
  sink.start?.(buildStart(sampleState()));
  const header = lines().length;
  tick(sink, viewAt(200, { phase: 'connecting' }));
  tick(sink, viewAt(5000, { phase: 'done' }));
  expect(lines()).toHaveLength(header);
});

test('events stand on lines of their own, bad news is marked', () => {
  expect(eventLines(event, 12_000)).toEqual(['   00:12 * linger 0 ms → 5 ms']);
  expect(eventLines({ ...event, outcome: 'p99 2.1 → 3.97 ms' }, 12_000)[0]).toMatch(/5 ms: p99 2\.1/);
  for (const type of ['error', 'disconnect', 'abort'] as const) {
    expect(eventLines({ ...event, type }, 0)[0]).toMatch(/^ +00:00 ! /);
  }
});

test('a long event is wrapped, never cut', () => {
  const message = `broker 1 went away\n  ${'because of this and that '.repeat(10)}`.trimEnd();
  const lines = eventLines({ ...event, message }, 0);
  expect(lines.length).toBeGreaterThan(2);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(message.replaceAll(/\s+/g, ' '));
});

test('SANDBOX stands in the first line and the last, even with an event before the start', async () => {
  const { lines, stream } = capture();
  const sink = createLinesSink(stream, { ascii: true, onClosed: () => undefined });
  sink.event?.(event);
  expect(lines()).toEqual([]);
  sink.start?.(buildStart(sandboxState));
  tick(sink, viewAt(1000));
  sink.summary?.(sampleDocument(sandboxState));
  await sink.close();
  expect(lines()[0]).toContain('SANDBOX');
  expect(lines().at(-1)).toContain('SANDBOX');
  expect(lines().join('\n')).toContain('linger 0 ms -> 5 ms');
  expect(lines().join('\n')).toMatch(/^[\n\x20-\x7e]*$/);
});

test('without a sandbox nothing says so, and the verdict is last', () => {
  const lines = closingLines(sampleDocument());
  expect(lines.join('\n')).not.toContain('SANDBOX');
  expect(lines.at(-1)).toBe('exit 0: done');
  expect(lines).toContain('response.p99<10ms held');
});

test('a codec is told with what it did, in ASCII too', () => {
  const epochs = sandboxState.epochs.map((epoch) => ({
    ...epoch,
    knobs: { compression: { requested: 'lz4', applied: 'lz4' } as const },
  }));
  const totals = { ...sampleTotals, wireBytesSent: 150_000, compressionRatio: 2.2 };
  const lines = closingLines(sampleDocument({ epochs, totals }), (text) => text.replaceAll('×', 'x'));
  expect(lines.join(' ')).toContain('compressed 2.2x (lz4): 107 KiB/s of messages are 48.8 KiB/s on the wire');
});

test('what happened before a start that never came is not lost', async () => {
  const { lines, stream } = capture();
  const sink = createLinesSink(stream, { ascii: false, onClosed: () => undefined });
  sink.event?.({ ...event, type: 'error', message: 'no broker answers' });
  await sink.close();
  expect(lines()).toEqual(['   00:00 ! no broker answers']);
});

test('all that is written fits 80 columns, whatever the names', async () => {
  const { lines, stream } = capture();
  const sink = createLinesSink(stream, { ascii: false, onClosed: () => undefined });
  const topics = sandboxState.cluster.topics.map((topic) => ({ ...topic, name: 't'.repeat(249) }));
  const state = { ...sandboxState, cluster: { ...sandboxState.cluster, topics } };
  sink.start?.(buildStart(state));
  sink.event?.({ ...event, message: 'x'.repeat(300) });
  sink.summary?.(sampleDocument(state));
  await sink.close();
  expect(Math.max(...lines().map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('a reader that went away is told once and nothing throws', async () => {
  const { break: breakIt, stream } = capture();
  const onClosed = vi.fn();
  const sink = createLinesSink(stream, { ascii: false, onClosed });
  sink.start?.(buildStart(sampleState()));
  breakIt();
  for (let second = 0; second < 5; second++) tick(sink, viewAt(second * 1000));
  await vi.waitFor(() => expect(onClosed).toHaveBeenCalled());
  sink.event?.(event);
  sink.summary?.(sampleDocument());
  await sink.close();
  expect(onClosed).toHaveBeenCalledTimes(1);
});
